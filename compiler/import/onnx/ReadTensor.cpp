#include "compiler/import/onnx/ReadTensor.h"

#include "compiler/import/onnx/Schema.h"
#include "compiler/support/Files.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using schema::TensorProto;

std::string qcc::onnx::nameOfType(int32_t type) {
  if (TensorProto::DataType_IsValid(type)) {
    static constexpr StringRef names[] = {"UNDEFINED", "FLOAT", "UINT8",  "INT8", "UINT16",  "INT16",
                                          "INT32",     "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE"};
    return names[type].str();
  }
  return "element type " + std::to_string(type);
}

namespace {

/// Elements as they lie in raw data: bytes of each, and how they are read.
struct Storage {
  int64_t bytes;
  bool isFloat;
};

std::optional<Storage> storageOf(int32_t type) {
  switch (type) {
  case TensorProto::FLOAT:
    return Storage{4, true};
  case TensorProto::DOUBLE:
    return Storage{8, true};
  case TensorProto::UINT8:
  case TensorProto::INT8:
  case TensorProto::BOOL:
    return Storage{1, false};
  case TensorProto::UINT16:
  case TensorProto::INT16:
    return Storage{2, false};
  case TensorProto::INT32:
    return Storage{4, false};
  case TensorProto::INT64:
    return Storage{8, false};
  default:
    return std::nullopt;
  }
}

int64_t readInteger(int32_t type, const char *data) {
  using namespace llvm::support::endian;
  switch (type) {
  case TensorProto::INT8:
    return static_cast<int8_t>(*data);
  case TensorProto::UINT16:
    return read16le(data);
  case TensorProto::INT16:
    return static_cast<int16_t>(read16le(data));
  case TensorProto::INT32:
    return static_cast<int32_t>(read32le(data));
  case TensorProto::INT64:
    return static_cast<int64_t>(read64le(data));
  default:
    return static_cast<uint8_t>(*data);
  }
}

float readFloat(int32_t type, const char *data) {
  if (type == TensorProto::FLOAT)
    return llvm::bit_cast<float>(llvm::support::endian::read32le(data));
  return static_cast<float>(llvm::bit_cast<double>(llvm::support::endian::read64le(data)));
}

/// Reads one tensor.
class TensorReader {
public:
  TensorReader(const TensorProto &tensor, Array type, Location location, StringRef folder)
      : tensor(tensor), location(location), folder(folder), array(std::move(type)), count(*countElements(array.shape)) {
  }
  FailureOr<Array> read();

private:
  InFlightDiagnostic error() const { return emitError(location); }
  LogicalResult readRaw(StringRef data, int64_t bytesOfEach);
  LogicalResult readExternal(int64_t bytesOfEach);
  template <typename Field> LogicalResult readField(const Field &field);
  LogicalResult readFields();

  const TensorProto &tensor;
  Location location;
  StringRef folder;
  Array array;
  int64_t count;
};

} // namespace

LogicalResult TensorReader::readRaw(StringRef data, int64_t bytesOfEach) {
  if (static_cast<int64_t>(data.size()) != count * bytesOfEach)
    return error() << "has " << data.size() << " bytes of data, but its shape needs " << count * bytesOfEach;
  array.reserve(count);
  for (int64_t i = 0; i < count; ++i)
    if (array.isFloat)
      array.floats.push_back(readFloat(tensor.data_type(), data.data() + i * bytesOfEach));
    else
      array.integers.push_back(readInteger(tensor.data_type(), data.data() + i * bytesOfEach));
  return success();
}

/// Data in a file beside the model: `location` is relative to the model's folder, and may not lead out of it, not even
/// through links.
LogicalResult TensorReader::readExternal(int64_t bytesOfEach) {
  std::string path;
  uint64_t offset = 0, length = UINT64_MAX;
  for (const schema::StringStringEntryProto &entry : tensor.external_data()) {
    if (entry.key() == "location")
      path = entry.value();
    else if ((entry.key() == "offset" && StringRef(entry.value()).getAsInteger(10, offset)) ||
             (entry.key() == "length" && StringRef(entry.value()).getAsInteger(10, length)))
      return error() << "has external data with the " << entry.key() << " '" << entry.value()
                     << "', which is no number";
  }
  SmallString<256> full(folder), realFolder, realPath;
  llvm::sys::path::append(full, path);
  if (path.empty() || llvm::sys::path::is_absolute(path) ||
      llvm::sys::fs::real_path(folder.empty() ? "." : folder, realFolder))
    return error() << "has its data in '" << path << "', but external data must lie in the model's folder";
  if (std::error_code reason = llvm::sys::fs::real_path(full, realPath))
    return error() << "has its data in '" << path << "', which cannot be read: " << reason.message();
  realFolder += llvm::sys::path::get_separator();
  if (!StringRef(realPath).starts_with(realFolder))
    return error() << "has its data in '" << path << "', but external data must lie in the model's folder";
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> file = readFile(location, realPath);
  if (failed(file))
    return failure();
  StringRef bytes = (*file)->getBuffer();
  if (length == UINT64_MAX)
    length = count * bytesOfEach;
  if (offset > bytes.size() || length > bytes.size() - offset)
    return error() << "has " << length << " bytes of data from " << offset << " on in '" << path
                   << "', but the file has " << bytes.size();
  return readRaw(bytes.substr(offset, length), bytesOfEach);
}

template <typename Field> LogicalResult TensorReader::readField(const Field &field) {
  if (field.size() != count)
    return error() << "has " << field.size() << " elements, but its shape needs " << count;
  array.reserve(count);
  for (auto number : field)
    if (array.isFloat)
      array.floats.push_back(static_cast<float>(number));
    else
      array.integers.push_back(static_cast<int64_t>(number));
  return success();
}

LogicalResult TensorReader::readFields() {
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return readField(tensor.float_data());
  case TensorProto::DOUBLE:
    return readField(tensor.double_data());
  case TensorProto::INT64:
    return readField(tensor.int64_data());
  default:
    return readField(tensor.int32_data());
  }
}

FailureOr<Array> TensorReader::read() {
  int64_t bytesOfEach = storageOf(tensor.data_type())->bytes;
  LogicalResult result = tensor.data_location() == TensorProto::EXTERNAL ? readExternal(bytesOfEach)
                         : tensor.has_raw_data()                         ? readRaw(tensor.raw_data(), bytesOfEach)
                                                                         : readFields();
  if (failed(result))
    return failure();
  return std::move(array);
}

FailureOr<Array> qcc::onnx::readTensorType(const TensorProto &tensor, Location location) {
  std::optional<Storage> storage = storageOf(tensor.data_type());
  if (!storage)
    return emitError(location) << "has the type " << nameOfType(tensor.data_type()) << ", which is not supported";
  Array type;
  type.isFloat = storage->isFloat;
  type.type = tensor.data_type();
  type.shape.assign(tensor.dims().begin(), tensor.dims().end());
  if (!countElements(type.shape))
    return emitError(location) << "expects dimensions that are not negative, and fewer than 2^31 elements";
  return type;
}

FailureOr<Array> qcc::onnx::readTensor(const TensorProto &tensor, Location location, StringRef folder) {
  FailureOr<Array> type = readTensorType(tensor, location);
  if (failed(type))
    return failure();
  return TensorReader(tensor, std::move(*type), location, folder).read();
}
