#include "compiler/quantize/QuantizeWeights.h"

#include "compiler/quantize/BinaryCoding.h"
#include "compiler/quantize/Codebook.h"
#include "compiler/quantize/LearnedBasis.h"
#include "compiler/quantize/WeightRounding.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

static LogicalResult checkFinite(qnn::ConstantOp constant, StringRef what, const Statistics &statistics) {
  if (statistics.nonFinite)
    return constant.emitError() << what << " has " << statistics.nonFinite << " values that are not finite";
  return success();
}

double qcc::quantize::leastWeightScale(double bias, double inputScale) {
  return std::abs(bias) / (inputScale * (1 << 30));
}

double qcc::quantize::groupedBiasScale(qnn::NumberFormat output) { return output.getScale(0) / 256; }

int64_t qcc::quantize::encodeBias(double bias, double scale) {
  return static_cast<int64_t>(std::clamp<double>(std::round(bias / scale), INT32_MIN, INT32_MAX));
}

Type qcc::quantize::withScales(Type format, ArrayRef<double> scales, int64_t axis) {
  if (Type magnitudes = qnn::withAlpha(format, axis, scales))
    return magnitudes;
  auto affine = llvm::cast<quant::QuantizedType>(format);
  return quant::UniformQuantizedPerAxisType::get(affine.getFlags(), affine.getStorageType(), affine.getExpressedType(),
                                                 scales, SmallVector<int64_t>(scales.size()),
                                                 static_cast<int32_t>(axis), affine.getStorageTypeMin(),
                                                 affine.getStorageTypeMax());
}

namespace {
/// Chooses the format of a filter and encodes filter and bias.
class WeightEncoder {
public:
  WeightEncoder(const WeightRequest &request, const Quantizer &quantizer)
      : request(request), quantizer(quantizer),
        weights(quantizer.toRound(getFloats(request.filter), request.precision)) {
    qnn::ConstantOp filter = request.filter;
    auto type = llvm::cast<RankedTensorType>(filter.getType());
    outputs = type.getDimSize(request.channelAxis);
    for (int64_t size : type.getShape().drop_front(request.channelAxis + 1))
      inner *= size;
    if (request.bias)
      biases = getFloats(request.bias);
  }

  /// One scale for each group of neighbouring input channels, which are the last axis; depthwise filters have none.
  bool isGrouped() const { return request.precision.group > 0 && request.channelAxis == 0; }

  LogicalResult check() const {
    qnn::ConstantOp filter = request.filter;
    bool isCoded = (isGrouped() && request.precision.isBinaryCoded) || request.precision.isBasis;
    if (isCoded && request.powerOfTwoScales)
      return filter.emitError() << (request.precision.isBasis ? "a learned basis" : "binary coding")
                                << " has magnitudes that are no powers of two";
    if (request.precision.isCodebook && request.powerOfTwoScales)
      return filter.emitError() << "a code book has scales that are no powers of two";
    Statistics ofWeights, ofBiases;
    ofWeights.add(getFloats(request.filter));
    ofBiases.add(biases);
    return success(succeeded(checkFinite(request.filter, "a filter", ofWeights)) &&
                   (!request.bias || succeeded(checkFinite(request.bias, "a bias", ofBiases))));
  }

  /// One format for all channels, or one for each.
  Type chooseFormat() const {
    if (request.precision.isCodebook)
      return fitBook();
    if (!request.perChannel || outputs <= 1 || quantizer.sharesFormat(request.precision))
      return fit(weights, biases);
    std::vector<std::vector<float>> channels = splitChannels();
    if (request.precision.isBasis)
      return chooseBasis(channels);
    SmallVector<Type> formats;
    for (int64_t c = 0; c < outputs; ++c)
      formats.push_back(fit(channels[c], biases.empty() ? ArrayRef<float>() : ArrayRef(biases[c])));
    return joinChannels(formats);
  }

  QuantizedWeights encode(OpBuilder &builder, Type format) const {
    if (isGrouped())
      return request.precision.isBinaryCoded ? encodePlanes(builder) : encodeGroups(builder);
    auto numbers = llvm::cast<qnn::NumberFormat>(format);
    auto parameters = [&](int64_t channel) { return numbers.getChannelAxis() < 0 ? 0 : channel; };
    std::vector<int64_t> codes;
    for (size_t i = 0; i < weights.size(); ++i)
      codes.push_back(numbers.encode(weights[i], parameters(channelOf(i))));
    qnn::ConstantOp filter = request.filter, bias = request.bias;
    QuantizedWeights result;
    result.filter =
        makeConstant(builder, filter.getLoc(), withElement(filter.getType(), format), codes, filter.getNameAttr());
    if (!bias)
      return result;
    codes.clear();
    for (auto [c, value] : llvm::enumerate(biases))
      codes.push_back(encodeBias(value, inputScale() * numbers.getScale(parameters(c))));
    result.bias = makeBias(builder, codes);
    return result;
  }

