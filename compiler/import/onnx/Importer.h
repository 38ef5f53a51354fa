// What the importers of single ONNX operators share: values by name, in the layout and format that an operator needs,
// and errors with a place.
#ifndef QCC_COMPILER_IMPORT_ONNX_IMPORTER_H
#define QCC_COMPILER_IMPORT_ONNX_IMPORTER_H

#include "compiler/import/onnx/ReadTensor.h"
#include "compiler/import/onnx/Schema.h"
#include "dialects/qnn/QnnOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

namespace qcc::onnx {

/// A tensor of the graph. Its elements are real numbers; where codes stand for them, so do the codes here. Integers and
/// truth values are real numbers, too.
struct Imported {
  std::string name = {};
  Shape shape = {};                          ///< as the file has it
  int32_t type = schema::TensorProto::FLOAT; ///< element type; that of the real numbers where they have codes
  schema::TensorProto *initializer = {};     ///< where the constant is, until an operator reads it
  std::optional<Array> constant = {};        ///< the real numbers, if they are known
  mlir::Type format = {};                    ///< what constants are encoded in; f32 if null
  mlir::Value value = {};                    ///< none for a constant that was not read yet
  bool channelsLast = false;                 ///< `value` is [n, h, w, c] where the shape is [n, c, h, w]

  bool isCodes = false; ///< the file has the codes here, which are no numbers to compute with

  bool isFloat() const { return value ? qnn::getFormat(value).isFloat() : !format; }
  bool isInteger() const { return type != schema::TensorProto::FLOAT; }
};

class NodeImport;
struct Entry;

/// Builds the function of a graph.
class Importer {
public:
  /// Large models are in memory once: the initializers of `model` that have been read are empty then, and constants
  /// that no operator reads any more are dropped.
  Importer(mlir::OpBuilder &builder, schema::ModelProto &model, mlir::Location fileLocation, llvm::StringRef folder,
           size_t fileBytes);
  mlir::LogicalResult run(mlir::ModuleOp module, llvm::StringRef modelName);

private:
  friend class NodeImport;

  mlir::Location locationOf(llvm::StringRef name) const;
  mlir::LogicalResult checkOperatorSet();
  mlir::LogicalResult defineInitializers();
  /// Reads the initializer that an operator or the model's result is about to use.
  mlir::LogicalResult read(Imported &imported);
  mlir::LogicalResult importNodes();
  mlir::FailureOr<mlir::RankedTensorType> typeOf(const schema::ValueInfoProto &info);
  mlir::LogicalResult makeFunction(mlir::ModuleOp module, llvm::StringRef modelName);
  mlir::LogicalResult finish();
  mlir::LogicalResult define(llvm::StringRef name, Imported imported);
  /// An error if so many elements are more than constants may still have.
  mlir::LogicalResult expectBudget(uint64_t elements, mlir::Location location) const;
  mlir::LogicalResult spend(uint64_t elements, mlir::Location location);
  /// Replaces a value that depends on constants only by the numbers that it has.
  mlir::LogicalResult fold(Imported &imported);
  Imported *find(llvm::StringRef name);

  mlir::OpBuilder &builder;
  schema::ModelProto &model;
  schema::GraphProto &graph;
  mlir::Location fileLocation;
  llvm::StringRef folder;
  int64_t operatorSet = 0;
  uint64_t constantBudget; ///< elements that constants may still have: a small file can ask for large ones
  llvm::StringMap<Imported> values;
  mlir::func::FuncOp function;
};

/// An attribute's name and the type of its value: an integer or a text.
struct AttributeKind {
  llvm::StringRef name;
  schema::AttributeProto::Type type;
};

/// One operator on its way into qnn.
class NodeImport {
public:
  NodeImport(Importer &importer, const schema::NodeProto &node, size_t index);
  mlir::LogicalResult run();

  mlir::OpBuilder &builder;
  const mlir::Location location; ///< named after the first output

  mlir::InFlightDiagnostic error() const;
  llvm::StringRef kind() const { return node.op_type(); }
  int64_t operatorSet() const { return importer.operatorSet; }
  llvm::StringRef folder() const { return importer.folder; }

  //===-- Attributes ------------------------------------------------------------------===//

