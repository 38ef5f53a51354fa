#include "compiler/driver/CalibrationFile.h"

#include "compiler/emit/Compile.h"
#include "compiler/import/weights/Npz.h"
#include "compiler/support/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

std::string qcc::driver::calibrationKey(func::FuncOp model, quantize::Equalization equalization) {
  llvm::SHA256 sha;
  // How a model is simplified before may differ between versions.
  sha.update(contentHash(model) + QCC_VERSION + std::to_string(static_cast<int>(equalization)));
  return llvm::toHex(sha.final(), /*LowerCase=*/true);
}

//===-- Writing ---------------------------------------------------------------------------------===//

template <typename Number> static NamedArray makeArray(std::string name, char kind, ArrayRef<Number> numbers) {
  static_assert(llvm::endianness::native == llvm::endianness::little);
  const char *bytes = reinterpret_cast<const char *>(numbers.data());
  return {std::move(name),
          kind,
          sizeof(Number),
          {static_cast<int64_t>(numbers.size())},
          std::vector<char>(bytes, bytes + numbers.size() * sizeof(Number))};
}

LogicalResult qcc::driver::writeCalibration(Session &session, StringRef path, StringRef key,
                                            const Calibration &calibration) {
  std::vector<NamedArray> arrays{makeArray("model", 'u', ArrayRef(key.bytes_begin(), key.size()))};
  for (auto [number, tensor] : llvm::enumerate(calibration.tensors)) {
    const quantize::Statistics &statistics = tensor.statistics;
    double summary[] = {statistics.minimum, statistics.maximum, statistics.meanMagnitude};
    std::vector<float> values;
    std::vector<int64_t> counts;
    for (const quantize::WeightedValue &each : statistics.getDistribution()) {
      values.push_back(each.value);
      counts.push_back(each.count);
    }
    std::string name = std::to_string(number) + "." + tensor.name;
    arrays.push_back(makeArray(name + ".summary", 'f', ArrayRef(summary)));
    arrays.push_back(makeArray(name + ".values", 'f', ArrayRef(values)));
    arrays.push_back(makeArray(name + ".counts", 'i', ArrayRef(counts)));
  }
  return writeNpz(&session.getContext(), path, arrays);
}

//===-- Reading ---------------------------------------------------------------------------------===//

namespace {
class CalibrationReader {
public:
  CalibrationReader(Location loc, ArrayRef<NamedArray> arrays) : loc(loc), rest(arrays) {}
  FailureOr<Calibration> read(StringRef key);

private:
  /// The next array, which has that name and elements.
  const NamedArray *next(const Twine &name, char kind, unsigned bytesPerElement);
  FailureOr<Calibration::Tensor> readTensor(size_t number);

  Location loc;
  ArrayRef<NamedArray> rest;
};
} // namespace

const NamedArray *CalibrationReader::next(const Twine &name, char kind, unsigned bytesPerElement) {
  if (!rest.empty() && rest.front().name == name.str() && rest.front().kind == kind &&
      rest.front().bytesPerElement == bytesPerElement && rest.front().shape.size() == 1) {
    const NamedArray &array = rest.front();
    rest = rest.drop_front();
    return &array;
  }
  InFlightDiagnostic error = emitError(loc) << "is no calibration of qcc quantize: expects an array '" << name.str()
                                            << "' of " << kind << 8 * bytesPerElement << " numbers";
  if (!rest.empty())
    error << ", but has '" << rest.front().name << "' " << rest.front().describe();
  return nullptr;
}

FailureOr<Calibration::Tensor> CalibrationReader::readTensor(size_t number) {
  StringRef own = rest.front().name;
  std::string prefix = std::to_string(number) + ".", suffix = ".summary";
  own.consume_front(prefix);
  own.consume_back(suffix);
  Calibration::Tensor tensor{own.str(), quantize::Statistics()};
  const NamedArray *summary = next(prefix + tensor.name + suffix, 'f', 8);
  const NamedArray *values = summary ? next(prefix + tensor.name + ".values", 'f', 4) : nullptr;
  const NamedArray *counts = values ? next(prefix + tensor.name + ".counts", 'i', 8) : nullptr;
  if (!counts)
    return failure();
  if (summary->size() != 3 || values->size() != counts->size())
    return emitError(loc) << "tensor '" << tensor.name << "' expects 3 numbers of summary, and as many values as "
                          << "counts, but has " << summary->size() << ", " << values->size() << " and "
                          << counts->size();
  std::vector<quantize::WeightedValue> distribution;
  for (int64_t index = 0; index < values->size(); ++index)
    distribution.push_back({static_cast<float>(values->getFloat(index)), counts->getInteger(index)});
  std::optional<quantize::Statistics> statistics =
      quantize::Statistics::restore(summary->getFloat(0), summary->getFloat(1), summary->getFloat(2), distribution);
  if (!statistics)
    return emitError(loc) << "tensor '" << tensor.name << "' has statistics that no tensor has";
  tensor.statistics = std::move(*statistics);
  return tensor;
}

FailureOr<Calibration> CalibrationReader::read(StringRef key) {
  const NamedArray *model = next("model", 'u', 1);
  if (!model)
    return failure();
  if (StringRef(model->bytes.data(), model->bytes.size()) != key)
    return emitError(loc) << "is the calibration of another model, of another --equalize, or by another version of qcc";
  Calibration calibration;
  while (!rest.empty()) {
    FailureOr<Calibration::Tensor> tensor = readTensor(calibration.tensors.size());
    if (failed(tensor))
      return failure();
    calibration.tensors.push_back(std::move(*tensor));
  }
  if (calibration.tensors.empty())
    return emitError(loc) << "is a calibration without tensors";
  return calibration;
}

FailureOr<Calibration> qcc::driver::readCalibration(Session &session, StringRef path, StringRef key) {
  FailureOr<std::vector<NamedArray>> arrays = readArrays(session.nowhere(), path);
  if (failed(arrays))
    return failure();
  return CalibrationReader(fileLoc(&session.getContext(), path), *arrays).read(key);
}
