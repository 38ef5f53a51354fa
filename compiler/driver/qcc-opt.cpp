// qcc-opt: runs any pass alone on textual IR, for tests and for the curious.
#include "dialects/qnn/QnnDialect.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::registerTransformsPasses();
  mlir::DialectRegistry registry;
  qcc::qnn::registerDialects(registry);
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "qcc's pass driver\n", registry));
}