  const schema::AttributeProto *attribute(llvm::StringRef name) const;
  int64_t integer(llvm::StringRef name, int64_t standard) const;
  double number(llvm::StringRef name, double standard) const;
  std::string text(llvm::StringRef name, llvm::StringRef standard) const;
  std::optional<Shape> integers(llvm::StringRef name) const;
  /// Attribute `name` with `count` integers from `least` on; `standard` for each if it is not there.
  mlir::FailureOr<Shape> integers(llvm::StringRef name, size_t count, int64_t standard, int64_t least) const;
  /// An error if there are any attributes but these, or one that is not of its type.
  mlir::LogicalResult expectAttributes(llvm::ArrayRef<AttributeKind> known) const;

  //===-- Operands --------------------------------------------------------------------===//

  mlir::LogicalResult expectInputs(size_t least, size_t most) const;
  bool hasInput(size_t i) const { return i < static_cast<size_t>(node.input_size()) && !node.input(i).empty(); }
  size_t inputCount() const { return node.input_size(); }
  size_t outputCount() const { return node.output_size(); }
  bool hasOutput(size_t i) const { return i < outputCount() && !node.output(static_cast<int>(i)).empty(); }
  Imported &input(size_t i) const { return *importer.find(node.input(i)); }
  llvm::StringRef inputName(size_t i) const { return node.input(i); }
  /// A constant, or failure after an error.
  mlir::FailureOr<Array *> constant(size_t i) const;
  /// A constant of integers, such as a shape.
  mlir::FailureOr<Shape> indices(size_t i) const;
  /// A constant of one number.
  mlir::FailureOr<double> scalar(size_t i) const;
  /// A dimension of a tensor of that rank, negative ones counted from the end.
  mlir::FailureOr<int64_t> axis(int64_t value, int64_t rank) const;

  enum class Layout { AsInFile, ChannelsLast };
  /// The codes or floats of an input.
  mlir::Value value(Imported &imported, Layout layout);
  /// The same as f32.
  mlir::Value floats(Imported &imported, Layout layout);
  mlir::Value floats(size_t i) { return floats(input(i), Layout::AsInFile); }
  /// A constant of real numbers in `format`, or f32 if it is null.
  mlir::Value makeConstant(const Array &array, mlir::Type format, llvm::StringRef name);

  //===-- Results ---------------------------------------------------------------------===//

  mlir::LogicalResult define(mlir::Value value, Shape shape, bool channelsLast = false);
  mlir::LogicalResult define(mlir::Value value);
  mlir::LogicalResult define(Imported imported) { return define(0, std::move(imported)); }
  /// Output `i`, which need not be there.
  mlir::LogicalResult define(size_t i, Imported imported);
  mlir::LogicalResult defineConstant(Array array, mlir::Type format = {});
  mlir::RankedTensorType floatType(llvm::ArrayRef<int64_t> shape) const;

private:
  mlir::LogicalResult import(const Entry &entry);
  mlir::InFlightDiagnostic undefinedInput(llvm::StringRef name) const;

