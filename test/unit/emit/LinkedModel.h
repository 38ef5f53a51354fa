// An object that is linked into this process by a linker that a test can look into.
#ifndef QCC_TEST_UNIT_EMIT_LINKEDMODEL_H
#define QCC_TEST_UNIT_EMIT_LINKEDMODEL_H

#include "runtime/include/qcc/runtime.h"
#include "test/unit/emit/TestModels.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"

#include <cstring>

namespace qcc::test {

using RunFunction = int (*)(const void *const *inputs, void *const *outputs, void *arena);

/// The object, linked once into this process; `cpuFeatures` tells it what the CPU can do.
class LinkedModel {
public:
  explicit LinkedModel(const ModelBinary &binary, uint32_t (*cpuFeatures)() = &qcc_cpu_features) {
    using namespace llvm::orc;
    llvm::InitializeNativeTarget();
    jit = llvm::cantFail(
        LLJITBuilder().setLinkProcessSymbolsByDefault(false).setPlatformSetUp(setUpInactivePlatform).create());
    SymbolMap provided;
    provided[jit->mangleAndIntern("memcpy")] = ExecutorSymbolDef::fromPtr(&std::memcpy);
    provided[jit->mangleAndIntern("memset")] = ExecutorSymbolDef::fromPtr(&std::memset);
    provided[jit->mangleAndIntern("qcc_cpu_features")] = ExecutorSymbolDef::fromPtr(cpuFeatures);
    llvm::cantFail(jit->getMainJITDylib().define(absoluteSymbols(std::move(provided))));
    llvm::StringRef bytes(binary.object.data(), binary.object.size());
    llvm::cantFail(jit->addObjectFile(llvm::MemoryBuffer::getMemBuffer(bytes, "net", false)));
    run = llvm::cantFail(jit->lookup("net_run")).toPtr<RunFunction>();
  }

  std::unique_ptr<llvm::orc::LLJIT> jit;
  RunFunction run;
};

/// Runs all samples `times` times in an arena of its own; the outputs of the last round.
inline Samples runAll(RunFunction run, const ModelBinary &binary, const Samples &samples, int times) {
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

inline bool equal(const Samples &a, const Samples &b) {
  return llvm::equal(a, b, [](const auto &x, const auto &y) {
    return llvm::equal(x, y, [](const HostTensor &s, const HostTensor &t) { return s.bytes == t.bytes; });
  });
}

} // namespace qcc::test

#endif // QCC_TEST_UNIT_EMIT_LINKEDMODEL_H
