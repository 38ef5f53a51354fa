// What the runtime says of this CPU is what LLVM says.
#include "catch2/catch.hpp"
#include "compiler/target/Target.h"
#include "compiler/verify/Runner.h"
#include "qcc/runtime.h"

using namespace qcc;

TEST_CASE("the CPU has the features of exactly the targets that can be run") {
  uint32_t features = qcc_cpu_features();
  CHECK(features == qcc_cpu_features());
  for (const target::Target &target : target::allTargets()) {
    if (!target.cpuFeatures)
      continue;
    INFO(target.name.str());
    bool areThere = (features & *target.cpuFeatures) == *target.cpuFeatures;
    CHECK(areThere == !whyNotRunnable(target.name));
  }
}
