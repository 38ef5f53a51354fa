// The checked contents of a TFLite file: after `readGraph` every index, size and number in it can be relied on.
#ifndef QCC_COMPILER_IMPORT_TFLITE_GRAPH_H
#define QCC_COMPILER_IMPORT_TFLITE_GRAPH_H

#include "compiler/import/tflite/tflite_generated.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/LogicalResult.h"

#include <string>
#include <vector>

namespace qcc::tflite {

/// `real = scale[c] * (code - zeroPoint[c])`; one scale, one per index of some dimension, or none.
struct Quantization {
  std::vector<float> scales;       ///< finite and positive
  std::vector<int64_t> zeroPoints; ///< as many as scales, each a code of the tensor's type
  int64_t dimension = 0;           ///< as the file says, which is not always right: see Importer::filter
};

struct Tensor {
  std::string name; ///< never empty, printable
  schema::TensorType type;
  llvm::SmallVector<int64_t> shape;
  int64_t elements;          ///< product of the shape, below 2^31
  llvm::ArrayRef<char> data; ///< exactly the elements' bytes if `isConstant`
  bool isConstant;
  bool isVariable; ///< state that outlives a run
  Quantization quantization;
};

struct Operator {
  schema::BuiltinOperator code;
  std::string customCode;                     ///< the name of a custom operator
  const schema::Operator *options;            ///< where the options are
  llvm::SmallVector<int32_t> inputs, outputs; ///< tensors; -1 among the inputs: not given
};

/// The one subgraph of a model; points into the file's bytes.
struct Graph {
  std::vector<Tensor> tensors;
  std::vector<Operator> operators;
  llvm::SmallVector<int32_t> inputs, outputs;
};

/// Checks and reads a file; one error at `location` otherwise. `bytes` must be aligned to 16.
llvm::FailureOr<Graph> readGraph(llvm::ArrayRef<char> bytes, mlir::Location location);

/// Name of a tensor type or operator in the file format ("INT8", "CONV_2D"), or its number.
std::string nameOf(schema::TensorType type);
std::string nameOf(schema::BuiltinOperator code);

} // namespace qcc::tflite

#endif // QCC_COMPILER_IMPORT_TFLITE_GRAPH_H
