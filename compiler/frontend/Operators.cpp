#include "compiler/frontend/Operators.h"
#include "compiler/frontend/OpCall.h"

using namespace mlir;
using namespace qcc::frontend;

using Kind = ParameterKind;
using Parameters = std::vector<ParameterInfo>;

//===-- Parameters that operators share -------------------------------------------------===//

static const ParameterInfo input{"x", Kind::Tensor, "", "the input"};
static const ParameterInfo layerName{"name", Kind::String, "none", "the layer's name; one is made up if not given"};
static const ParameterInfo storedName{"name", Kind::String, "", "the layer's name, with which its tensors begin"};
static const ParameterInfo outFormat{"out", Kind::Format, "none", "the format of the result"};

static ParameterInfo activation(std::string defaultText = "none") {
  return {
      "activation", Kind::Word, std::move(defaultText), "clamps the result", {"none", "relu", "relu6", "relu_n1_to_1"}};
}
static ParameterInfo padding(std::string defaultText) {
  return {"padding", Kind::Padding, std::move(defaultText), "around the input, or [top, bottom, left, right]"};
}
static ParameterInfo flag(std::string name, std::string documentation) {
  return {std::move(name), Kind::Flag, "false", std::move(documentation)};
}
static ParameterInfo given(std::string name, std::string documentation) {
  return {std::move(name), Kind::Tensor, "none", std::move(documentation)};
}

/// Parameters and, behind them, those of quantized results.
static Parameters withRescale(Parameters parameters, bool hasOut = true) {
  if (hasOut)
    parameters.push_back(outFormat);
  parameters.push_back({"round", Kind::Word, "double", "rounding of integer results", {"double", "single"}});
  parameters.push_back({"product", Kind::Word, "f64", "precision of the product of scales", {"f64", "f32"}});
  parameters.push_back({"overflow", Kind::Word, "saturate", "codes outside of the format", {"saturate", "wrap"}});
  return parameters;
}

static Parameters convolution(ParameterInfo channels, Parameters more = {}) {
  Parameters parameters{input,
                        storedName,
                        std::move(channels),
                        {"kernel", Kind::Pair, "none", "[height, width]; that of the weights if not given"},
                        {"stride", Kind::Pair, "1", "[vertical, horizontal]"},
                        {"dilation", Kind::Pair, "1", "distance of the kernel's elements"},
                        padding("same")};
  parameters.insert(parameters.end(), more.begin(), more.end());
  for (ParameterInfo &parameter :
       Parameters{{"use_bias", Kind::Flag, "none", "true: must be stored; false: is not used"},
                  activation(),
                  {"weight", Kind::Format, "none", "the format of stored integer weights"},
                  given("filter", "instead of the stored weights"),
                  given("bias", "instead of the stored bias")})
    parameters.push_back(parameter);
  return parameters;
}

static Parameters append(Parameters parameters, ParameterInfo last) {
  parameters.push_back(std::move(last));
  return parameters;
}

static Parameters binary() {
  return withRescale({{"a", Kind::Operand, "", "a tensor or a number"},
                      {"b", Kind::Operand, "", "a tensor or a number"},
                      activation(),
                      layerName});
}

static Parameters relu(std::string defaultText) {
  return withRescale({input, activation(std::move(defaultText)), layerName});
}

static Parameters pool() {
  return {input,
          {"kernel", Kind::Pair, "", "[height, width]"},
          {"stride", Kind::Pair, "none", "[vertical, horizontal]; the kernel if not given"},
          padding("valid"),
          activation(),
          layerName};
}

//===-- The table -------------------------------------------------------------------------===//

