// Models of random operators, shapes, formats and constants.
#ifndef QCC_TEST_UNIT_RANDOM_GRAPHS_RANDOMGRAPH_H
#define QCC_TEST_UNIT_RANDOM_GRAPHS_RANDOMGRAPH_H

#include "Random.h"
#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/Rescale.h"
#include "mlir/IR/Builders.h"

/// Draws one model. Operators take results of earlier ones, new arguments and constants; what no operator takes is
/// returned. Integers never depend on the last bits of a float, so that they are the same on every target.
class RandomGraph {
public:
  /// `deadPercent` of the channels of integer filters are zero; with more than 0, most operators pass on channels of
  /// affine integers one by one.
  RandomGraph(mlir::MLIRContext *context, uint64_t seed, int deadPercent = 0);
  /// A model of one to `maxOperators` operators.
  mlir::OwningOpRef<mlir::ModuleOp> build(int maxOperators);

private:
  using Shape = llvm::SmallVector<int64_t>;

  /// What may stand in a tensor.
  struct Formats {
    bool integers = true, floats = true;
    bool binary = true;   // among the integers
    bool plain32 = false; // i32, as accumulators and indices are
    unsigned minBits = 1, maxBits = 16;
    bool exact = false; // no floats that are only nearly the same on every target
  };

  // Types and constants.
  int64_t drawSize();
  Shape drawShape(int64_t rank);
  mlir::Type drawAffine(double magnitude, unsigned minBits, unsigned maxBits);
  mlir::Type drawInteger(double magnitude, const Formats &formats);
  mlir::Type drawFormat(const Formats &formats);
  mlir::RankedTensorType tensor(llvm::ArrayRef<int64_t> shape, mlir::Type format);
  int64_t drawCode(qcc::qnn::NumberFormat format, int mode, double magnitude);
  /// A constant of numbers up to about `magnitude`; 0 stands for all codes of the format.
  mlir::Value constant(mlir::RankedTensorType type, double magnitude = 0);
  mlir::Value argument(mlir::RankedTensorType type);
  mlir::Value constantOrArgument(mlir::RankedTensorType type, double magnitude = 0);
  /// A constant filter with some channels of `axis`, and some of the last axis, zero; any other value as it is.
  mlir::Value killChannels(mlir::Value filter, int64_t axis);

  // Values of the graph.
  bool fits(mlir::Value value, const Formats &formats);
  /// A value of this rank (-1: any): an earlier one, a new argument or a constant.
  mlir::Value operand(int64_t rank, const Formats &formats);
  /// The largest real number that the value may well hold.
  double magnitude(mlir::Value value);
  void add(mlir::Value result, double magnitude = 0, bool approximate = false);
  /// A result of an inexact function of floats, or of an exact function that keeps an operand's inexactness.
  void addFloats(mlir::Value result, double magnitude) { add(result, magnitude, true); }
  void addMoved(mlir::Value result, mlir::Value from);

  // Attributes.
  qcc::qnn::RescaleAttr drawRescale();
  qcc::qnn::Activation drawActivation();

  // Operators: one function per family.
  void addOperator();
  void addConv2d();
  void addDepthwise();
  void addDense();
  void addMatmul();
  void addArithmetic();
  void addUnary();
  void addSoftmax();
  void addLogSoftmax();
  void addArgmax();
  void addBatchNorm();
  void addPool();
  void addMean();
  void addQuantize();
  void addDequantize();
  void addRequantize();
  void addReshape();
  void addTranspose();
  void addPad();
  void addSlice();
  void addResize();
  void addConcat();
  void addSplit();

  struct Filter {
    mlir::Value value, bias, scales;
  };
  /// A filter of this shape; `terms` products are summed for each result.
  Filter drawFilter(mlir::Value input, llvm::ArrayRef<int64_t> shape, int64_t axis, int64_t terms, bool mayGroup);
  /// The result's format, scaled so that most results are within its range, and an activation that it takes.
  mlir::Type drawResult(mlir::Value lhs, const Filter &filter, int64_t terms, qcc::qnn::Activation &activation);
  void addContraction(mlir::Value result, mlir::Value lhs, mlir::Value rhs, int64_t terms);

  mlir::OpBuilder b;
  mlir::Location loc;
  Random random;
  int deadPercent;
  mlir::Block *block = nullptr;
  llvm::SmallVector<mlir::Value> values;
  llvm::DenseMap<mlir::Value, double> magnitudes;
  llvm::DenseSet<mlir::Value> approximate;
};

#endif // QCC_TEST_UNIT_RANDOM_GRAPHS_RANDOMGRAPH_H
