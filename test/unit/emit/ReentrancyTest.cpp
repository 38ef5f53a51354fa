// One object, two threads, two arenas: the results are those of one thread.
#include "test/unit/emit/LinkedModel.h"

#include <thread>

using namespace qcc;
using namespace qcc::test;

TEST_CASE("an object runs in two threads at a time") {
  for (llvm::StringRef path :
       {"test/unit/emit/convolutions.mlir", "test/unit/emit/rows.mlir", "test/unit/emit/floats.mlir"}) {
    INFO(path.str());
    CompiledModel model(inTree(path), "host");
    LinkedModel linked(model.binary);
    Samples first = makeRandomSamples(model.inputs, 20, 1), second = makeRandomSamples(model.inputs, 20, 2);
    Samples expectedFirst = runAll(linked.run, model.binary, first, 1);
    Samples expectedSecond = runAll(linked.run, model.binary, second, 1);
    REQUIRE(expectedFirst.size() == first.size());
    REQUIRE(!equal(expectedFirst, expectedSecond));
    Samples actualFirst, actualSecond;
    std::thread other([&] { actualSecond = runAll(linked.run, model.binary, second, 300); });
    actualFirst = runAll(linked.run, model.binary, first, 300);
    other.join();
    CHECK(equal(actualFirst, expectedFirst));
    CHECK(equal(actualSecond, expectedSecond));
  }
}
