#include "compiler/pipeline/ModelReport.h"

#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;

std::string qcc::formatName(Type elementType) {
  auto format = dyn_cast<qnn::NumberFormat>(elementType);
  if (!format) // Storage of a later phase.
    return llvm::formatv("{0}", elementType);
  std::string name;
  if (isa<qnn::BinaryType>(elementType))
    name = "binary";
  else if (isa<qnn::CodebookType>(elementType))
    name = "codebook" + std::to_string(format.getBits());
  else if (isa<qnn::BasisType>(elementType))
    name = "basis" + std::to_string(format.getBits());
  else
    name = (format.isFloat()        ? (format.getBits() == 16 ? "bf" : "f")
            : format.isSignedCode() ? "int"
                                    : "uint") +
           std::to_string(format.getBits());
  if (format.getGroupSize())
    name += " per " + std::to_string(format.getGroupSize());
  else if (format.getChannelAxis() >= 0)
    name += " per channel";
  return name;
}

std::optional<std::string> qcc::layerName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().str();
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (std::optional<std::string> name = layerName(part))
        return name;
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return layerName(call.getCallee());
  return std::nullopt;
}

/// Fused locations are of several operators.
static void listParts(Location location, SmallVectorImpl<Location> &parts) {
  auto fused = dyn_cast<FusedLoc>(location);
  if (!fused)
    return parts.push_back(location);
  for (Location part : fused.getLocations())
    listParts(part, parts);
}

std::vector<size_t> qcc::layersAt(Location location, ArrayRef<LayerReport> layers) {
  SmallVector<Location> parts;
  listParts(location, parts);
  std::vector<size_t> result;
  for (auto [index, layer] : llvm::enumerate(layers)) {
    SmallVector<Location> ofLayer;
    listParts(layer.location, ofLayer);
    if (llvm::any_of(ofLayer, [&](Location part) { return llvm::is_contained(parts, part); }))
      result.push_back(index);
  }
  return result;
}

static int64_t countMacs(Operation *op) {
  auto elements = [](Value value) { return cast<RankedTensorType>(value.getType()).getNumElements(); };
  auto size = [](Value value, int64_t fromEnd) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
    return shape[shape.size() - fromEnd];
  };
  return llvm::TypeSwitch<Operation *, int64_t>(op)
      .Case([&](qnn::Conv2dOp conv) {
        return elements(conv.getOutput()) * size(conv.getFilter(), 3) * size(conv.getFilter(), 2) *
               size(conv.getFilter(), 1);
      })
      .Case([&](qnn::DepthwiseConv2dOp conv) {
        return elements(conv.getOutput()) * size(conv.getFilter(), 3) * size(conv.getFilter(), 2);
      })
      .Case([&](qnn::DenseOp dense) { return elements(dense.getOutput()) * size(dense.getFilter(), 1); })
      .Case([&](qnn::MatmulOp matmul) { return elements(matmul.getOutput()) * size(matmul.getLhs(), 1); })
      .Default([](Operation *) { return 0; });
}

static LayerReport describeLayer(Operation *op, size_t index, llvm::DenseSet<Operation *> &counted) {
  LayerReport layer;
  layer.op = op->getName().stripDialect();
  layer.name = layerName(op->getLoc()).value_or(layer.op + std::to_string(index));
  layer.location = op->getLoc();
  layer.macs = countMacs(op);
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type)
      continue;
    auto constant = operand.getDefiningOp<qnn::ConstantOp>();
    std::string &format = constant ? layer.weightFormat : layer.inputFormat;
    if (format.empty())
      format = formatName(type.getElementType());
    if (!constant || !counted.insert(constant).second)
      continue;
    layer.parameters += type.getNumElements();
    qnn::NumberFormat numbers = qnn::getFormat(type);
    layer.weightBytes += numbers.getPackedBytes(type.getNumElements());
    layer.weightBytes += static_cast<int64_t>(numbers.getIntegerDecode().table.size()); // of bytes
  }
  if (op->getNumResults() == 0)
    return layer;
  if (auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType())) {
    layer.outputFormat = formatName(type.getElementType());
    layer.outputShape = type.getShape().vec();
  }
  return layer;
}

static TensorReport describePort(const ModelPort &port) {
  TensorReport report;
  report.name = port.name;
  report.type = llvm::formatv("{0}", Type(port.type));
  report.elementType = port.type.getElementType();
  report.format = formatName(report.elementType);
  report.shape = port.type.getShape().vec();
  report.bytes = qnn::getFormat(port.type).getPackedBytes(port.type.getNumElements());
  return report;
}

void qcc::recountLayers(func::FuncOp model, ModelReport &report) {
  report.layers.clear();
  report.totals = {};
  llvm::DenseSet<Operation *> counted;
  for (Operation &op : model.front()) {
    if (isa<qnn::ConstantOp, func::ReturnOp>(op))
      continue;
    report.layers.push_back(describeLayer(&op, report.layers.size(), counted));
    const LayerReport &layer = report.layers.back();
    report.totals.macs += layer.macs;
    report.totals.parameters += layer.parameters;
    report.totals.weightBytes += layer.weightBytes;
  }
}

ModelReport qcc::describeModel(func::FuncOp model) {
  ModelReport report;
  report.name = model.getName();
  for (const ModelPort &port : modelInputs(model))
    report.inputs.push_back(describePort(port));
  for (const ModelPort &port : modelOutputs(model))
    report.outputs.push_back(describePort(port));
  for (const ModelState &state : modelStates(model))
    report.states.push_back({describePort(state), state.initial});
  recountLayers(model, report);
  report.imported = report.totals;
  return report;
}
