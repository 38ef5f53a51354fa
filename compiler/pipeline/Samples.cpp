#include "compiler/pipeline/Samples.h"

#include <random>

using namespace mlir;
using namespace qcc;

ArrayRef<int64_t> qcc::sampleShape(RankedTensorType type) {
  ArrayRef<int64_t> shape = type.getShape();
  return !shape.empty() && shape.front() == 1 ? shape.drop_front() : shape;
}

/// An array without samples in the form that a port's arrays have.
static NamedArray emptyArray(const ModelPort &port) {
  qnn::NumberFormat format = qnn::getFormat(port.type);
  NamedArray array;
  array.name = port.name;
  array.kind = format.isFloat() ? 'f' : format.isSignedCode() ? 'i' : 'u';
  array.bytesPerElement = format.isFloat() ? 4 : llvm::PowerOf2Ceil(llvm::divideCeil(format.getBits(), 8));
  array.shape.push_back(0);
  llvm::append_range(array.shape, sampleShape(port.type));
  return array;
}

InFlightDiagnostic qcc::errorWithArrays(Location loc, ArrayRef<NamedArray> arrays, const Twine &text) {
  InFlightDiagnostic error = emitError(loc) << text;
  Diagnostic &note = error.attachNote() << (arrays.empty() ? "the file has no arrays" : "the file has");
  for (const NamedArray &array : arrays)
    note << " '" << array.name << "' " << array.describe();
  return error;
}

//===-- Arrays to samples ---------------------------------------------------------------===//

/// The number of a port's array, by the port's name or else by its number.
static FailureOr<size_t> findArray(Location loc, ArrayRef<ModelPort> ports, size_t index, ArrayRef<NamedArray> arrays) {
  std::string numbered = "input" + std::to_string(index);
  for (StringRef name : {StringRef(ports[index].name), StringRef(numbered)})
    for (auto [number, array] : llvm::enumerate(arrays))
      if (array.name == name)
        return number;
  std::string names = "'" + ports[index].name + "'" + (ports[index].name == numbered ? "" : " or '" + numbered + "'");
  return errorWithArrays(
      loc, arrays, "expects an array " + names + " for input " + Twine(index) + " of the model, but there is none");
}

static LogicalResult checkForm(Location loc, const NamedArray &array, const ModelPort &port) {
  NamedArray expected = emptyArray(port);
  bool sameShape = !array.shape.empty() && ArrayRef(array.shape).drop_front() == ArrayRef(expected.shape).drop_front();
  bool sameElements = array.kind == expected.kind && array.bytesPerElement == expected.bytesPerElement;
  if (sameShape && sameElements)
    return success();
  std::string shape = "[N";
  for (int64_t size : sampleShape(port.type))
    shape += ", " + std::to_string(size);
  expected.shape.clear();
  std::string elements = StringRef(expected.describe()).split('[').first.str();
  InFlightDiagnostic error = emitError(loc) << "expects " << elements << shape << "] in array '" << array.name
                                            << "', but it is " << array.describe();
  error.attachNote() << "input '" << port.name << "' of the model is " << port.type
                     << "; N counts samples, and a batch of 1 is left out";
  return error;
}

/// True if every bit pattern of an element is a code in use, stored as it is in memory.
static bool isPlain(qnn::NumberFormat format, const NamedArray &array) {
  return format.getBits() == 8 * array.bytesPerElement && format.getCodeRange() == format.getAllCodes();
}

/// The array holds sample number `sample` alone.
static LogicalResult checkCodes(Location loc, const NamedArray &array, qnn::NumberFormat format, int64_t sample) {
  if (isPlain(format, array) || format.isFloat())
    return success();
  auto [low, high] = format.getCodeRange();
  for (int64_t index = 0, count = array.size(); index < count; ++index) {
    int64_t code = array.getInteger(index);
    if (code < low || code > high)
      return emitError(loc) << "expects codes from " << low << " to " << high << " in array '" << array.name
                            << "', but element " << index << " of sample " << sample << " is " << code;
  }
  return success();
}

