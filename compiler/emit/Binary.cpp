#include "compiler/emit/Binary.h"

#include "runtime/include/qcc/runtime.h"

using namespace mlir;
using namespace qcc;

static std::vector<RankedTensorType> typesOf(ArrayRef<TensorReport> tensors) {
  std::vector<RankedTensorType> types;
  for (const TensorReport &tensor : tensors)
    types.push_back(RankedTensorType::get(tensor.shape, tensor.elementType));
  return types;
}

const VersionReport *qcc::chooseVersion(const ModelReport &report, uint32_t cpuFeatures) {
  auto isRunnable = [&](const VersionReport &version) {
    return (cpuFeatures & version.cpuFeatures) == version.cpuFeatures;
  };
  auto found = llvm::find_if(llvm::reverse(report.versions), isRunnable);
  return found == report.versions.rend() ? nullptr : &*found;
}

ModelBinary qcc::makeBinary(const CompileResult &result, const CompileOptions &options) {
  ModelBinary binary;
  binary.name = result.report.name;
  binary.object = result.object;
  binary.inputs = typesOf(result.report.inputs);
  binary.outputs = typesOf(result.report.outputs);
  binary.arenaBytes = result.report.arenaBytes;
  binary.arenaAlign = result.report.arenaAlign;
  for (const MemoryReport &memory : result.report.memories)
    binary.memories.push_back({memory.name, memory.bytes});
  binary.stateBytes = std::max<int64_t>(result.report.stateBytes, 0);
  binary.target = options.target;
  binary.threads = options.split.threads;
  const VersionReport *version = chooseVersion(result.report, qcc_cpu_features());
  if (options.profile)
    binary.profiledKernels = (version ? version->kernels : result.report.kernels).size();
  return binary;
}
