// qnn-unsigned-activations: signed 8-bit activations as unsigned ones, for machines that multiply unsigned codes by
// signed weights.
//   scale (code - zero) == scale ((code + 128) - (zero + 128))
// Only operators that use codes in the form code - zero take part; values that a caller sees keep their format.
#include "compiler/layout/Passes.h"
#include "dialects/qnn/QnnOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace mlir;
using namespace qcc;

namespace {

constexpr int64_t offset = 128;

/// The unsigned twin of a signed 8-bit format per tensor, or nothing.
Type unsignedTwin(Type type) {
  auto tensor = llvm::dyn_cast<RankedTensorType>(type);
  auto format = tensor ? llvm::dyn_cast<quant::UniformQuantizedType>(tensor.getElementType()) : nullptr;
  if (!format || !format.isSigned() || format.getStorageTypeIntegralWidth() != 8)
    return Type();
  return tensor.clone(quant::UniformQuantizedType::get(
      0, format.getStorageType(), format.getExpressedType(), format.getScale(), format.getZeroPoint() + offset,
      format.getStorageTypeMin() + offset, format.getStorageTypeMax() + offset));
}

/// True if the meaning of an operator does not change when codes and zero points move together.
bool isInvariant(Operation *op) {
  return llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp, qnn::AddOp, qnn::SubOp, qnn::MaxPool2dOp,
                   qnn::ReshapeOp, qnn::ConcatOp, qnn::ReluOp, qnn::LogisticOp, qnn::TanhOp, qnn::SoftmaxOp>(op);
}

/// True if the operator's operands and results have to have one format.
bool hasOneFormat(Operation *op) { return llvm::isa<qnn::MaxPool2dOp, qnn::ReshapeOp, qnn::ConcatOp>(op); }

/// A value that only invariant operators make and read.
bool isFree(Value value) {
  Operation *source = value.getDefiningOp();
  return source && isInvariant(source) && unsignedTwin(value.getType()) && llvm::all_of(value.getUsers(), isInvariant);
}

void makeUnsigned(func::FuncOp model) {
  llvm::EquivalenceClasses<void *> classes;
  SmallVector<Value> values(model.getArguments());
  model.walk([&](Operation *op) {
    llvm::append_range(values, op->getResults());
    if (hasOneFormat(op))
      for (Value operand : op->getOperands())
        classes.unionSets(operand.getAsOpaquePointer(), op->getResult(0).getAsOpaquePointer());
  });
  // One value that has to stay keeps its whole class.
  llvm::DenseSet<void *> fixed;
  auto leaderOf = [&](Value value) { return classes.getOrInsertLeaderValue(value.getAsOpaquePointer()); };
  for (Value value : values)
    if (!isFree(value))
      fixed.insert(leaderOf(value));
  for (Value value : values)
    if (!fixed.contains(leaderOf(value)))
      value.setType(unsignedTwin(value.getType()));
}

struct UnsignedActivationsPass : PassWrapper<UnsignedActivationsPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(UnsignedActivationsPass)
  StringRef getArgument() const override { return "qnn-unsigned-activations"; }
  StringRef getDescription() const override { return "Keep activations as unsigned codes"; }
  void runOnOperation() override {
    if (!getOperation().isExternal())
      makeUnsigned(getOperation());
  }
};
} // namespace

std::unique_ptr<Pass> layout::createUnsignedActivationsPass() { return std::make_unique<UnsignedActivationsPass>(); }
