// Tensors of an ONNX file, which is not trusted: types, sizes and data that lie in other files are checked.
#ifndef QCC_COMPILER_IMPORT_ONNX_READTENSOR_H
#define QCC_COMPILER_IMPORT_ONNX_READTENSOR_H

#include "compiler/import/onnx/Array.h"
#include "mlir/IR/Location.h"
#include "llvm/Support/LogicalResult.h"

#include <string>

namespace qcc::onnx {

namespace schema {
class TensorProto;
}

/// Name of an element type ("FLOAT", "INT64"), or its number.
std::string nameOfType(int32_t type);

/// Shape and element type of a tensor, still without elements; after an error at `location` failure.
llvm::FailureOr<Array> readTensorType(const schema::TensorProto &tensor, mlir::Location location);

/// The same with its elements; after an error at `location` failure. External data is read from files in `folder`, the
/// model's, and nowhere else.
llvm::FailureOr<Array> readTensor(const schema::TensorProto &tensor, mlir::Location location, llvm::StringRef folder);

} // namespace qcc::onnx

#endif // QCC_COMPILER_IMPORT_ONNX_READTENSOR_H
