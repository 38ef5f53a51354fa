#include "compiler/interpret/Evaluate.h"

#include "compiler/interpret/Interpreter.h"

using namespace mlir;
using namespace qcc;

Type interpret::selectChannels(Type format, ArrayRef<int64_t> channels, int64_t axis) {
  auto numbers = llvm::cast<qnn::NumberFormat>(format);
  if (numbers.getChannelAxis() < 0)
    return format;
  auto alphaOf = [&](int64_t channel) { return numbers.getScale(channel); };
  if (Type selected = qnn::withAlpha(format, axis, llvm::map_to_vector(channels, alphaOf)))
    return selected;
  auto perAxis = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(format);
  if (!perAxis)
    return format;
  SmallVector<double> scales;
  SmallVector<int64_t> zeros;
  for (int64_t c : channels) {
    scales.push_back(perAxis.getScales()[c]);
    zeros.push_back(perAxis.getZeroPoints()[c]);
  }
  return quant::UniformQuantizedPerAxisType::get(perAxis.getFlags(), perAxis.getStorageType(),
                                                 perAxis.getExpressedType(), scales, zeros, static_cast<int32_t>(axis),
                                                 perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
}

SmallVector<int64_t> interpret::evaluate(Location loc, ArrayRef<HostTensor> arguments,
                                         llvm::function_ref<Value(OpBuilder &, ValueRange)> build) {
  OpBuilder builder(loc.getContext());
  SmallVector<Type> types;
  for (const HostTensor &argument : arguments)
    types.push_back(argument.type);
  OwningOpRef<func::FuncOp> model = func::FuncOp::create(loc, "channels", builder.getFunctionType(types, {}));
  Block *block = model->addEntryBlock();
  builder.setInsertionPointToEnd(block);
  func::ReturnOp::create(builder, loc, build(builder, block->getArguments()));
  FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(*model);
  assert(succeeded(interpreter) && "operators without grouped filters can be interpreted");
  FailureOr<std::vector<HostTensor>> results = interpreter->run(arguments);
  assert(succeeded(results) && "arguments have their own types");
  return llvm::to_vector(results->front().codes());
}