static std::vector<OpInfo> makeContractions() {
  const ParameterInfo groupScales = given("scales", "of a filter in groups, instead of the stored ones");
  return {
      {"conv2d",
       withRescale(append(
           convolution({"filters", Kind::Integer, "none", "output channels; those of the weights if not given"},
                       {{"groups", Kind::Integer, "1", "groups of channels that are kept apart"},
                        {"tapwise", Kind::Pair, "none", "[bits, fraction] of tap-wise Winograd F(4x4, 3x3), F(4, 3)"},
                        {"code_shifts", Kind::Integers, "none", "its shifts of codes, one per tap"},
                        {"weight_shifts", Kind::Integers, "none", "its shifts of weights, also per channel"},
                        {"points", Kind::Word, "integer", "its points", {"integer", "reciprocal"}},
                        {"code_factors", Kind::Integers, "none", "its factors of codes, one per tap"},
                        {"code_offsets", Kind::Integers, "none", "its middles of codes, one per tap"}}),
           groupScales)),
       "2-D convolution; <name>.weight [filters, height, width, channels / groups], <name>.bias; with tapwise also "
       "<name>.transformed [filters, 36 or 6, channels / groups]",
       buildConv2d},
      {"depthwise2d",
       withRescale(
           convolution({"multiplier", Kind::Integer, "none", "results per channel; that of the weights if not given"})),
       "2-D convolution of each channel; <name>.weight [1, height, width, channels * multiplier], <name>.bias",
       buildDepthwise2d},
      {"dense",
       withRescale({input,
                    storedName,
                    {"units", Kind::Integer, "none", "results; those of the weights if not given"},
                    {"use_bias", Kind::Flag, "none", "true: must be stored; false: is not used"},
                    activation(),
                    {"weight", Kind::Format, "none", "the format of stored integer weights"},
                    given("filter", "instead of the stored weights"),
                    given("bias", "instead of the stored bias"),
                    groupScales}),
       "product with a matrix along the last axis; <name>.weight [units, features], <name>.bias", buildDense},
      {"matmul",
       withRescale({{"a", Kind::Tensor, "", "[..., m, k]"},
                    {"b", Kind::Tensor, "", "[..., k, n]"},
                    flag("transpose_b", "b is [..., n, k]"),
                    activation(),
                    layerName}),
       "product of the matrices in the last two axes", buildMatmul},
      {"constant",
       {{"tensor", Kind::String, "", "its name in the weight file"},
        {"format", Kind::Format, "none", "the format of stored integers"}},
       "a stored tensor",
       buildConstant},
      {"batch_norm",
       {input,
        storedName,
        {"epsilon", Kind::Number, "0.001", "added to the variance"},
        given("gamma", "instead of the stored one"),
        given("beta", "instead of the stored one"),
        given("mean", "instead of the stored one"),
        given("variance", "instead of the stored one")},
       "normalisation by stored statistics; <name>.gamma, .beta, .mean, .variance",
       buildBatchNorm},
  };
}

static std::vector<OpInfo> makeElementwise() {
  const ParameterInfo to{"to", Kind::Format, "", "the format of the result"};
  return {
      {"add", binary(), "sum with broadcasting; a + b", buildAdd},
      {"sub", binary(), "difference with broadcasting; a - b", buildSub},
      {"mul", binary(), "product with broadcasting; a * b", buildMul},
      {"relu", relu("relu"), "max(x, 0)", buildRelu},
      {"relu6", relu("relu6"), "min(max(x, 0), 6)", buildRelu},
      {"relu_n1_to_1", relu("relu_n1_to_1"), "min(max(x, -1), 1)", buildRelu},
      {"leaky_relu", withRescale({input, {"alpha", Kind::Number, "", "slope below 0"}, layerName}),
       "x above 0, alpha * x below", buildLeakyRelu},
      {"sigmoid", {input, layerName, outFormat}, "1 / (1 + exp(-x))", buildSigmoid},
      {"tanh", {input, layerName, outFormat}, "hyperbolic tangent", buildTanh},
      {"softmax",
       {input, {"beta", Kind::Number, "1", "factor of the exponents"}, layerName, outFormat},
       "softmax along the last axis",
       buildSoftmax},
      {"log_softmax", {input, layerName}, "logarithm of softmax along the last axis", buildLogSoftmax},
      {"argmax",
       {input, {"axis", Kind::Integer, "-1", "the axis that goes"}, layerName},
       "index of the largest element along an axis",
       buildArgmax},
      {"quantize",
       {input, to, flag("ties_to_even", "halves go to the even number"), layerName},
       "f32 to an integer format",
       buildQuantize},
      {"sign",
       {input, {"to", Kind::Format, "binary", "the format of the result"}, layerName},
       "1 for x >= 0, -1 below",
       buildSign},
      {"threshold",
       {input, storedName, to, given("thresholds", "instead of the stored ones")},
       "the number of thresholds that x reaches, as a code; <name>.thresholds [channels or 1, codes - 1]",
       buildThreshold},
      {"dequantize", {input, layerName}, "an integer format to f32", buildDequantize},
      {"requantize", withRescale({input, to, layerName}, /*hasOut=*/false), "one integer format to another",
       buildRequantize},
  };
}

