// Models of the tree and, where they are, of ../shared/models, compiled for a target.
#ifndef QCC_TEST_UNIT_EMIT_TESTMODELS_H
#define QCC_TEST_UNIT_EMIT_TESTMODELS_H

#include "catch2/catch.hpp"
#include "compiler/emit/Compile.h"
#include "compiler/pipeline/LoadModel.h"
#include "compiler/pipeline/Samples.h"
#include "compiler/verify/Runner.h"
#include "dialects/qk/QkOps.h"
#include "test/unit/DiagnosticText.h"
#include "llvm/Support/FileSystem.h"

namespace qcc::test {

inline std::string inTree(llvm::StringRef path) { return (llvm::Twine(QCC_ROOT) + "/" + path).str(); }

/// Those of the paths that exist; a line says which do not.
inline std::vector<std::string> existing(llvm::ArrayRef<llvm::StringRef> paths) {
  std::vector<std::string> result;
  for (llvm::StringRef path : paths) {
    if (llvm::sys::fs::exists(inTree(path)))
      result.push_back(inTree(path));
    else
      WARN("skipped: no " << path.str());
  }
  return result;
}

/// The int8 models: two of the tree, the others beside it.
inline std::vector<std::string> integerModels() {
  return existing({"test/unit/emit/convolutions.mlir", "test/unit/emit/rows.mlir",
                   "../shared/models/mlperf_tiny/ad01_int8.tflite", "../shared/models/mlperf_tiny/kws_ref_model.tflite",
                   "../shared/models/mlperf_tiny/pretrainedResnet_quant.tflite",
                   "../shared/models/mlperf_tiny/str_ww_ref_model.tflite",
                   "../shared/models/mlperf_tiny/vww_96_int8.tflite", "../shared/models/tflm/hello_world_int8.tflite",
                   "../shared/models/tflm/micro_speech_quantized.tflite",
                   "../shared/models/tflm/person_detect.tflite"});
}

/// Those that compute with f32, at least at their ends.
inline std::vector<std::string> floatModels() {
  return existing({"test/unit/emit/floats.mlir", "../shared/models/tinyengine/ptq_mnist_lenet-300-100.tflite",
                   "../shared/models/tflm/hello_world_float.tflite"});
}

/// A model from its file to its object.
struct CompiledModel {
  CompiledModel(llvm::StringRef path, llvm::StringRef target, std::optional<RoundingProfile> rounding = std::nullopt) {
    INFO(path.str() << " for " << target.str());
    mlir::DialectRegistry registry;
    qnn::registerDialects(registry);
    qk::registerDialect(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    DiagnosticText diagnostics(&context);
    LoadOptions load;
    load.rounding = rounding;
    load.modelName = "net";
    auto loaded = loadModel(context, path, load);
    INFO(diagnostics.take());
    REQUIRE(succeeded(loaded));
    mlir::func::FuncOp model = *findModel(*loaded->module);
    inputs = modelInputs(model);
    outputs = modelOutputs(model);
    CompileOptions options;
    options.target = target.str();
    options.modelName = "net";
    auto compiled = compileModel(*loaded->module, options, Emit::Object);
    INFO(diagnostics.take());
    REQUIRE(succeeded(compiled));
    result = std::move(*compiled);
    binary.name = "net";
    binary.object = result.object;
    binary.target = target.str();
    binary.arenaBytes = result.report.arenaBytes;
    binary.arenaAlign = result.report.arenaAlign;
    for (const ModelPort &port : inputs)
      binary.inputs.push_back(port.type);
    for (const ModelPort &port : outputs)
      binary.outputs.push_back(port.type);
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  std::vector<ModelPort> inputs, outputs;
  CompileResult result;
  ModelBinary binary;
};

} // namespace qcc::test

#endif // QCC_TEST_UNIT_EMIT_TESTMODELS_H
