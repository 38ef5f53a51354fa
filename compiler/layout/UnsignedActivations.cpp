// qnn-unsigned-activations: signed 8-bit activations as unsigned ones, for machines that multiply unsigned codes by
// signed weights.
//   scale (code - zero) == scale ((code + 128) - (zero + 128))
// Only operators that use codes in the form code - zero take part; values that a caller sees keep their format. So do
// those whose zero point is added to numbers so large that the sum may wrap: with another zero point, others wrap.
#include "compiler/layout/Passes.h"
#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/Rescale.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/TypeSwitch.h"

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
  return llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp, qnn::RescaleOp, qnn::AddOp, qnn::SubOp,
                   qnn::MaxPool2dOp, qnn::ReshapeOp, qnn::ConcatOp, qnn::ReluOp, qnn::LogisticOp, qnn::TanhOp,
                   qnn::SoftmaxOp>(op);
}

/// True if the operator's operands and results have to have one format.
bool hasOneFormat(Operation *op) { return llvm::isa<qnn::MaxPool2dOp, qnn::ReshapeOp, qnn::ConcatOp>(op); }

/// A bound of the accumulators' magnitude, infinite if the bias is not known.
template <typename Op> double largestAccumulator(Op op) {
  auto filter = llvm::cast<ShapedType>(op.getFilter().getType());
  int64_t largestBias = 0;
  if (op.getBias()) {
    auto bias = op.getBias().template getDefiningOp<qnn::ConstantOp>();
    if (!bias)
      return std::numeric_limits<double>::infinity();
    for (int64_t code : bias.getCodes())
      largestBias = std::max(largestBias, std::abs(code));
  }
  int64_t products = filter.getNumElements() / std::max<int64_t>(1, filter.getDimSize(Op::filterChannelAxis)),
          product =
              qnn::getFormat(op.getInput().getType()).getLargestInteger() * qnn::getFormat(filter).getLargestInteger();
  return static_cast<double>(products) * static_cast<double>(product) + static_cast<double>(largestBias);
}

/// The numbers of 32 bits, and those that stay there with any zero point of 8 bits and any error of rounding.
constexpr double largestSum = 2147483648.0, farFromWrapping = largestSum - 1024;

/// True if no accumulator is rescaled to a number that may wrap when a zero point is added to it.
template <typename Op> bool rescalesFarFromWrapping(Op op) {
  if constexpr (requires { op.getScales(); })
    if (op.getScales())
      return true; // of groups: these numbers have lost their last 8 bits
  auto formatOf = [](Value value) { return qnn::getFormat(value.getType()); };
  qnn::NumberFormat lhs = formatOf(op.getInput()), rhs = formatOf(op.getFilter()), out = formatOf(op.getOutput());
  double multiplier = 0;
  for (int64_t channel = 0; channel < rhs.getNumChannels(); ++channel)
    multiplier = std::max(multiplier, qnn::contractionMultiplier(lhs, rhs, channel, out, op.getRescale().getProduct()));
  return multiplier * largestSum < farFromWrapping || multiplier * largestAccumulator(op) < farFromWrapping;
}

/// The same of sums and differences of two tensors.
bool addsFarFromWrapping(Operation *op) {
  double sum = 0;
  for (Value operand : op->getOperands()) {
    qnn::NumberFormat format = qnn::getFormat(operand.getType());
    sum += format.getScale(0) * static_cast<double>(format.getLargestInteger());
  }
  return sum / qnn::getFormat(op->getResult(0).getType()).getScale(0) < farFromWrapping;
}

/// True if the operator's result may have another zero point: nothing wraps when it is added.
bool isFarFromWrapping(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>(
          [](auto contraction) { return rescalesFarFromWrapping(contraction); })
      .Case<qnn::AddOp, qnn::SubOp>([](Operation *sum) { return addsFarFromWrapping(sum); })
      .Default([](Operation *) { return true; });
}

/// A value that only invariant operators make and read.
bool isFree(Value value) {
  Operation *source = value.getDefiningOp();
  return source && isInvariant(source) && unsignedTwin(value.getType()) &&
         llvm::all_of(value.getUsers(), isInvariant) && isFarFromWrapping(source);
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
