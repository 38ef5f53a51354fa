// Arithmetic of f32 and moves, as operators of ONNX are composed from them: shapes follow from the operands.
#ifndef QCC_COMPILER_IMPORT_ONNX_FLOATBUILDER_H
#define QCC_COMPILER_IMPORT_ONNX_FLOATBUILDER_H

#include "compiler/import/onnx/Importer.h"

namespace qcc::onnx {

llvm::ArrayRef<int64_t> shapeOfValue(mlir::Value value);

/// Operands must fit together: importers check shapes before they compute.
class FloatBuilder {
public:
  explicit FloatBuilder(NodeImport &node) : node(node) {}

  mlir::Value scalar(double number);
  mlir::Value constant(Shape shape, std::vector<float> numbers);

  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, double b) { return add(a, scalar(b)); }
  mlir::Value mul(mlir::Value a, double b) { return mul(a, scalar(b)); }
  mlir::Value div(mlir::Value a, mlir::Value b) { return combine(qnn::Combination::Divide, a, b); }
  mlir::Value maximum(mlir::Value a, mlir::Value b) { return combine(qnn::Combination::Maximum, a, b); }
  mlir::Value minimum(mlir::Value a, mlir::Value b) { return combine(qnn::Combination::Minimum, a, b); }
  mlir::Value less(mlir::Value a, mlir::Value b) { return combine(qnn::Combination::Less, a, b); }
  mlir::Value equal(mlir::Value a, mlir::Value b) { return combine(qnn::Combination::Equal, a, b); }
  mlir::Value combine(qnn::Combination combination, mlir::Value a, mlir::Value b);
  mlir::Value select(mlir::Value condition, mlir::Value accepted, mlir::Value rejected);
  mlir::Value apply(qnn::Function function, mlir::Value x);
  mlir::Value negate(mlir::Value x) { return mul(x, -1); }
  /// 1 - x: the opposite of a truth value.
  mlir::Value invert(mlir::Value x) { return sub(scalar(1), x); }
  mlir::Value exp(mlir::Value x) { return apply(qnn::Function::Exp, x); }
  mlir::Value sqrt(mlir::Value x) { return apply(qnn::Function::Sqrt, x); }
  /// Towards zero.
  mlir::Value truncate(mlir::Value x);
  mlir::Value relu(mlir::Value x);
  mlir::Value tanh(mlir::Value x);
  mlir::Value logistic(mlir::Value x);
  /// log(1 + exp(x)) == max(x, 0) + log(1 + exp(-|x|))
  mlir::Value softplus(mlir::Value x);
  /// Integers of 8 and 16 bits as they overflow; others as they are.
  mlir::Value wrap(mlir::Value x, int32_t type);

  // Over ascending axes, which stay as 1.
  mlir::Value mean(mlir::Value x, llvm::ArrayRef<int64_t> axes);
  mlir::Value sum(mlir::Value x, llvm::ArrayRef<int64_t> axes);
  mlir::Value largest(mlir::Value x, llvm::ArrayRef<int64_t> axes);
  mlir::Value product(mlir::Value x, llvm::ArrayRef<int64_t> axes);

  mlir::Value matmul(mlir::Value a, mlir::Value b);
  mlir::Value softmax(mlir::Value x);

  // Of any format.
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<int64_t> shape);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  mlir::Value gather(mlir::Value x, int64_t axis, llvm::ArrayRef<int64_t> indices);
  mlir::Value slice(mlir::Value x, llvm::ArrayRef<int64_t> starts, llvm::ArrayRef<int64_t> strides,
                    llvm::ArrayRef<int64_t> sizes);
  /// `size` elements from `start` on along one axis.
  mlir::Value part(mlir::Value x, int64_t axis, int64_t start, int64_t size);
  mlir::Value concat(llvm::ArrayRef<mlir::Value> parts, int64_t axis);
  mlir::Value pad(mlir::Value x, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high, double value);
  /// Repeats dimensions of 1, and adds some in front, so that the shape becomes `shape`.
  mlir::Value expand(mlir::Value x, llvm::ArrayRef<int64_t> shape);
  /// Element i of the result, in row-major order, is element `places[i]` of `x`.
  mlir::Value pick(mlir::Value x, llvm::ArrayRef<int64_t> places, llvm::ArrayRef<int64_t> shape);

private:
  mlir::RankedTensorType like(mlir::Value x, llvm::ArrayRef<int64_t> shape) const;
  mlir::RankedTensorType common(llvm::ArrayRef<mlir::Value> operands) const;

  NodeImport &node;
};

} // namespace qcc::onnx

#endif // QCC_COMPILER_IMPORT_ONNX_FLOATBUILDER_H
