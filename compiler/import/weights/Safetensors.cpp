#include "compiler/import/weights/Safetensors.h"
#include "compiler/support/Diagnostics.h"
#include "compiler/support/Files.h"
#include "dialects/qnn/QnnDialect.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace qcc;
namespace endian = llvm::support::endian;
namespace json = llvm::json;

namespace {
constexpr uint64_t maxHeaderBytes = 100'000'000;
constexpr unsigned maxRank = 64;

struct ElementType {
  StringRef name;
  char kind;
  unsigned bytes;
};
/// The 16-bit floats are widened when they are read; those that are written are bfloat16, which comes first here.
constexpr ElementType elementTypes[] = {{"F64", 'f', 8}, {"F32", 'f', 4}, {"BF16", 'f', 2}, {"F16", 'f', 2},
                                        {"I64", 'i', 8}, {"I32", 'i', 4}, {"I16", 'i', 2},  {"I8", 'i', 1},
                                        {"U64", 'u', 8}, {"U32", 'u', 4}, {"U16", 'u', 2},  {"U8", 'u', 1},
                                        {"BOOL", 'b', 1}};

/// One entry of the header.
struct Tensor {
  std::string name;
  const ElementType *type;
  SmallVector<int64_t> shape;
  uint64_t begin, end;
};
} // namespace

/// What the JSON parser does not check: it recurses without a bound, and the last of two equal keys wins.
static LogicalResult verifyJsonText(Location loc, StringRef text) {
  constexpr int maxDepth = 8;
  llvm::StringSet<> keys;
  int depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '{' || c == '[')
      ++depth;
    else if (c == '}' || c == ']')
      --depth;
    if (depth > maxDepth)
      return emitError(loc) << "has a header nested deeper than " << maxDepth << " levels at byte " << at + 8;
    if (c != '"')
      continue;
    size_t begin = at++;
    while (at < text.size() && text[at] != '"')
      at += text[at] == '\\' ? 2 : 1;
    if (depth != 1 || at >= text.size() || !text.drop_front(at + 1).ltrim(" \t\r\n").starts_with(":"))
      continue;
    llvm::Expected<json::Value> key = json::parse(text.slice(begin, at + 1));
    if (!key)
      return emitError(loc) << "has a header that is not valid JSON: " << llvm::toString(key.takeError());
    if (!keys.insert(*key->getAsString()).second)
      return emitError(loc) << "has two tensors named '" << *key->getAsString() << "'";
  }
  return success();
}

/// Reads the integers of a JSON array; false if there is anything else, or more than `maximum` of them.
static bool getIntegers(const json::Array *array, size_t maximum, SmallVectorImpl<int64_t> &values) {
  if (!array || array->size() > maximum)
    return false;
  for (const json::Value &element : *array) {
    std::optional<int64_t> value = element.getAsInteger();
    if (!value || *value < 0)
      return false;
    values.push_back(*value);
  }
  return true;
}

static FailureOr<Tensor> parseTensor(Location loc, StringRef name, const json::Value &value, uint64_t dataBytes) {
  auto error = [&] { return emitError(loc) << "tensor '" << name << "': "; };
  const json::Object *object = value.getAsObject();
  if (!object || object->size() != 3)
    return error() << "expects exactly the keys dtype, shape and data_offsets";
  std::optional<StringRef> typeName = object->getString("dtype");
  if (!typeName)
    return error() << "has no dtype";
  const ElementType *type = llvm::find_if(elementTypes, [&](const ElementType &t) { return t.name == *typeName; });
  if (type == std::end(elementTypes))
    return error() << "has the dtype '" << *typeName
                   << "', which is not supported; expects F64, F32, F16, BF16, I8 to I64, U8 to U64 or BOOL";
  Tensor tensor{name.str(), type, {}, 0, 0};
  if (!getIntegers(object->getArray("shape"), maxRank, tensor.shape))
    return error() << "expects a shape of at most " << maxRank << " integers of at least 0";
  SmallVector<int64_t> offsets;
  if (!getIntegers(object->getArray("data_offsets"), 2, offsets) || offsets.size() != 2)
    return error() << "expects data_offsets of two integers of at least 0";
  tensor.begin = offsets[0];
  tensor.end = offsets[1];
  if (tensor.begin > tensor.end || tensor.end > dataBytes)
    return error() << "expects data_offsets within the file's " << dataBytes << " bytes of data, but got "
                   << tensor.begin << " to " << tensor.end;
  std::optional<int64_t> bytes = checkedByteSize(tensor.shape, type->bytes);
  if (!bytes || static_cast<uint64_t>(*bytes) != tensor.end - tensor.begin)
    return error() << "has " << tensor.end - tensor.begin << " bytes of data, which do not fit " << *typeName
                   << showShape(tensor.shape);
  return tensor;
}

static FailureOr<json::Object> parseHeader(Location loc, StringRef text) {
  if (failed(verifyJsonText(loc, text)))
    return failure();
  llvm::Expected<json::Value> root = json::parse(text);
  if (!root)
    return emitError(loc) << "has a header that is not valid JSON: " << llvm::toString(root.takeError());
  json::Object *object = root->getAsObject();
  if (!object)
    return emitError(loc) << "expects an object as header";
  return std::move(*object);
}

