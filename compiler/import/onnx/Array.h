// Constants of an ONNX file as the importer computes with them: initializers, and what follows from them alone.
#ifndef QCC_COMPILER_IMPORT_ONNX_ARRAY_H
#define QCC_COMPILER_IMPORT_ONNX_ARRAY_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <vector>

namespace qcc::onnx {

using Shape = llvm::SmallVector<int64_t>;

/// The elements of a tensor, in row-major order: numbers, all of them float or all integers.
struct Array {
  Shape shape;
  bool isFloat = false;
  int32_t type = 0; ///< element type in the file, if they come from there
  std::vector<float> floats;
  std::vector<int64_t> integers;

  int64_t size() const { return isFloat ? floats.size() : integers.size(); }
  /// Memory for so many elements, which are to be appended.
  void reserve(int64_t count);
  double number(int64_t i) const { return isFloat ? floats[i] : static_cast<double>(integers[i]); }

  static Array ofIntegers(llvm::ArrayRef<int64_t> values);
  /// The elements at these places, under another shape.
  Array gather(Shape newShape, llvm::function_ref<int64_t(int64_t)> placeOf) const;
};

/// Elements that a tensor of that shape has; nothing if a dimension is negative, or if there are 2^31 or more.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

/// The shape of what NumPy makes of two shapes, if they broadcast.
std::optional<Shape> broadcast(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);

/// Dimension i of the result is dimension permutation[i] of the array.
Array transpose(const Array &array, llvm::ArrayRef<int64_t> permutation);

/// `compute` for each pair of elements of two arrays that broadcast to `shape`, in f64 and rounded once; nothing if a
/// result of integers is none.
std::optional<Array> combine(const Array &a, const Array &b, Shape shape,
                             llvm::function_ref<double(double, double)> compute);

} // namespace qcc::onnx

#endif // QCC_COMPILER_IMPORT_ONNX_ARRAY_H
