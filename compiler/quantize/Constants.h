// Reading and making constants of f32 and of codes.
#ifndef QCC_COMPILER_QUANTIZE_CONSTANTS_H
#define QCC_COMPILER_QUANTIZE_CONSTANTS_H

#include "dialects/qnn/QnnOps.h"

namespace qcc::quantize {

/// The f32 constant that defines a value, or null.
qnn::ConstantOp getFloatConstant(mlir::Value value);

std::vector<float> getFloats(qnn::ConstantOp constant);

/// `name` may be null.
qnn::ConstantOp makeConstant(mlir::OpBuilder &builder, mlir::Location location, mlir::RankedTensorType type,
                             llvm::ArrayRef<int64_t> codes, mlir::StringAttr name);
qnn::ConstantOp makeFloatConstant(mlir::OpBuilder &builder, mlir::Location location, llvm::ArrayRef<int64_t> shape,
                                  llvm::ArrayRef<float> values, mlir::StringAttr name);

/// Makes a constant an operand in the place of another one, which goes if nothing else uses it.
void replaceConstant(mlir::OpOperand &operand, qnn::ConstantOp fresh);

/// Gives a convolution or dense layer a bias of these codes of i32, which keeps place and name of the constant that was
/// its bias, if there was one.
void setBias(mlir::Operation *contraction, llvm::ArrayRef<int64_t> codes);

/// The same tensor with another element type.
mlir::RankedTensorType withElement(mlir::Type tensorType, mlir::Type element);

/// True for f32: numbers that have no format of few bits yet.
inline bool isFloatTensor(mlir::Value value) { return mlir::Type(qnn::getFormat(value)).isF32(); }

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_CONSTANTS_H