/// The only sample of an array.
static HostTensor toTensor(NamedArray array, RankedTensorType type) {
  HostTensor tensor(type);
  if (isPlain(tensor.format(), array)) {
    tensor.bytes = std::move(array.bytes);
    return tensor;
  }
  std::vector<int64_t> codes(type.getNumElements());
  for (auto [index, code] : llvm::enumerate(codes))
    code = tensor.format().isFloat() ? tensor.format().encode(array.getFloat(static_cast<int64_t>(index)))
                                     : array.getInteger(static_cast<int64_t>(index));
  return HostTensor(type, codes);
}

static std::vector<NamedArray> formsOf(ArrayRef<ArrayReader> readers) {
  std::vector<NamedArray> forms;
  for (const ArrayReader &reader : readers)
    forms.push_back(reader.getForm());
  return forms;
}

FailureOr<SampleReader> SampleReader::create(Location loc, ArrayRef<ModelPort> ports, std::vector<ArrayReader> arrays) {
  std::vector<NamedArray> forms = formsOf(arrays);
  SampleReader samples(loc, /*count=*/1);
  std::vector<bool> isUsed(arrays.size());
  for (size_t index = 0; index < ports.size(); ++index) {
    FailureOr<size_t> number = findArray(loc, ports, index, forms);
    if (failed(number) || failed(checkForm(loc, forms[*number], ports[index])))
      return failure();
    isUsed[*number] = true;
    int64_t count = forms[*number].shape.front();
    if (index == 0)
      samples.count = count;
    else if (count != samples.count)
      return emitError(loc) << "expects equally many samples for all inputs, but '"
                            << samples.inputs.front().array.getForm().name << "' has " << samples.count << " and '"
                            << forms[*number].name << "' has " << count;
    samples.inputs.push_back({ports[index], arrays[*number]});
  }
  for (auto [used, form] : llvm::zip_equal(isUsed, forms))
    if (!used)
      return emitError(loc) << "array '" << form.name << "' is none of the model's "
                            << (ports.size() == 1 ? "1 input" : std::to_string(ports.size()) + " inputs");
  if (samples.count == 0)
    return emitError(loc) << "expects at least one sample, but array '" << samples.inputs.front().array.getForm().name
                          << "' has none";
  return samples;
}

static LogicalResult checkFinite(Location loc, StringRef array, const HostTensor &tensor, int64_t sample) {
  if (!tensor.format().isFloat())
    return success();
  for (auto [element, code] : llvm::enumerate(tensor.codes()))
    if (double value = tensor.format().decode(code); !std::isfinite(value))
      return emitError(loc) << "expects finite numbers in array '" << array << "', but element "
                            << static_cast<int64_t>(element) << " of sample " << sample << " is "
                            << (std::isnan(value) ? "not a number" : "infinite");
  return success();
}

FailureOr<HostTensor> SampleReader::read(const Input &input, int64_t index) const {
  FailureOr<NamedArray> array = input.array.read(index, 1);
  if (failed(array))
    return failure();
  if (scale)
    return samplesFromData(*array, input.port, *scale).front().front();
  if (failed(checkCodes(loc, *array, qnn::getFormat(input.port.type), index)))
    return failure();
  return toTensor(std::move(*array), input.port.type);
}

FailureOr<std::vector<HostTensor>> SampleReader::get(int64_t index) {
  std::vector<HostTensor> tensors;
  for (const Input &input : inputs) {
    FailureOr<HostTensor> tensor = read(input, index);
    if (failed(tensor) || (isFinite && failed(checkFinite(loc, input.array.getForm().name, *tensor, index))))
      return failure();
    tensors.push_back(std::move(*tensor));
  }
  return tensors;
}

