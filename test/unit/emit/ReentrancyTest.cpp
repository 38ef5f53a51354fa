// One object, two threads, two arenas: the results are those of one thread.
#include "test/unit/emit/TestModels.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"

#include <cstring>
#include <thread>

using namespace qcc;
using namespace qcc::test;

namespace {

using RunFunction = int (*)(const void *const *inputs, void *const *outputs, void *arena);

/// The object, linked once into this process.
class Linked {
public:
  explicit Linked(const ModelBinary &binary) {
    using namespace llvm::orc;
    llvm::InitializeNativeTarget();
    jit = llvm::cantFail(
        LLJITBuilder().setLinkProcessSymbolsByDefault(false).setPlatformSetUp(setUpInactivePlatform).create());
    SymbolMap provided;
    provided[jit->mangleAndIntern("memcpy")] = ExecutorSymbolDef::fromPtr(&std::memcpy);
    provided[jit->mangleAndIntern("memset")] = ExecutorSymbolDef::fromPtr(&std::memset);
    llvm::cantFail(jit->getMainJITDylib().define(absoluteSymbols(std::move(provided))));
    llvm::StringRef bytes(binary.object.data(), binary.object.size());
    llvm::cantFail(jit->addObjectFile(llvm::MemoryBuffer::getMemBuffer(bytes, "net", false)));
    run = llvm::cantFail(jit->lookup("net_run")).toPtr<RunFunction>();
  }

  std::unique_ptr<llvm::orc::LLJIT> jit;
  RunFunction run;
};

/// Runs all samples `times` times in an arena of its own; the outputs of the last round.
Samples runAll(RunFunction run, const ModelBinary &binary, const Samples &samples, int times) {
  std::vector<char> memory(binary.arenaBytes + binary.arenaAlign);
  auto address = reinterpret_cast<uintptr_t>(memory.data());
  void *arena = memory.data() + (llvm::alignTo(address, binary.arenaAlign) - address);
  Samples outputs(samples.size());
  for (int round = 0; round < times; ++round)
    for (size_t sample = 0; sample < samples.size(); ++sample) {
      std::vector<const void *> in;
      std::vector<void *> out;
      outputs[sample].clear();
      for (mlir::RankedTensorType type : binary.outputs)
        outputs[sample].emplace_back(type);
      for (HostTensor &tensor : outputs[sample])
        out.push_back(tensor.bytes.data());
      for (const HostTensor &tensor : samples[sample])
        in.push_back(tensor.bytes.data());
      if (run(in.data(), out.data(), arena) != 0)
        return {};
    }
  return outputs;
}

bool equal(const Samples &a, const Samples &b) {
  return llvm::equal(a, b, [](const auto &x, const auto &y) {
    return llvm::equal(x, y, [](const HostTensor &s, const HostTensor &t) { return s.bytes == t.bytes; });
  });
}

} // namespace

TEST_CASE("an object runs in two threads at a time") {
  for (llvm::StringRef path :
       {"test/unit/emit/convolutions.mlir", "test/unit/emit/rows.mlir", "test/unit/emit/floats.mlir"}) {
    INFO(path.str());
    CompiledModel model(inTree(path), "host");
    Linked linked(model.binary);
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