/// Those that floats have only.
static std::vector<OpInfo> makeFunctions() {
  std::vector<OpInfo> ops;
  for (auto [name, summary] : std::initializer_list<std::pair<const char *, const char *>>{
           {"abs", "absolute value"},
           {"atan", "arc tangent"},
           {"ceil", "the next integer above"},
           {"erf", "error function"},
           {"exp", "exponential function"},
           {"floor", "the next integer below"},
           {"log", "natural logarithm"},
           {"round", "the nearest integer, halves to the even one"},
           {"sin", "sine"},
           {"sqrt", "square root"}})
    ops.push_back({name, {input, layerName}, summary, buildApply});
  for (auto [name, summary] : std::initializer_list<std::pair<const char *, const char *>>{
           {"divide", "quotient with broadcasting"},
           {"equal", "1 where a equals b, else 0"},
           {"less", "1 where a is less than b, else 0"},
           {"less_equal", "1 where a is at most b, else 0"},
           {"maximum", "the larger of two, with broadcasting"},
           {"minimum", "the smaller of two, with broadcasting"},
           {"power", "a to the power of b, with broadcasting"}})
    ops.push_back({name,
                   {{"a", Kind::Operand, "", "an f32 tensor or a number"},
                    {"b", Kind::Operand, "", "an f32 tensor or a number"},
                    layerName},
                   summary,
                   buildCombine});
  ops.push_back({"select",
                 {{"condition", Kind::Tensor, "", "f32; 0 is false"},
                  {"accepted", Kind::Tensor, "", "f32"},
                  {"rejected", Kind::Tensor, "", "f32"},
                  layerName},
                 "accepted where the condition is not 0, else rejected, with broadcasting",
                 buildSelect});
  return ops;
}

