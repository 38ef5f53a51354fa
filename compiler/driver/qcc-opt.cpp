// qcc-opt: runs any pass alone on textual IR, for tests and for the curious.
#include "compiler/algorithm/Passes.h"
#include "compiler/codegen/Passes.h"
#include "compiler/compress/Passes.h"
#include "compiler/layout/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/quantize/Passes.h"
#include "compiler/tiling/Passes.h"
#include "dialects/qk/QkOps.h"
#include "dialects/qnn/QnnDialect.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::registerTransformsPasses();
  qcc::algorithm::registerPasses();
  qcc::compress::registerPasses();
  qcc::quantize::registerQuantizePasses();
  qcc::layout::registerPasses();
  qcc::tiling::registerPasses();
  qcc::memory::registerPasses();
  qcc::codegen::registerPasses();
  mlir::DialectRegistry registry;
  qcc::qk::registerDialect(registry);
  registry.insert<mlir::cf::ControlFlowDialect, mlir::LLVM::LLVMDialect, mlir::scf::SCFDialect>();
  qcc::qnn::registerDialects(registry);
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "qcc's pass driver\n", registry));
}
