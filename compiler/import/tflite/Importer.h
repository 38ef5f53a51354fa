// What the importers of the single operators share: types, constants, values by tensor, and errors with a place.
#ifndef QCC_COMPILER_IMPORT_TFLITE_IMPORTER_H
#define QCC_COMPILER_IMPORT_TFLITE_IMPORTER_H

#include "compiler/import/tflite/Graph.h"
#include "compiler/import/tflite/RoundingTable.h"
#include "dialects/qnn/QnnOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

#include <map>
#include <optional>

namespace qcc::tflite {

class OperatorImport;

/// The importer of one kind of operator.
using OperatorImporter = mlir::LogicalResult (*)(OperatorImport &);

/// Builds the function of one graph.
class Importer {
public:
  Importer(mlir::OpBuilder &builder, Graph graph, RoundingProfile rounding, mlir::Location fileLocation,
           size_t fileBytes);

  mlir::LogicalResult run(mlir::ModuleOp module, llvm::StringRef modelName);

private:
  friend class OperatorImport;

  /// How a constant is read.
  enum class Reading { AsIs, Filter, Bias, Dequantized };

  mlir::Location locationOf(const Tensor &tensor) const;
  mlir::InFlightDiagnostic error(const Tensor &tensor) const { return mlir::emitError(locationOf(tensor)); }

  /// The format of a tensor's elements; channel parameters lie on `channelAxis` (-1: there may be none).
  mlir::Type elementType(const Tensor &tensor, int64_t channelAxis = -1);
  mlir::RankedTensorType typeOf(const Tensor &tensor);
  /// True for a tensor of packed bits, which only custom operators read; its value has the unpacked shape.
  bool isBits(int32_t index) const;
  /// The value of a tensor, made if it is a constant that was not read so before; null after an error.
  mlir::Value value(int32_t index, Reading reading = Reading::AsIs, int64_t channelAxis = -1);
  mlir::LogicalResult spendOnConstant(const Tensor &tensor, uint64_t bytes);
  mlir::Value makeConstant(const Tensor &tensor, mlir::RankedTensorType type, std::vector<char> bytes);
  mlir::Value makeConstant(const Tensor &tensor, Reading reading, int64_t channelAxis);
  void warnOfDimension(const Tensor &tensor, int64_t channelAxis);
  mlir::func::FuncOp makeFunction(mlir::ModuleOp module, llvm::StringRef modelName);

  mlir::OpBuilder &builder;
  Graph graph;
  RoundingProfile rounding;
  mlir::Location fileLocation;
  uint64_t constantBudget; ///< bytes that constants may still take: many tensors can share one buffer of the file
  std::vector<mlir::Value> values;
  std::map<std::tuple<int32_t, Reading, int64_t>, mlir::Value> constants;
  bool warnedOfDimension = false;
};

/// One operator on its way into qnn.
class OperatorImport {
public:
  OperatorImport(Importer &importer, const Operator &op, size_t index);

  /// Finds the operator's importer in the table and runs it.
  mlir::LogicalResult run();

  mlir::OpBuilder &builder;
  const mlir::Location location; ///< named after the first result

  mlir::InFlightDiagnostic error() const;

  /// Fails unless the operator has `least` to `most` inputs (optional ones included) and `outputs` outputs (-1: any).
  mlir::LogicalResult expectOperands(size_t least, size_t most, int64_t outputs = 1) const;
  bool hasInput(size_t i) const { return i < op.inputs.size() && op.inputs[i] >= 0; }
  size_t inputCount() const { return op.inputs.size(); }
  size_t outputCount() const { return op.outputs.size(); }
  const Tensor &inputTensor(size_t i) const { return importer.graph.tensors[op.inputs[i]]; }
  const Tensor &outputTensor(size_t i = 0) const { return importer.graph.tensors[op.outputs[i]]; }

