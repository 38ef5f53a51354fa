// The stated stack is at least what runs take.
#include "test/unit/emit/TestModels.h"

using namespace qcc;
using namespace qcc::test;

TEST_CASE("no run takes more stack than the header states") {
  for (llvm::StringRef target :
       {"cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55", "rv32imc", "rv64gcv"}) {
    if (std::optional<std::string> reason = whyNotRunnable(target)) {
      WARN("skipped: " << *reason);
      continue;
    }
    std::vector<std::string> paths = integerModels();
    llvm::append_range(paths, floatModels());
    for (const std::string &path : paths) {
      INFO(path << " for " << target.str());
      CompiledModel model(path, target);
      RunStatistics statistics;
      auto outputs = runModel(&model.context, model.binary, makeRandomSamples(model.inputs, 1, 3), {}, &statistics);
      REQUIRE(succeeded(outputs));
      CHECK(statistics.stackBytes > 0);
      CHECK(statistics.stackBytes <= model.result.report.stackBytes);
      // A bound that says nothing is none.
      CHECK(model.result.report.stackBytes <= statistics.stackBytes + 512);
    }
  }
}