  /// The same with one scale per group.
  QuantizedWeights encodeGroups(OpBuilder &builder) const {
    qnn::ConstantOp filter = request.filter;
    SmallVector<int64_t> shape(llvm::cast<RankedTensorType>(filter.getType()).getShape());
    auto format = qnn::GroupedType::get(builder.getContext(), request.precision.bits, request.precision.group);
    auto numbers = llvm::cast<qnn::NumberFormat>(Type(format));
    int64_t depth = shape.back(), perRow = llvm::divideCeil(depth, request.precision.group);
    auto groupOf = [&](size_t i) {
      auto index = static_cast<int64_t>(i);
      return index / depth * perRow + index % depth / request.precision.group;
    };
    std::vector<std::vector<float>> members(depth ? weights.size() / depth * perRow : 0);
    for (size_t i = 0; i < weights.size(); ++i)
      members[groupOf(i)].push_back(weights[i]);
    SmallVector<double> scales;
    for (ArrayRef<float> values : members)
      scales.push_back(llvm::cast<qnn::NumberFormat>(fit(values, {})).getScale(0));
    if (!request.powerOfTwoScales)
      legalizeScales(scales);

    std::vector<int64_t> codes;
    for (size_t i = 0; i < weights.size(); ++i)
      codes.push_back(numbers.encode(weights[i] / scales[groupOf(i)]));
    return makeGrouped(builder, format, shape, codes, scales);
  }

  /// y = sum over planes of (magnitudes * signs) x: a row has the signs of all planes, for as many copies of x.
  QuantizedWeights encodePlanes(OpBuilder &builder) const {
    qnn::ConstantOp filter = request.filter;
    SmallVector<int64_t> shape(llvm::cast<RankedTensorType>(filter.getType()).getShape());
    int64_t depth = shape.back(), group = largestDivisor(depth, request.precision.group);
    unsigned planes = request.precision.bits;
    shape.back() = depth * planes;
    std::vector<int64_t> codes(weights.size() * planes);
    SmallVector<double> scales(codes.size() / group);
    for (int64_t first = 0; first < static_cast<int64_t>(weights.size()); first += group) {
      BinaryCode code = fitBinaryCode(ArrayRef(weights).slice(first, group), planes);
      for (unsigned plane = 0; plane < planes; ++plane) {
        int64_t to = first / depth * depth * planes + plane * depth + first % depth;
        scales[to / group] = code.magnitudes[plane];
        for (int64_t k = 0; k < group; ++k)
          codes[to + k] = code.signs[plane][k] > 0;
      }
    }
    legalizeScales(scales);
    QuantizedWeights result =
        makeGrouped(builder, qnn::GroupedType::get(builder.getContext(), 1, group), shape, codes, scales);
    result.copies = planes;
    return result;
  }

private:
  /// The ratios of the magnitudes are the same for all channels.
  Type chooseBasis(ArrayRef<std::vector<float>> channels) const {
    std::vector<std::vector<WeightedValue>> values;
    for (ArrayRef<float> channel : channels) {
      Statistics statistics(/*keepsValues=*/true);
      statistics.add(channel.empty() ? ArrayRef<float>(0.0f) : channel);
      values.push_back(statistics.getDistribution());
    }
    LearnedBasis basis = fitLearnedBasis(values, request.precision.bits, /*signs=*/true);
    MLIRContext *context = request.input.getContext();
    return qnn::BasisType::get(context, /*signs=*/true, DenseI64ArrayAttr::get(context, basis.steps),
                               request.channelAxis, DenseF64ArrayAttr::get(context, basis.scales));
  }

  static int64_t largestDivisor(int64_t number, int64_t most) {
    int64_t divisor = std::clamp<int64_t>(most, 1, std::max<int64_t>(number, 1));
    while (number % divisor)
      --divisor;
    return divisor;
  }

  /// Of each channel.
  void legalizeScales(MutableArrayRef<double> scales) const {
    size_t ofChannel = outputs ? scales.size() / outputs : 0;
    for (; !scales.empty(); scales = scales.drop_front(ofChannel))
      legalGroupScales(scales.take_front(ofChannel));
  }

