#include "compiler/frontend/ModelContext.h"
#include "compiler/support/HostTensor.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

//===-- Layers ----------------------------------------------------------------------===//

LogicalResult ModelContext::addLayer(Position at, StringRef name) {
  auto [entry, isNew] = layers.try_emplace(name, at);
  if (!isNew) {
    InFlightDiagnostic diagnostic = source.error(at) << "expects a layer name that is not taken, but '" << name
                                                     << "' is; names in a loop can say \"{i}\"";
    diagnostic.attachNote(source.getLocation(entry->second)) << "'" << name << "' is here";
    return diagnostic;
  }
  layerNames.push_back(name.str());
  return success();
}

std::string ModelContext::makeLayerName(StringRef op, Position at) {
  std::string name;
  do
    name = (op + Twine(++nextIndex[op])).str();
  while (layers.contains(name));
  layers.try_emplace(name, at);
  layerNames.push_back(name);
  return name;
}

LogicalResult ModelContext::countOperator(Position at) {
  constexpr unsigned maxOperators = 100'000;
  if (++operators > maxOperators)
    return source.error(at) << "expects a model of at most " << maxOperators << " operators";
  return success();
}

//===-- Weights ---------------------------------------------------------------------===//

LogicalResult ModelContext::addWeights(Position at, StringRef file, std::vector<NamedArray> added) {
  files.push_back(file.str());
  for (NamedArray &array : added) {
    std::string name = array.name;
    if (!arrays.try_emplace(name, StoredArray{std::move(array)}).second)
      return source.error(at) << "the tensor '" << name << "' is in two weight files, the second of which is '" << file
                              << "'";
  }
  return success();
}

/// A shape with '?' for any size.
static std::string showRequest(const TensorRequest &request) {
  std::string text = "[";
  for (int64_t size : request.shape)
    text += (text.size() > 1 ? ", " : "") + (size < 0 ? "?" : std::to_string(size));
  return text + "]";
}

FailureOr<NamedArray *> ModelContext::find(Position at, const TensorRequest &request) {
  auto entry = arrays.find(request.name);
  if (entry != arrays.end())
    return &entry->second.array;
  InFlightDiagnostic diagnostic = source.error(at) << "the tensor '" << request.name << "'";
  if (!request.isAnyShape)
    diagnostic << " of shape " << showRequest(request);
  if (files.empty())
    return diagnostic << " is needed, but the model names no weights; add weights \"file.safetensors\"";
  diagnostic << " is not in ";
  llvm::interleave(files, diagnostic, [&](StringRef file) { diagnostic << "'" << file << "'"; }, " or ");
  SmallVector<StringRef> names;
  for (auto &entry : arrays)
    names.push_back(entry.first());
  llvm::sort(names); // StringMap's order is not the same everywhere.
  return diagnostic << didYouMean(request.name, names);
}

static bool matches(ArrayRef<int64_t> expected, ArrayRef<int64_t> shape) {
  return expected.size() == shape.size() && llvm::all_of(llvm::zip(expected, shape), [](auto sizes) {
           return std::get<0>(sizes) < 0 || std::get<0>(sizes) == std::get<1>(sizes);
         });
}

LogicalResult ModelContext::checkShape(Position at, const TensorRequest &request, const NamedArray &array) {
  if (request.isAnyShape || matches(request.shape, array.shape))
    return success();
  InFlightDiagnostic diagnostic = source.error(at)
                                  << "expects the tensor '" << request.name << "' of shape " << showRequest(request);
  if (!request.layout.empty())
    diagnostic << " (" << request.layout << ")";
  diagnostic << ", but it is " << array.describe();
  // Layouts of other frameworks, by the permutation that makes them ours.
  static const std::pair<const char *, SmallVector<int64_t>> layouts[] = {
      {"in PyTorch's [out, in, height, width]; store it with w.permute(0, 2, 3, 1)", {0, 2, 3, 1}},
      {"in Keras' [height, width, in, out]; store it with numpy.transpose(w, (3, 0, 1, 2))", {3, 0, 1, 2}},
      {"in PyTorch's depthwise [channels, 1, height, width]; store it with w.permute(1, 2, 3, 0)", {1, 2, 3, 0}},
      {"in Keras' depthwise [height, width, channels, 1]; store it with numpy.transpose(w, (3, 0, 1, 2))",
       {3, 0, 1, 2}},
      {"transposed, as Keras' [features, units]; store it with w.T", {1, 0}}};
  for (auto &[description, permutation] : layouts) {
    if (permutation.size() != array.shape.size())
      continue;
    SmallVector<int64_t> permuted;
    for (int64_t axis : permutation)
      permuted.push_back(array.shape[axis]);
    if (matches(request.shape, permuted))
      return diagnostic << ", which would fit if it is " << description;
  }
  return diagnostic;
}

