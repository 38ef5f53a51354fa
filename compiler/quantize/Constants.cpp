#include "compiler/quantize/Constants.h"

#include "compiler/support/HostTensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qcc;

qnn::ConstantOp quantize::getFloatConstant(Value value) {
  auto constant = value ? value.getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp();
  return constant && isFloatTensor(value) ? constant : qnn::ConstantOp();
}

std::vector<float> quantize::getFloats(qnn::ConstantOp constant) {
  std::vector<float> values;
  for (int64_t code : constant.getCodes())
    values.push_back(llvm::bit_cast<float>(static_cast<uint32_t>(code)));
  return values;
}

qnn::ConstantOp quantize::makeConstant(OpBuilder &builder, Location location, RankedTensorType type,
                                       ArrayRef<int64_t> codes, StringAttr name) {
  HostTensor tensor(type, codes);
  auto value = makeResource(type, name ? name.getValue() : "constant", std::move(tensor.bytes));
  return qnn::ConstantOp::create(builder, location, type, value, name);
}

qnn::ConstantOp quantize::makeFloatConstant(OpBuilder &builder, Location location, ArrayRef<int64_t> shape,
                                            ArrayRef<float> values, StringAttr name) {
  std::vector<int64_t> codes;
  for (float value : values)
    codes.push_back(llvm::bit_cast<uint32_t>(value));
  return makeConstant(builder, location, RankedTensorType::get(shape, builder.getF32Type()), codes, name);
}

void quantize::replaceConstant(OpOperand &operand, qnn::ConstantOp fresh) {
  auto before = operand.get().getDefiningOp<qnn::ConstantOp>();
  operand.set(fresh);
  if (before->use_empty())
    before->erase();
}

void quantize::setBias(Operation *contraction, ArrayRef<int64_t> codes) {
  OpBuilder builder(contraction);
  auto type = RankedTensorType::get({static_cast<int64_t>(codes.size())}, builder.getI32Type());
  llvm::TypeSwitch<Operation *>(contraction).Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>([&](auto op) {
    auto before = op.getBias() ? op.getBias().template getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp();
    auto fresh = makeConstant(builder, before ? before.getLoc() : op.getLoc(), type, codes,
                              before ? before.getNameAttr() : StringAttr());
    if (before)
      replaceConstant(*op.getBiasMutable().begin(), fresh);
    else
      op.getBiasMutable().assign(fresh);
  });
}

RankedTensorType quantize::withElement(Type tensorType, Type element) {
  return RankedTensorType::get(llvm::cast<RankedTensorType>(tensorType).getShape(), element);
}