  /// Constants of codes of that shape, of scales, whose last axis counts groups, and of the bias.
  QuantizedWeights makeGrouped(OpBuilder &builder, qnn::GroupedType format, SmallVector<int64_t> shape,
                               ArrayRef<int64_t> codes, ArrayRef<double> scales) const {
    qnn::ConstantOp filter = request.filter;
    QuantizedWeights result;
    result.filter =
        makeConstant(builder, filter.getLoc(), RankedTensorType::get(shape, format), codes, filter.getNameAttr());
    shape.back() = llvm::divideCeil(shape.back(), format.getGroup());
    StringAttr name = filter.getNameAttr();
    result.scales = makeFloatConstant(builder, filter.getLoc(), shape, llvm::to_vector_of<float>(scales),
                                      name ? builder.getStringAttr(name.getValue() + ".scale") : StringAttr());
    auto output = llvm::cast<qnn::NumberFormat>(request.output);
    result.addsBiasAfter = request.bias && output.isFloat();
    if (!request.bias || output.isFloat())
      return result;
    std::vector<int64_t> biasCodes;
    for (float bias : biases)
      biasCodes.push_back(encodeBias(bias, groupedBiasScale(output)));
    result.bias = makeBias(builder, biasCodes);
    return result;
  }

  Value makeBias(OpBuilder &builder, ArrayRef<int64_t> codes) const {
    qnn::ConstantOp bias = request.bias;
    return makeConstant(builder, bias.getLoc(), withElement(bias.getType(), builder.getI32Type()), codes,
                        bias.getNameAttr());
  }
  std::vector<std::vector<float>> splitChannels() const {
    std::vector<std::vector<float>> channels(outputs);
    for (size_t i = 0; i < weights.size(); ++i)
      channels[channelOf(i)].push_back(weights[i]);
    return channels;
  }

  /// One table for all channels, and a scale for each, or for all.
  Type fitBook() const {
    bool hasChannels = request.perChannel && outputs > 1;
    std::vector<double> least(hasChannels ? outputs : 1);
    for (auto [c, bias] : llvm::enumerate(biases)) {
      double &ofChannel = least[hasChannels ? c : 0];
      ofChannel = std::max(ofChannel, leastWeightScale(bias, inputScale()));
    }
    Codebook book = hasChannels ? fitCodebook(splitChannels(), request.precision.bits, least)
                                : fitCodebook(weights, request.precision.bits, least);
    MLIRContext *context = request.input.getContext();
    return qnn::CodebookType::get(context, DenseI64ArrayAttr::get(context, book.table),
                                  hasChannels ? request.channelAxis : -1, DenseF64ArrayAttr::get(context, book.scales));
  }

  int64_t channelOf(int64_t index) const { return index / inner % outputs; }
  double inputScale() const {
    qnn::NumberFormat input = request.input;
    return input.getScale(0);
  }

  Type fit(ArrayRef<float> values, ArrayRef<float> ownBiases) const {
    FormatRequest formatRequest{request.input.getContext(), request.precision, /*symmetric=*/true,
                                request.powerOfTwoScales};
    Statistics statistics(/*keepsValues=*/true);
    statistics.add(values.empty() ? ArrayRef<float>(0.0f) : values);
    Type type = quantizer.fit(statistics, formatRequest).type;
    auto affine = llvm::dyn_cast<quant::UniformQuantizedType>(type);
    if (!affine)
      return type;
    double least = 0;
    for (float bias : ownBiases)
      least = std::max(least, leastWeightScale(bias, inputScale()));
    if (request.powerOfTwoScales && least > 0)
      least = std::exp2(std::ceil(std::log2(least)));
    bool onlyZeros = statistics.minimum == 0 && statistics.maximum == 0;
    // Zeros alone fit any scale; then the bias is to have the finest.
    double scale = onlyZeros && least > 0 ? least : std::max(affine.getScale(), least);
    return makeAffineFormat(formatRequest, scale, 0);
  }

  Type joinChannels(ArrayRef<Type> formats) const {
    SmallVector<double> scales;
    for (Type format : formats)
      scales.push_back(llvm::cast<qnn::NumberFormat>(format).getScale(0));
    return withScales(formats.front(), scales, request.channelAxis);
  }

  const WeightRequest &request;
  const Quantizer &quantizer;
  std::vector<float> weights, biases;
  int64_t outputs, inner = 1;
};
} // namespace

FailureOr<QuantizedWeights> qcc::quantize::quantizeWeights(OpBuilder &builder, const WeightRequest &request,
                                                           const Quantizer &quantizer) {
  WeightEncoder encoder(request, quantizer);
  if (failed(encoder.check()))
    return failure();
  return encoder.encode(builder, encoder.chooseFormat());
}