  /// An input as it is; null after an error.
  mlir::Value input(size_t i) { return importer.value(op.inputs[i]); }
  /// A weight with channels on `channelAxis`: for a float `data` operand (dynamic range quantisation) dequantised.
  mlir::Value filter(size_t i, int64_t channelAxis, mlir::Value data);
  /// The bias of a contraction (null value if there is none), or failure; checks the scale it was made for.
  mlir::FailureOr<mlir::Value> bias(size_t i, mlir::Value data, mlir::Value filter);
  /// A constant in the place of input `i`, whose name it takes; null if it makes the model's constants too large.
  mlir::Value constant(size_t i, mlir::RankedTensorType type, std::vector<char> bytes);
  /// A constant of indices (INT32 or INT64), or failure after an error.
  mlir::FailureOr<llvm::SmallVector<int64_t>> indices(size_t i, llvm::StringRef what);
  /// One axis from a constant or option, negative ones counted from the end.
  mlir::FailureOr<int64_t> axis(int64_t value, int64_t rank);

  /// The declared type of an output; null after an error.
  mlir::RankedTensorType resultType(size_t i = 0) { return importer.typeOf(outputTensor(i)); }
  void define(size_t i, mlir::Value value) { importer.values[op.outputs[i]] = value; }
  /// Defines output 0 after a reshape if `value` has another shape.
  mlir::LogicalResult defineReshaped(mlir::Value value, mlir::RankedTensorType type);
  /// `value` in the element type `element`, requantised if it has another.
  mlir::Value inFormat(mlir::Value value, mlir::Type element);

  qnn::RescaleAttr rescale(RoundedOperator kind) const {
    return rescaleFor(builder.getContext(), importer.rounding, kind);
  }
  mlir::FailureOr<qnn::Activation> activation(schema::ActivationFunctionType type) const;

  /// The operator's options, which must be there; null after an error.
  template <typename T> const T *options(llvm::StringRef name) const {
    const T *result = op.options->builtin_options_as<T>();
    if (!result)
      error() << "expects the options " << name << ", but has none or others";
    return result;
  }
  /// The operator's options, or null where all have their default values.
  template <typename T> const T *optionsIfAny() const { return op.options->builtin_options_as<T>(); }

  llvm::ArrayRef<uint8_t> customOptions() const;

  schema::BuiltinOperator code() const { return op.code; }

private:
  mlir::LogicalResult expectNoBits() const;

  Importer &importer;
  const Operator &op;
  size_t index;
};

mlir::LogicalResult importConv2d(OperatorImport &op);
mlir::LogicalResult importDepthwiseConv2d(OperatorImport &op);
mlir::LogicalResult importFullyConnected(OperatorImport &op);
mlir::LogicalResult importBatchMatmul(OperatorImport &op);
mlir::LogicalResult importPool2d(OperatorImport &op);

mlir::LogicalResult importBinary(OperatorImport &op);
mlir::LogicalResult importRelu(OperatorImport &op);
mlir::LogicalResult importLeakyRelu(OperatorImport &op);
mlir::LogicalResult importUnary(OperatorImport &op);
mlir::LogicalResult importSoftmax(OperatorImport &op);
mlir::LogicalResult importMean(OperatorImport &op);
mlir::LogicalResult importArgmax(OperatorImport &op);
mlir::LogicalResult importQuantize(OperatorImport &op);
mlir::LogicalResult importDequantize(OperatorImport &op);

mlir::LogicalResult importLceQuantize(OperatorImport &op);
mlir::LogicalResult importLceDequantize(OperatorImport &op);
mlir::LogicalResult importLceConv2d(OperatorImport &op);
mlir::LogicalResult importLceMaxPool2d(OperatorImport &op);

mlir::LogicalResult importReshape(OperatorImport &op);
mlir::LogicalResult importTranspose(OperatorImport &op);
mlir::LogicalResult importPad(OperatorImport &op);
mlir::LogicalResult importConcatenation(OperatorImport &op);
mlir::LogicalResult importSlice(OperatorImport &op);
mlir::LogicalResult importStridedSlice(OperatorImport &op);
mlir::LogicalResult importSplit(OperatorImport &op);
mlir::LogicalResult importPack(OperatorImport &op);
mlir::LogicalResult importUnpack(OperatorImport &op);
mlir::LogicalResult importResizeNearest(OperatorImport &op);

} // namespace qcc::tflite

#endif // QCC_COMPILER_IMPORT_TFLITE_IMPORTER_H
