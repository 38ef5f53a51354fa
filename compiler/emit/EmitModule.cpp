#include "compiler/emit/EmitModule.h"

#include "compiler/emit/Header.h"
#include "compiler/emit/LargeConstants.h"
#include "compiler/emit/ObjectWriter.h"
#include "compiler/verify/ObjectInfo.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace qcc;

static std::vector<char> bitcodeOf(const llvm::Module &module) {
  llvm::SmallVector<char> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::WriteBitcodeToFile(module, stream);
  return {bytes.begin(), bytes.end()};
}

/// The object, with the figures and the header that only it can tell.
static LogicalResult emitObject(Location loc, ObjectWriter &writer, llvm::Module &module,
                                const LargeConstants &constants, bool profile, CompileResult &result) {
  ModelReport &report = result.report;
  result.object = writer.object(module);
  FailureOr<ObjectInfo> info = readObjectInfo(loc, result.object);
  if (failed(info) || failed(constants.write(loc, module, result.object)))
    return failure();
  report.textBytes = info->bytes(ObjectSection::Kind::Text);
  report.rodataBytes = info->bytes(ObjectSection::Kind::Rodata) + info->bytes(ObjectSection::Kind::Weights);
  report.stackBytes = writer.stackBytes(report.name + "_run", info->undefinedSymbols);
  result.header = writeHeader(report, writer.getTarget(), result.hash, profile);
  return success();
}

LogicalResult qcc::emitModule(Location loc, ObjectWriter &writer, llvm::Module &module, const LargeConstants &constants,
                              const CompileOptions &options, Emit what, CompileResult &result) {
  // What makes assembly changes the module.
  if (what == Emit::Bitcode)
    result.object = bitcodeOf(module);
  if (what == Emit::LLVM || options.saveTemps) {
    llvm::raw_string_ostream stream(result.llvmIR);
    module.print(stream, nullptr);
  }
  if (what == Emit::Assembly || options.saveTemps)
    result.assembly = writer.assembly(module);
  if (options.saveTemps) {
    result.temporaries.emplace_back(".ll", result.llvmIR);
    result.temporaries.emplace_back(".s", result.assembly);
  }
  if (isObject(what) && failed(emitObject(loc, writer, module, constants, options.profile, result)))
    return failure();
  if (options.consumeConstants)
    constants.release(loc.getContext());
  if (what == Emit::Library)
    return archiveObject(loc, result.report.name + ".o", result.object);
  return success();
}