/// A tensor that says something about another, or null; an error if its bytes have gone into a constant.
FailureOr<const NamedArray *> ModelContext::findParameter(Position at, const Twine &name) {
  auto entry = arrays.find(name.str());
  if (entry == arrays.end())
    return static_cast<const NamedArray *>(nullptr);
  if (entry->second.constant)
    return source.error(at) << "the tensor '" << name.str()
                            << "' is used already as a constant, so not as parameter of "
                            << "another tensor";
  return &entry->second.array;
}

/// Adds scales and zero points from `<tensor>.scale` and `<tensor>.zero` to a format without scales.
LogicalResult ModelContext::readScales(Position at, const TensorRequest &request, const NamedArray &array,
                                       FormatSpec &spec) {
  FailureOr<const NamedArray *> foundScales = findParameter(at, request.name + ".scale");
  FailureOr<const NamedArray *> foundZeros = findParameter(at, request.name + ".zero");
  if (failed(foundScales) || failed(foundZeros))
    return failure();
  if (!*foundScales) {
    if (spec.hasAlpha())
      return success();
    return source.error(at) << "expects the scales of '" << request.name << "', which is " << array.describe()
                            << ", in the tensor '" << request.name << ".scale', which is missing";
  }
  const NamedArray &scales = **foundScales;
  int64_t axis = spec.axis >= 0 ? spec.axis : request.channelAxis;
  int64_t channels = axis >= 0 && axis < static_cast<int64_t>(array.shape.size()) ? array.shape[axis] : 1;
  auto fits = [&](const NamedArray &a) { return a.shape.empty() || a.shape == ArrayRef<int64_t>{channels}; };
  if (scales.kind != 'f' || !fits(scales))
    return source.error(at) << "expects the tensor '" << scales.name << "' to be f32[] or f32[" << channels
                            << "], but it is " << scales.describe();
  for (int64_t i = 0; i < scales.size(); ++i)
    spec.scales.push_back(scales.getFloat(i));
  spec.axis = scales.shape.empty() ? -1 : axis;
  if (!spec.zeros.empty()) {
    // The call names one zero point for all.
    spec.zeros.assign(spec.scales.size(), spec.zeros.front());
    return success();
  }
  if (!*foundZeros || spec.hasAlpha())
    return success();
  const NamedArray &zeros = **foundZeros;
  if (zeros.kind == 'f' || zeros.kind == 'b' || !fits(zeros) || (scales.shape.empty() && !zeros.shape.empty()))
    return source.error(at) << "expects the tensor '" << zeros.name << "' to be an integer, or one for each scale, "
                            << "but it is " << zeros.describe();
  for (int64_t i = 0; i < scales.size(); ++i)
    spec.zeros.push_back(zeros.getInteger(zeros.shape.empty() ? 0 : i));
  return success();
}

/// The format of an array: the call's, else by its element type and `<tensor>.bits`; with its scales.
FailureOr<FormatSpec> ModelContext::completeFormat(Position at, const TensorRequest &request, const NamedArray &array) {
  FormatSpec spec;
  if (request.format) {
    spec = *request.format;
  } else if (array.kind == 'f') {
    spec = FormatSpec();
  } else if (array.kind == 'b') {
    spec.kind = FormatSpec::Binary;
    spec.bits = 1;
  } else {
    bool hasScale = hasTensor(request.name + ".scale");
    spec.kind = hasScale && array.bytesPerElement <= 4 ? FormatSpec::Affine : FormatSpec::Plain;
    spec.isSigned = array.kind == 'i';
    spec.bits = 8 * array.bytesPerElement;
    FailureOr<const NamedArray *> found = findParameter(at, request.name + ".bits");
    if (failed(found))
      return failure();
    if (spec.kind == FormatSpec::Affine && *found) {
      const NamedArray &bits = **found;
      if (bits.kind == 'f' || bits.size() != 1 || bits.getInteger(0) < 2 || bits.getInteger(0) > spec.bits)
        return source.error(at) << "expects the tensor '" << bits.name << "' to be one integer from 2 to " << spec.bits
                                << ", but it is " << bits.describe();
      spec.bits = static_cast<unsigned>(bits.getInteger(0));
    }
  }
  bool isMatch = spec.kind == FormatSpec::Float ? array.isFloat32()
                 : spec.kind == FormatSpec::Binary
                     ? array.kind == 'b' || (array.kind == 'u' && array.bytesPerElement == 1)
                     : array.kind == (spec.isSigned ? 'i' : 'u');
  unsigned width = spec.kind == FormatSpec::Float ? 32
                   : spec.bits <= 8               ? 8
                   : spec.bits <= 16              ? 16
                   : spec.bits <= 32              ? 32
                                                  : 64;
  if (!isMatch || width != 8 * array.bytesPerElement) {
    InFlightDiagnostic diagnostic = source.error(at)
                                    << "expects codes of the format " << spec.name() << " in the tensor '"
                                    << request.name << "', but it is " << array.describe();
    if (array.kind == 'f' && spec.kind != FormatSpec::Float)
      diagnostic << "; a scheme quantizes float weights";
    return diagnostic;
  }
  bool needsScales = (spec.kind == FormatSpec::Affine || spec.hasAlpha()) && spec.scales.empty();
  if (needsScales && !spec.isGrouped() && failed(readScales(at, request, array, spec)))
    return failure();
  return spec;
}

