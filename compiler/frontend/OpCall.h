// A call of an operator with its checked arguments: what the builders in the table of operators see.
#ifndef QCC_COMPILER_FRONTEND_OPCALL_H
#define QCC_COMPILER_FRONTEND_OPCALL_H

#include "compiler/frontend/ModelContext.h"
#include "compiler/frontend/Operators.h"

namespace qcc::frontend {

struct BoundArgument {
  Datum value;
  Position at = 0;
};

class OpCall {
public:
  /// `arguments` are one per parameter, of the parameter's kind or none.
  OpCall(const OpInfo &info, ModelContext &model, Position at, std::vector<BoundArgument> arguments)
      : info(info), model(model), at(at), arguments(std::move(arguments)) {}

  /// Registers the call's layer name, or makes one up.
  mlir::LogicalResult nameLayer();

  bool has(llvm::StringRef parameter) const { return !find(parameter).value.isNone(); }
  const Datum &get(llvm::StringRef parameter) const { return find(parameter).value; }
  Position position(llvm::StringRef parameter) const { return find(parameter).at; }
  /// Arguments of the kind that the table states; they must be there.
  mlir::Value tensor(llvm::StringRef parameter) const { return *get(parameter).getIf<mlir::Value>(); }
  /// Null if not given.
  mlir::Value optionalTensor(llvm::StringRef parameter) const;
  llvm::SmallVector<mlir::Value> tensors(llvm::StringRef parameter) const;
  int64_t integer(llvm::StringRef parameter) const { return *get(parameter).getIf<int64_t>(); }
  llvm::SmallVector<int64_t> integers(llvm::StringRef parameter) const { return *get(parameter).getIntegers(); }
  llvm::SmallVector<int64_t, 2> pair(llvm::StringRef parameter) const;
  double number(llvm::StringRef parameter) const { return *get(parameter).getNumber(); }
  bool flag(llvm::StringRef parameter) const { return *get(parameter).getIf<bool>(); }
  const std::string &word(llvm::StringRef parameter) const { return *get(parameter).getIf<std::string>(); }
  /// Null if not given.
  const FormatSpec *format(llvm::StringRef parameter) const { return get(parameter).getIf<FormatSpec>(); }

  /// An error at the call, or at one of its arguments; begins with the operator's name.
  mlir::InFlightDiagnostic error() const { return model.source.error(at) << info.name << ": "; }
  mlir::InFlightDiagnostic errorAt(llvm::StringRef parameter) const {
    return model.source.error(position(parameter)) << info.name << ": ";
  }
  const std::string &layer() const { return layerName; }
  /// The call's place, named as the layer.
  mlir::Location location() const;

  // What most builders need.
  qnn::Activation activation() const;
  qnn::RescaleAttr rescale() const;
  /// The stored tensor of this layer, e.g. `weight`.
  mlir::FailureOr<mlir::Value> layerTensor(llvm::StringRef suffix, llvm::ArrayRef<int64_t> shape) const;
  /// An axis from -rank to rank - 1, made positive.
  mlir::FailureOr<int64_t> axis(llvm::StringRef parameter, int64_t rank) const;
  /// The element type that a Format parameter names.
  mlir::FailureOr<mlir::Type> formatType(llvm::StringRef parameter) const;
  /// The result's element type: that of `out`, f32 for an f32 input, else `otherwise`, without which `out` is asked
  /// for.
  mlir::FailureOr<mlir::Type> resultFormat(mlir::Value input, mlir::Type otherwise = {}) const;
  /// A tensor type with the checks on sizes that all tensors of a model must pass.
  mlir::FailureOr<mlir::RankedTensorType> tensorType(llvm::ArrayRef<int64_t> shape, mlir::Type element) const;
  /// Verifies a new operator and returns its result, or the list of its results.
  mlir::FailureOr<Datum> finish(mlir::Operation *op, bool asList = false) const;

  const OpInfo &info;
  ModelContext &model;
  Position at;

private:
  const BoundArgument &find(llvm::StringRef parameter) const;
  std::vector<BoundArgument> arguments;
  std::string layerName;
};

mlir::Type elementOf(mlir::Value tensor);

// Builders, by family.
mlir::FailureOr<Datum> buildConv2d(OpCall &call);
mlir::FailureOr<Datum> buildDepthwise2d(OpCall &call);
mlir::FailureOr<Datum> buildDense(OpCall &call);
mlir::FailureOr<Datum> buildMatmul(OpCall &call);
mlir::FailureOr<Datum> buildConstant(OpCall &call);
mlir::FailureOr<Datum> buildBatchNorm(OpCall &call);

mlir::FailureOr<Datum> buildAdd(OpCall &call);
mlir::FailureOr<Datum> buildSub(OpCall &call);
mlir::FailureOr<Datum> buildMul(OpCall &call);
mlir::FailureOr<Datum> buildRelu(OpCall &call);
mlir::FailureOr<Datum> buildLeakyRelu(OpCall &call);
mlir::FailureOr<Datum> buildSigmoid(OpCall &call);
mlir::FailureOr<Datum> buildTanh(OpCall &call);
mlir::FailureOr<Datum> buildApply(OpCall &call);
mlir::FailureOr<Datum> buildCombine(OpCall &call);
mlir::FailureOr<Datum> buildSelect(OpCall &call);
mlir::FailureOr<Datum> buildSoftmax(OpCall &call);
mlir::FailureOr<Datum> buildLogSoftmax(OpCall &call);
mlir::FailureOr<Datum> buildArgmax(OpCall &call);
mlir::FailureOr<Datum> buildQuantize(OpCall &call);
mlir::FailureOr<Datum> buildDequantize(OpCall &call);
mlir::FailureOr<Datum> buildRequantize(OpCall &call);
mlir::FailureOr<Datum> buildSign(OpCall &call);
mlir::FailureOr<Datum> buildThreshold(OpCall &call);

mlir::FailureOr<Datum> buildMaxPool(OpCall &call);
mlir::FailureOr<Datum> buildAvgPool(OpCall &call);
mlir::FailureOr<Datum> buildGlobalAvgPool(OpCall &call);
mlir::FailureOr<Datum> buildMean(OpCall &call);
mlir::FailureOr<Datum> buildPad(OpCall &call);
mlir::FailureOr<Datum> buildReshape(OpCall &call);
mlir::FailureOr<Datum> buildFlatten(OpCall &call);
mlir::FailureOr<Datum> buildTranspose(OpCall &call);
mlir::FailureOr<Datum> buildConcat(OpCall &call);
mlir::FailureOr<Datum> buildSlice(OpCall &call);
mlir::FailureOr<Datum> buildSplit(OpCall &call);
mlir::FailureOr<Datum> buildGather(OpCall &call);
mlir::FailureOr<Datum> buildResizeNearest(OpCall &call);
mlir::FailureOr<Datum> buildRange(OpCall &call);
mlir::FailureOr<Datum> buildLen(OpCall &call);
mlir::FailureOr<Datum> buildShape(OpCall &call);

/// Height and width after a window operator, and its pads [top, bottom, left, right]; errors are at the call.
struct Window {
  llvm::SmallVector<int64_t, 2> output;
  llvm::SmallVector<int64_t, 4> pads;
};
mlir::FailureOr<Window> computeWindow(const OpCall &call, llvm::ArrayRef<int64_t> input, llvm::ArrayRef<int64_t> kernel,
                                      llvm::ArrayRef<int64_t> stride, llvm::ArrayRef<int64_t> dilation);

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_OPCALL_H