static std::vector<OpInfo> makeShapes() {
  return {
      {"max_pool", pool(), "largest element of each window", buildMaxPool},
      {"avg_pool", pool(), "mean of each window's elements inside the input", buildAvgPool},
      {"global_avg_pool", withRescale({input, flag("keep_dims", "keeps height and width as 1"), layerName}),
       "mean over height and width", buildGlobalAvgPool},
      {"mean",
       withRescale({input,
                    {"axes", Kind::Integers, "", "the axes that go"},
                    flag("keep_dims", "keeps the axes as 1"),
                    layerName}),
       "mean over axes", buildMean},
      {"pad",
       {input,
        {"low", Kind::Integers, "", "elements in front, per dimension"},
        {"high", Kind::Integers, "", "elements behind, per dimension"},
        {"value", Kind::Number, "0", "of the new elements"},
        layerName},
       "elements of a constant value around the input",
       buildPad},
      {"reshape",
       {input, {"shape", Kind::Integers, "", "the new shape; -1: what is left"}, layerName},
       "the same elements in another shape",
       buildReshape},
      {"flatten", {input, layerName}, "all axes but the first become one", buildFlatten},
      {"transpose",
       {input, {"permutation", Kind::Integers, "", "result axis i is input axis permutation[i]"}, layerName},
       "axes in another order",
       buildTranspose},
      {"concat",
       {{"parts", Kind::Tensors, "", "tensors"},
        {"axis", Kind::Integer, "", "the axis along which they follow"},
        layerName},
       "tensors one after the other",
       buildConcat},
      {"slice",
       {input,
        {"start", Kind::Integers, "", "first element, per dimension"},
        {"size", Kind::Integers, "none", "elements of the result; all that follow if not given"},
        {"stride", Kind::Integers, "none", "distance of the elements; 1 if not given"},
        layerName},
       "a part of a tensor",
       buildSlice},
      {"split",
       {input,
        {"axis", Kind::Integer, "", "the axis that is divided"},
        {"parts", Kind::Integer, "none", "equal parts"},
        {"sizes", Kind::Integers, "none", "sizes of the parts"},
        layerName},
       "consecutive parts along an axis: a list of tensors",
       buildSplit},
      {"gather",
       {input,
        {"axis", Kind::Integer, "", "the axis along which elements are chosen"},
        {"indices", Kind::Integers, "", "where the result's elements are along it"},
        layerName},
       "elements chosen along an axis",
       buildGather},
      {"resize_nearest",
       {input,
        {"size", Kind::Pair, "", "[height, width] of the result"},
        flag("align_corners", "first and last elements stay"),
        flag("half_pixel_centers", "elements are where their centres are"),
        layerName},
       "nearest-neighbour change of height and width",
       buildResizeNearest},
      {"range",
       {{"start", Kind::Integer, "", "the first integer; with one argument, the end"},
        {"end", Kind::Integer, "none", "the integer after the last"}},
       "the list of the integers from start to end - 1",
       buildRange},
      {"len", {{"list", Kind::Any, "", "a list"}}, "the number of elements of a list", buildLen},
      {"shape", {input}, "the dimensions of a tensor as a list", buildShape},
  };
}

ArrayRef<OpInfo> qcc::frontend::getLanguageOps() {
  static const std::vector<OpInfo> ops = [] {
    std::vector<OpInfo> all = makeContractions();
    for (auto make : {makeElementwise, makeFunctions, makeShapes})
      for (OpInfo &op : make())
        all.push_back(std::move(op));
    return all;
  }();
  return ops;
}

const OpInfo *qcc::frontend::findLanguageOp(StringRef name) {
  auto *op = llvm::find_if(getLanguageOps(), [&](const OpInfo &info) { return info.name == name; });
  return op == getLanguageOps().end() ? nullptr : op;
}

//===-- Descriptions ----------------------------------------------------------------------===//

std::string ParameterInfo::describeKind() const {
  switch (kind) {
  case Kind::Tensor:
    return "tensor";
  case Kind::Operand:
    return "tensor | number";
  case Kind::Tensors:
    return "[tensor, ...]";
  case Kind::Integer:
    return "int";
  case Kind::Integers:
    return "[int, ...]";
  case Kind::Pair:
    return "int | [int, int]";
  case Kind::Number:
    return "number";
  case Kind::Flag:
    return "true | false";
  case Kind::String:
    return "string";
  case Kind::Word:
    return llvm::join(words, " | ");
  case Kind::Padding:
    return "same | valid | [int, int, int, int]";
  case Kind::Format:
    return "format";
  case Kind::Any:
    return "any";
  }
  llvm_unreachable("unknown kind of parameter");
}

std::string OpInfo::describeSignature() const {
  std::string text = name + "(";
  for (const ParameterInfo &parameter : parameters) {
    text += (&parameter == parameters.data() ? "" : ", ") + parameter.name + ": " + parameter.describeKind();
    if (!parameter.isRequired())
      text += " = " + parameter.defaultText;
  }
  return text + ")";
}
