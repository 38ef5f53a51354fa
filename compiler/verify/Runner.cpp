#include "compiler/verify/Runner.h"

#include "compiler/target/Target.h"
#include "compiler/verify/Execution.h"
#include "compiler/verify/ObjectInfo.h"
#include "compiler/verify/Process.h"

#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace mlir;
using namespace qcc;

int64_t qcc::packedBytes(RankedTensorType type) { return qnn::getFormat(type).getPackedBytes(type.getNumElements()); }

int64_t qcc::guardBytes(const ModelBinary &model) { return std::max<int64_t>(64, model.arenaAlign); }

std::vector<ModelBinary::Memory> qcc::memoriesOf(const ModelBinary &model) {
  return model.memories.empty() ? std::vector<ModelBinary::Memory>{{"arena", model.arenaBytes}} : model.memories;
}

LogicalResult qcc::statusError(Location loc, const ModelBinary &model, int64_t sample, int status) {
  return emitError(loc) << "'" << model.name << "_run' returned status " << status << " for sample " << sample;
}

LogicalResult qcc::guardError(Location loc, const ModelBinary &model, int64_t sample, size_t buffer) {
  InFlightDiagnostic diagnostic = emitError(loc) << "'" << model.name << "_run' wrote outside of ";
  if (buffer < model.inputs.size())
    diagnostic << "its memory, at input " << buffer << " of " << packedBytes(model.inputs[buffer]) << " bytes";
  else if (buffer -= model.inputs.size(); buffer < model.outputs.size())
    diagnostic << "output " << buffer << " of " << packedBytes(model.outputs[buffer]) << " bytes";
  else if (buffer -= model.outputs.size(); buffer == memoriesOf(model).size())
    diagnostic << "its state of " << model.stateBytes << " bytes";
  else if (model.memories.empty())
    diagnostic << "its arena of " << model.arenaBytes << " bytes";
  else
    diagnostic << "its memory '" << model.memories[buffer].name << "' of " << model.memories[buffer].bytes << " bytes";
  return diagnostic << " for sample " << sample;
}

// ---- Which targets run here -------------------------------------------------

SmallVector<StringRef> qcc::x86FeaturesOf(const target::Target &target) {
  SmallVector<StringRef> features;
  llvm::X86::getFeaturesForCPU(target.cpu, features);
  for (StringRef feature : llvm::split(target.features, ','))
    if (feature.consume_front("+"))
      features.push_back(feature);
  return features;
}

/// The first feature of an x86 target that this machine lacks, or nothing.
static std::optional<std::string> missingX86Feature(const target::Target &target) {
  llvm::StringMap<bool> host = target::hostFeatures();
  for (StringRef feature : x86FeaturesOf(target))
    // Features that the detection does not know (x87, 64bit) are not in the map.
    if (auto found = host.find(feature); found != host.end() && !found->second)
      return feature.str();
  return std::nullopt;
}

static std::optional<std::string> whyNotOnHost(const target::Target &target) {
  llvm::Triple host(llvm::sys::getProcessTriple());
  if (!host.isX86())
    return llvm::formatv("target '{0}' needs an x86-64 machine, but this is {1}", target.name, host.getArchName())
        .str();
  if (std::optional<std::string> feature = missingX86Feature(target))
    return llvm::formatv("target '{0}' needs the CPU feature {1}, which this machine ({2}) lacks", target.name,
                         *feature, llvm::sys::getHostCPUName())
        .str();
  return std::nullopt;
}

/// Of several versions, one is enough.
static std::optional<std::string> whyNoVersionOnHost(StringRef names) {
  SmallVector<const target::Target *> versions;
  std::string error;
  if (!target::findVersions(names, versions, error))
    return error;
  std::optional<std::string> reason;
  for (const target::Target *version : llvm::reverse(versions))
    if (reason = whyNotOnHost(*version); !reason)
      return std::nullopt;
  return reason;
}

std::optional<std::string> qcc::whyNotRunnable(StringRef target) {
  if (target == "host")
    return std::nullopt;
  if (target::areSeveral(target))
    return whyNoVersionOnHost(target);
  if (const target::Target *found = target::findTarget(target); found && llvm::Triple(found->triple).isX86())
    return whyNotOnHost(*found);
  const Board *board = findBoard(target);
  if (!board)
    return llvm::formatv("there is no way to run objects for target '{0}'", target).str();
  for (Tool tool : {board->compiler, board->emulator})
    if (!haveTool(tool))
      return llvm::formatv("target '{0}' needs the program '{1}' (Debian package {2})", target, tool.program,
                           tool.package)
          .str();
  return std::nullopt;
}

bool qcc::countsInstructions(StringRef target) {
  const Board *board = findBoard(target);
  return board && board->measure == Board::Measure::Instructions;
}

std::vector<std::string> qcc::emulatedTargets() {
  std::vector<std::string> names;
  for (const Board &board : boards())
    names.push_back(board.target.str());
  return names;
}

// ---- Running ----------------------------------------------------------------

static LogicalResult checkSamples(Location loc, const ModelBinary &model, Samples samples) {
  for (auto [index, sample] : llvm::enumerate(samples)) {
    if (sample.size() != model.inputs.size())
      return emitError(loc) << "expects " << model.inputs.size() << " inputs for '" << model.name << "', but sample "
                            << index << " has " << sample.size();
    for (auto [input, tensor] : llvm::enumerate(sample))
      if (int64_t expected = packedBytes(model.inputs[input]); int64_t(tensor.bytes.size()) != expected)
        return emitError(loc) << "expects " << expected << " bytes for input " << input << " of '" << model.name
                              << "', but sample " << index << " has " << tensor.bytes.size();
  }
  return success();
}

FailureOr<Outputs> qcc::runModel(MLIRContext *context, const ModelBinary &model, Samples samples,
                                 const RunOptions &options, RunStatistics *statistics) {
  Location loc = UnknownLoc::get(context);
  if (std::optional<std::string> reason = whyNotRunnable(model.target))
    return emitError(loc) << *reason;
  if (failed(checkSamples(loc, model, samples)))
    return failure();
  RunStatistics unused;
  RunStatistics &result = statistics ? *statistics : unused;
  FailureOr<ObjectInfo> info = readObjectInfo(loc, model.object);
  if (failed(info))
    return failure();
  result.textBytes = info->bytes(ObjectSection::Kind::Text);
  result.rodataBytes = info->bytes(ObjectSection::Kind::Rodata);
  result.weightBytes = info->bytes(ObjectSection::Kind::Weights);
  if (const Board *board = findBoard(model.target))
    return runEmulated(loc, *board, model, samples, options, result);
  if (llvm::Triple host(llvm::sys::getProcessTriple()); info->arch != host.getArch())
    return emitError(loc) << "expects an object for " << host.getArchName() << " to run '" << model.name
                          << "' on this machine, but it is for " << llvm::Triple::getArchTypeName(info->arch);
  return runOnHost(loc, model, samples, options, result);
}