FailureOr<Samples> qcc::readFirst(SampleSource &source, int64_t count) {
  Samples samples;
  for (int64_t index = 0; index < std::min(count, source.size()); ++index) {
    FailureOr<std::vector<HostTensor>> sample = source.get(index);
    if (failed(sample))
      return failure();
    samples.push_back(std::move(*sample));
  }
  return samples;
}

FailureOr<Samples> qcc::readAll(SampleSource &source) { return readFirst(source, source.size()); }

//===-- Samples to arrays ---------------------------------------------------------------===//

static void appendTensor(NamedArray &array, const HostTensor &tensor) {
  if (tensor.format().getBits() == 8 * array.bytesPerElement) {
    llvm::append_range(array.bytes, tensor.bytes);
    return;
  }
  std::vector<int64_t> codes = tensor.codes();
  if (tensor.format().isFloat())
    for (int64_t &code : codes)
      code = llvm::bit_cast<uint32_t>(static_cast<float>(tensor.format().decode(code)));
  for (int64_t code : codes)
    for (unsigned byte = 0; byte < array.bytesPerElement; ++byte)
      array.bytes.push_back(static_cast<char>(code >> (8 * byte)));
}

std::vector<NamedArray> qcc::arraysFromSamples(ArrayRef<ModelPort> ports, const Samples &samples) {
  std::vector<NamedArray> arrays;
  for (auto [index, port] : llvm::enumerate(ports)) {
    NamedArray array = emptyArray(port);
    array.shape.front() = samples.size();
    for (const std::vector<HostTensor> &sample : samples)
      appendTensor(array, sample[index]);
    arrays.push_back(std::move(array));
  }
  return arrays;
}

//===-- Data to samples -------------------------------------------------------------------===//

static SmallVector<int64_t> dropOnes(ArrayRef<int64_t> shape) {
  return llvm::to_vector(llvm::make_filter_range(shape, [](int64_t size) { return size != 1; }));
}

static bool fitsPort(const NamedArray &array, const ModelPort &port) {
  return !array.shape.empty() && dropOnes(ArrayRef(array.shape).drop_front()) == dropOnes(sampleShape(port.type));
}

FailureOr<const NamedArray *> qcc::findData(Location loc, ArrayRef<NamedArray> arrays, const ModelPort &port,
                                            const DataOptions &options) {
  std::string shape = showShape(sampleShape(port.type));
  auto isWanted = [&](const NamedArray &array) {
    return options.input.empty() ? array.name != options.labels && fitsPort(array, port) : array.name == options.input;
  };
  const NamedArray *array = llvm::find_if(arrays, isWanted);
  if (array == arrays.end() && options.input.empty())
    return errorWithArrays(loc, arrays, "no array holds samples of the model's input shape " + shape);
  if (array == arrays.end())
    return errorWithArrays(loc, arrays, "there is no array '" + options.input + "'");
  if (!fitsPort(*array, port))
    return emitError(loc) << "expects samples of shape " << shape << " in array '" << array->name << "', but it is "
                          << array->describe();
  if (array->shape.front() == 0)
    return emitError(loc) << "array '" << array->name << "' has no samples";
  return array;
}

Samples qcc::samplesFromData(const NamedArray &array, const ModelPort &port, double scale) {
  qnn::NumberFormat format = qnn::getFormat(port.type);
  int64_t elements = port.type.getNumElements();
  Samples samples(array.shape.front());
  std::vector<int64_t> codes(elements);
  for (auto [sample, tensors] : llvm::enumerate(samples)) {
    for (int64_t index = 0; index < elements; ++index) {
      int64_t position = sample * elements + index;
      double stored = array.kind == 'f' ? array.getFloat(position) : static_cast<double>(array.getInteger(position));
      codes[index] = format.encode(stored * scale);
    }
    tensors.emplace_back(port.type, codes);
  }
  return samples;
}