LogicalResult ModelContext::checkCodes(Position at, const NamedArray &array, const FormatSpec &spec) {
  auto [low, high] = spec.codeRange();
  if (spec.kind == FormatSpec::Plain || spec.kind == FormatSpec::Float)
    return success();
  for (int64_t i = 0, count = array.size(); i < count; ++i)
    if (int64_t code = array.getInteger(i); code < low || code > high)
      return source.error(at) << "expects codes of the format " << spec.name() << " from " << low << " to " << high
                              << " in the tensor '" << array.name << "', but element " << i << " is " << code;
  return success();
}

FailureOr<mlir::Value> ModelContext::makeConstant(Position at, const TensorRequest &request, NamedArray &array,
                                                  const FormatSpec &spec) {
  FailureOr<Type> element =
      spec.toType(source.getContext(), [&] { return source.error(at) << "the tensor '" << request.name << "' "; });
  if (failed(element) || !*element || failed(checkCodes(at, array, spec)))
    return failure();
  auto type = RankedTensorType::get(array.shape, *element);
  if (!qnn::isFormatTensor(type))
    return source.error(at) << "the tensor '" << request.name << "' is " << array.describe()
                            << ", but at most 2^31 elements are supported";
  qnn::NumberFormat format = qnn::getFormat(type);
  int64_t axis = format.getChannelAxis();
  if (axis >= type.getRank() || (axis >= 0 && type.getDimSize(axis) != format.getNumChannels()))
    return source.error(at) << "expects one scale for each index of axis " << axis << " of the tensor '" << request.name
                            << "', but it is " << array.describe() << " and has " << format.getNumChannels()
                            << " scales";
  std::vector<char> bytes = std::move(array.bytes);
  if (format.getBits() != 8 * array.bytesPerElement) {
    // Files hold one code per element of 1, 2, 4 or 8 bytes; in memory codes are packed, and floats may be bf16.
    NamedArray source{array.name, array.kind, array.bytesPerElement, array.shape, std::move(bytes)};
    bytes = HostTensor(type, [&](int64_t i) {
              return format.isFloat() ? format.encode(source.getFloat(i)) : source.getInteger(i);
            }).bytes;
  }
  Location loc = NameLoc::get(builder.getStringAttr(request.name), source.getLocation(at));
  auto resource = makeResource(type, request.name, std::move(bytes));
  return qnn::ConstantOp::create(builder, loc, type, resource, builder.getStringAttr(request.name)).getOutput();
}

FailureOr<mlir::Value> ModelContext::getTensor(Position at, const TensorRequest &request) {
  FailureOr<NamedArray *> array = find(at, request);
  if (failed(array) || failed(checkShape(at, request, **array)))
    return failure();
  FailureOr<FormatSpec> spec = completeFormat(at, request, **array);
  if (failed(spec))
    return failure();
  mlir::Value &constant = arrays.find(request.name)->second.constant;
  if (constant) {
    FailureOr<Type> element = spec->toType(source.getContext(), [&] { return source.error(at); });
    if (failed(element))
      return failure();
    if (*element != qnn::getFormat(constant))
      return source.error(at) << "the tensor '" << request.name << "' is used already as "
                              << showType(constant.getType()) << ", so not in another format";
    return constant;
  }
  FailureOr<mlir::Value> made = makeConstant(at, request, **array, *spec);
  if (succeeded(made))
    constant = *made;
  return made;
}

FailureOr<mlir::Value> ModelContext::getFloatTensor(Position at, const TensorRequest &request) {
  FailureOr<NamedArray *> array = find(at, request);
  if (failed(array))
    return failure();
  if (!(*array)->isFloat32())
    return source.error(at) << "expects the tensor '" << request.name << "' to be f32, but it is "
                            << (*array)->describe();
  return getTensor(at, request);
}

mlir::Value ModelContext::makeScalar(Location loc, double value) {
  auto type = RankedTensorType::get({}, builder.getF32Type());
  auto dense = DenseElementsAttr::get(type, static_cast<float>(value));
  return qnn::ConstantOp::create(builder, loc, type, dense, StringAttr()).getOutput();
}