  Importer &importer;
  const schema::NodeProto &node;
  size_t index;
};

/// [n, c, h, w] as [n, h, w, c], and back.
constexpr int64_t toChannelsLast[] = {0, 2, 3, 1}, toChannelsFirst[] = {0, 3, 1, 2};
Shape permuted(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> permutation);

/// The format of integers and truth values where they are stored: codes that are the numbers themselves; i32 for more
/// than 16 bits. Null for other element types.
mlir::Type integerFormat(mlir::Builder &builder, int32_t type);

/// The same format with its channels on another axis, if it has channels.
mlir::Type withChannelAxis(mlir::Type format, int64_t axis);

/// The importer of one kind of operator.
using NodeImporter = mlir::LogicalResult (*)(NodeImport &);

mlir::LogicalResult importArgExtreme(NodeImport &node);
mlir::LogicalResult importArithmetic(NodeImport &node);
mlir::LogicalResult importAttention(NodeImport &node);
mlir::LogicalResult importBatchNormalization(NodeImport &node);
mlir::LogicalResult importBipolarQuant(NodeImport &node);
mlir::LogicalResult importCast(NodeImport &node);
mlir::LogicalResult importCastLike(NodeImport &node);
mlir::LogicalResult importCenterCropPad(NodeImport &node);
mlir::LogicalResult importClip(NodeImport &node);
mlir::LogicalResult importComparison(NodeImport &node);
mlir::LogicalResult importCompress(NodeImport &node);
mlir::LogicalResult importConcat(NodeImport &node);
mlir::LogicalResult importConstant(NodeImport &node);
mlir::LogicalResult importConstantOfShape(NodeImport &node);
mlir::LogicalResult importConv(NodeImport &node);
mlir::LogicalResult importConvTranspose(NodeImport &node);
mlir::LogicalResult importCumProd(NodeImport &node);
mlir::LogicalResult importCumSum(NodeImport &node);
mlir::LogicalResult importDepthToSpace(NodeImport &node);
mlir::LogicalResult importDequantizeLinear(NodeImport &node);
mlir::LogicalResult importDropout(NodeImport &node);
mlir::LogicalResult importDynamicQuantizeLinear(NodeImport &node);
mlir::LogicalResult importExpand(NodeImport &node);
mlir::LogicalResult importEyeLike(NodeImport &node);
mlir::LogicalResult importFlatten(NodeImport &node);
mlir::LogicalResult importFunction(NodeImport &node);
mlir::LogicalResult importGather(NodeImport &node);
mlir::LogicalResult importGatherElements(NodeImport &node);
mlir::LogicalResult importGatherNd(NodeImport &node);
mlir::LogicalResult importGemm(NodeImport &node);
mlir::LogicalResult importGlobalPool(NodeImport &node);
mlir::LogicalResult importGroupNormalization(NodeImport &node);
mlir::LogicalResult importIdentity(NodeImport &node);
mlir::LogicalResult importIntegerProduct(NodeImport &node);
mlir::LogicalResult importLayerNormalization(NodeImport &node);
mlir::LogicalResult importLpNormalization(NodeImport &node);
mlir::LogicalResult importLrn(NodeImport &node);
mlir::LogicalResult importMatMul(NodeImport &node);
mlir::LogicalResult importMeanVarianceNormalization(NodeImport &node);
mlir::LogicalResult importNonZero(NodeImport &node);
mlir::LogicalResult importOneHot(NodeImport &node);
mlir::LogicalResult importPRelu(NodeImport &node);
mlir::LogicalResult importPad(NodeImport &node);
mlir::LogicalResult importPool(NodeImport &node);
mlir::LogicalResult importQGemm(NodeImport &node);
mlir::LogicalResult importQLinearBinary(NodeImport &node);
mlir::LogicalResult importQLinearConv(NodeImport &node);
mlir::LogicalResult importQLinearFunction(NodeImport &node);
mlir::LogicalResult importQLinearGlobalAveragePool(NodeImport &node);
mlir::LogicalResult importQLinearMatMul(NodeImport &node);
mlir::LogicalResult importQuant(NodeImport &node);
mlir::LogicalResult importQuantizeLinear(NodeImport &node);
mlir::LogicalResult importRange(NodeImport &node);
mlir::LogicalResult importReduce(NodeImport &node);
mlir::LogicalResult importReshape(NodeImport &node);
mlir::LogicalResult importResize(NodeImport &node);
mlir::LogicalResult importScatterElements(NodeImport &node);
mlir::LogicalResult importScatterNd(NodeImport &node);
mlir::LogicalResult importShape(NodeImport &node);
mlir::LogicalResult importSize(NodeImport &node);
mlir::LogicalResult importSlice(NodeImport &node);
mlir::LogicalResult importSoftmax(NodeImport &node);
mlir::LogicalResult importSplit(NodeImport &node);
mlir::LogicalResult importSqueeze(NodeImport &node);
mlir::LogicalResult importTile(NodeImport &node);
mlir::LogicalResult importTranspose(NodeImport &node);
mlir::LogicalResult importTrilu(NodeImport &node);
mlir::LogicalResult importTrunc(NodeImport &node);
mlir::LogicalResult importUnsqueeze(NodeImport &node);
mlir::LogicalResult importVariadic(NodeImport &node);
mlir::LogicalResult importWhere(NodeImport &node);

} // namespace qcc::onnx

#endif // QCC_COMPILER_IMPORT_ONNX_IMPORTER_H