FailureOr<SampleReader> SampleReader::createForData(Location loc, const ModelPort &port,
                                                    std::vector<ArrayReader> arrays, const DataOptions &options) {
  std::vector<NamedArray> forms = formsOf(arrays);
  FailureOr<const NamedArray *> form = findData(loc, forms, port, options);
  if (failed(form))
    return failure();
  SampleReader samples(loc, (*form)->shape.front());
  samples.inputs.push_back({port, arrays[*form - forms.data()]});
  samples.scale = options.scale;
  return samples;
}

FailureOr<std::vector<int64_t>> qcc::readLabels(Location loc, ArrayRef<NamedArray> arrays, StringRef name,
                                                int64_t count, int64_t classes) {
  const NamedArray *array = llvm::find_if(arrays, [&](const NamedArray &each) { return each.name == name; });
  if (array == arrays.end())
    return errorWithArrays(loc, arrays, "there is no array '" + name + "' with the labels");
  if (array->kind == 'f' || array->size() != count || array->shape.empty() || array->shape.front() != count)
    return emitError(loc) << "expects one integer label for each of the " << count << " samples, but '" << name
                          << "' is " << array->describe();
  std::vector<int64_t> labels(count);
  for (int64_t index = 0; index < count; ++index) {
    labels[index] = array->getInteger(index);
    if (labels[index] < 0 || labels[index] >= classes)
      return emitError(loc) << "expects labels from 0 to " << classes - 1 << ", one per element of the model's output, "
                            << "but sample " << index << " has " << labels[index];
  }
  return labels;
}

//===-- Other formats -----------------------------------------------------------------------===//

static void convertSample(std::vector<HostTensor> &sample, ArrayRef<ModelPort> ports) {
  for (auto [tensor, port] : llvm::zip_equal(sample, ports)) {
    if (tensor.type == port.type)
      continue;
    qnn::NumberFormat from = tensor.format(), to = qnn::getFormat(port.type);
    std::vector<int64_t> codes = tensor.codes();
    for (int64_t &code : codes)
      code = to.encode(from.decode(code));
    tensor = HostTensor(port.type, codes);
  }
}

Samples qcc::convertSamples(const Samples &samples, ArrayRef<ModelPort> ports) {
  Samples converted = samples;
  for (std::vector<HostTensor> &sample : converted)
    convertSample(sample, ports);
  return converted;
}

FailureOr<std::vector<HostTensor>> ConvertedSamples::get(int64_t index) {
  FailureOr<std::vector<HostTensor>> sample = source.get(index);
  if (succeeded(sample))
    convertSample(*sample, ports);
  return sample;
}

//===-- Random samples -------------------------------------------------------------------===//

/// A code that is the same for all elements, or drawn for each.
static int64_t makeCode(qnn::NumberFormat format, int64_t sample, std::mt19937_64 &random) {
  auto [low, high] = format.isFloat() ? std::pair(format.encode(-1), format.encode(1)) : format.getCodeRange();
  switch (sample) {
  case 0:
    return low;
  case 1:
    return high;
  case 2:
    return format.encode(0);
  default:
    break;
  }
  uint64_t bits = random();
  if (format.isFloat())
    return format.encode(std::ldexp(static_cast<double>(bits >> 11), -52) - 1);
  uint64_t range = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1; // 0 stands for 2^64
  return static_cast<int64_t>(static_cast<uint64_t>(low) + (range ? bits % range : bits));
}

Samples qcc::makeRandomSamples(ArrayRef<ModelPort> ports, int64_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  Samples samples(count);
  for (auto [sample, tensors] : llvm::enumerate(samples))
    for (const ModelPort &port : ports) {
      std::vector<int64_t> codes(port.type.getNumElements());
      for (int64_t &code : codes)
        code = makeCode(qnn::getFormat(port.type), sample, random);
      tensors.emplace_back(port.type, codes);
    }
  return samples;
}