FailureOr<std::vector<ArrayReader>> qcc::openSafetensors(MLIRContext *context, StringRef path, FileBytes file) {
  StringRef buffer = file.bytes;
  Location loc = fileLoc(context, path);
  if (buffer.size() < 8)
    return emitError(loc) << "is not a safetensors file: has only " << buffer.size() << " bytes";
  uint64_t headerBytes = endian::read64le(buffer.data());
  if (headerBytes > maxHeaderBytes || headerBytes > buffer.size() - 8)
    return emitError(loc) << "is not a safetensors file, or is truncated: the header should have " << headerBytes
                          << " bytes, but " << buffer.size() - 8 << " follow";
  FailureOr<json::Object> header = parseHeader(loc, buffer.substr(8, headerBytes));
  if (failed(header))
    return failure();
  StringRef data = buffer.drop_front(8 + headerBytes);
  std::vector<Tensor> tensors;
  for (const auto &[key, value] : *header) {
    if (StringRef(key) == "__metadata__")
      continue;
    FailureOr<Tensor> tensor = parseTensor(loc, StringRef(key), value, data.size());
    if (failed(tensor))
      return failure();
    tensors.push_back(std::move(*tensor));
  }
  llvm::sort(tensors, [](const Tensor &a, const Tensor &b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });

  std::vector<ArrayReader> arrays;
  uint64_t covered = 0;
  for (const Tensor &tensor : tensors) {
    if (tensor.begin != covered)
      return emitError(loc) << "tensor '" << tensor.name << "': expects its data from byte " << covered
                            << ", where the tensor before it ends, but they begin at " << tensor.begin;
    covered = tensor.end;
    StringRef bytes = data.slice(tensor.begin, tensor.end);
    bool isHalf = tensor.type->kind == 'f' && tensor.type->bytes == 2;
    auto half = !isHalf                       ? ArrayReader::Half::None
                : tensor.type->name == "BF16" ? ArrayReader::Half::Bfloat
                                              : ArrayReader::Half::Ieee;
    arrays.emplace_back(NamedArray{tensor.name, tensor.type->kind, isHalf ? 4 : tensor.type->bytes, tensor.shape, {}},
                        half, FileBytes{bytes, file.owner}.reader());
  }
  if (covered != data.size())
    return emitError(loc) << "has " << data.size() << " bytes of data, but its tensors cover " << covered;
  return arrays;
}

FailureOr<std::vector<NamedArray>> qcc::parseSafetensors(MLIRContext *context, StringRef path, StringRef buffer) {
  FailureOr<std::vector<ArrayReader>> readers = openSafetensors(context, path, {buffer});
  if (failed(readers))
    return failure();
  return readAll(*readers);
}

FailureOr<std::vector<NamedArray>> qcc::readSafetensors(MLIRContext *context, StringRef path) {
  auto file = readFile(UnknownLoc::get(context), path);
  if (failed(file))
    return failure();
  return parseSafetensors(context, path, (*file)->getBuffer());
}

static StringRef elementTypeName(const NamedArray &array) {
  const ElementType *type = llvm::find_if(
      elementTypes, [&](const ElementType &t) { return t.kind == array.kind && t.bytes == array.bytesPerElement; });
  assert(type != std::end(elementTypes) && "no such array is read or made");
  return type->name;
}

/// The header, padded with spaces so that the data begin at a multiple of 8.
static std::string makeHeader(ArrayRef<const NamedArray *> arrays) {
  std::string header;
  llvm::raw_string_ostream text(header);
  json::OStream writer(text);
  uint64_t offset = 0;
  writer.object([&] {
    for (const NamedArray *array : arrays)
      writer.attributeObject(array->name, [&] {
        writer.attribute("dtype", elementTypeName(*array));
        writer.attributeArray("shape", [&] {
          for (int64_t dimension : array->shape)
            writer.value(dimension);
        });
        writer.attributeArray("data_offsets", [&] {
          writer.value(static_cast<int64_t>(offset));
          offset += array->bytes.size();
          writer.value(static_cast<int64_t>(offset));
        });
      });
  });
  writer.flush();
  header.append(llvm::offsetToAlignment(header.size(), llvm::Align(8)), ' ');
  return header;
}

LogicalResult qcc::writeSafetensors(MLIRContext *context, StringRef path, ArrayRef<NamedArray> arrays) {
  Location loc = fileLoc(context, path);
  llvm::StringSet<> names;
  for (const NamedArray &array : arrays) {
    if (array.name == "__metadata__" || !json::isUTF8(array.name))
      return emitError(loc) << "cannot hold an array named '" << array.name << "'";
    if (!names.insert(array.name).second)
      return emitError(loc) << "cannot hold two arrays named '" << array.name << "'";
  }
  SmallVector<const NamedArray *> ordered;
  for (unsigned width : {8, 4, 2, 1})
    for (const NamedArray &array : arrays)
      if (array.bytesPerElement == width)
        ordered.push_back(&array);
  std::string header = makeHeader(ordered);
  return writeFile(UnknownLoc::get(context), path, [&](llvm::raw_ostream &stream) {
    char size[8];
    endian::write64le(size, header.size());
    stream.write(size, sizeof(size)) << header;
    for (const NamedArray *array : ordered)
      stream.write(array->bytes.data(), array->bytes.size());
  });
}
