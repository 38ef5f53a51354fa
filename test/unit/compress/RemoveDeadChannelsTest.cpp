// qnn-remove-dead-channels on random models: in the interpreter, every result stays the same, bit for bit.
#include "../random_graphs/RandomGraph.h"
#include "compiler/compress/Passes.h"
#include "compiler/interpret/Interpreter.h"
#include "compiler/pipeline/ModelReport.h"
#include "compiler/pipeline/Samples.h"
#include "mlir/IR/Verifier.h"

#include "catch2/catch.hpp"

using namespace mlir;
using namespace qcc;

namespace {
/// A random model with filters whose channels are zero, half of them.
class Model {
public:
  explicit Model(uint64_t seed) {
    DialectRegistry registry;
    qnn::registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    context.disableMultithreading();
    module = RandomGraph(&context, seed, /*deadPercent=*/50).build(/*maxOperators=*/20);
  }

  std::string text() {
    std::string result;
    llvm::raw_string_ostream stream(result);
    module->print(stream);
    return result;
  }
  int64_t macs() { return describeModel(*findModel(*module)).totals.macs; }
  std::vector<std::vector<HostTensor>> run(const Samples &samples) {
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(*findModel(*module));
    REQUIRE(succeeded(interpreter));
    std::vector<std::vector<HostTensor>> results;
    for (const std::vector<HostTensor> &sample : samples)
      results.push_back(*interpreter->run(sample));
    return results;
  }
  void removeDeadChannels() {
    PassManager passes(&context);
    passes.addNestedPass<func::FuncOp>(compress::createRemoveDeadChannelsPass());
    REQUIRE(succeeded(passes.run(*module)));
  }
  Samples drawSamples(uint64_t seed) { return makeRandomSamples(modelInputs(*findModel(*module)), 6, seed); }

private:
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};
} // namespace

TEST_CASE("random models give the same results without their dead channels") {
  constexpr int64_t models = 400;
  int64_t smaller = 0;
  for (uint64_t seed = 1; seed <= models; ++seed) {
    Model model(seed);
    std::string original = model.text();
    Samples samples = model.drawSamples(seed);
    auto expected = model.run(samples);
    int64_t macs = model.macs();
    model.removeDeadChannels();
    smaller += model.macs() < macs;
    auto got = model.run(samples);
    for (size_t sample = 0; sample < samples.size(); ++sample)
      for (size_t output = 0; output < expected[sample].size(); ++output) {
        INFO("seed " << seed << ", output " << output << " of\n" << original << "\nbecame\n" << model.text());
        REQUIRE(got[sample][output].type == expected[sample][output].type);
        REQUIRE(got[sample][output].bytes == expected[sample][output].bytes);
      }
  }
  CHECK(smaller > models / 3);
}
