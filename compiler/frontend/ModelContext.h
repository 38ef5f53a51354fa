// The model under construction: the IR, the weights, the names of the layers.
#ifndef QCC_COMPILER_FRONTEND_MODELCONTEXT_H
#define QCC_COMPILER_FRONTEND_MODELCONTEXT_H

#include "compiler/frontend/Datum.h"
#include "compiler/frontend/Source.h"
#include "compiler/import/weights/Arrays.h"
#include "dialects/qnn/QnnOps.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

namespace qcc::frontend {

/// What a layer asks of a stored tensor.
struct TensorRequest {
  std::string name;
  /// -1: any size.
  llvm::SmallVector<int64_t> shape;
  /// True: any rank and shape.
  bool isAnyShape = false;
  /// The axis of channel parameters, or -1.
  int64_t channelAxis = -1;
  /// The stored layout, for messages: "[filters, height, width, channels]".
  llvm::StringRef layout = "";
  /// The format that the call names, if any.
  const FormatSpec *format = nullptr;
};

class ModelContext {
public:
  ModelContext(const Source &source, mlir::OpBuilder &builder) : source(source), builder(builder) {}

  /// Adds the arrays of a file that the statement at `at` names.
  mlir::LogicalResult addWeights(Position at, llvm::StringRef file, std::vector<NamedArray> arrays);
  bool hasTensor(llvm::StringRef name) const { return arrays.contains(name); }

  /// The constant of a stored tensor, with its format and scales; one constant per tensor. Errors are at `at`.
  mlir::FailureOr<mlir::Value> getTensor(Position at, const TensorRequest &request);
  /// The constant of a stored f32 tensor, without formats.
  mlir::FailureOr<mlir::Value> getFloatTensor(Position at, const TensorRequest &request);
  /// An f32 constant of rank 0.
  mlir::Value makeScalar(mlir::Location loc, double value);

  /// Registers the name of a layer; an error if it is taken.
  mlir::LogicalResult addLayer(Position at, llvm::StringRef name);
  /// A name of the form `relu3` that is not taken, registered.
  std::string makeLayerName(llvm::StringRef op, Position at);
  const llvm::StringMap<Position> &getLayers() const { return layers; }
  /// The layers in the order of their calls.
  llvm::ArrayRef<std::string> getLayerNames() const { return layerNames; }

  /// Counts an operator; an error if the model has too many.
  mlir::LogicalResult countOperator(Position at);

  const Source &source;
  mlir::OpBuilder &builder;

private:
  mlir::FailureOr<NamedArray *> find(Position at, const TensorRequest &request);
  mlir::LogicalResult checkShape(Position at, const TensorRequest &request, const NamedArray &array);
  mlir::FailureOr<FormatSpec> completeFormat(Position at, const TensorRequest &request, const NamedArray &array);
  mlir::FailureOr<const NamedArray *> findParameter(Position at, const llvm::Twine &name);
  mlir::LogicalResult readScales(Position at, const TensorRequest &request, const NamedArray &array, FormatSpec &spec);
  mlir::LogicalResult checkCodes(Position at, const NamedArray &array, const FormatSpec &spec);
  mlir::FailureOr<mlir::Value> makeConstant(Position at, const TensorRequest &request, NamedArray &array,
                                            const FormatSpec &spec);

  struct StoredArray {
    NamedArray array;
    /// Once used, the array's bytes belong to this constant.
    mlir::Value constant = nullptr;
  };
  llvm::StringMap<StoredArray> arrays;
  std::vector<std::string> files;
  llvm::StringMap<Position> layers;
  std::vector<std::string> layerNames;
  llvm::StringMap<unsigned> nextIndex;
  unsigned operators = 0;
};

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_MODELCONTEXT_H
