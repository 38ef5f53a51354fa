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

/// The same tensor with another element type.
mlir::RankedTensorType withElement(mlir::Type tensorType, mlir::Type element);

inline bool isFloatTensor(mlir::Value value) { return qnn::getFormat(value).isFloat(); }

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_CONSTANTS_H
