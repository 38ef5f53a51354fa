#include "compiler/import/weights/Arrays.h"
#include "compiler/import/weights/Npz.h"
#include "compiler/import/weights/Safetensors.h"
#include "compiler/support/Files.h"
#include "dialects/qnn/QnnDialect.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qcc;
namespace endian = llvm::support::endian;

int64_t NamedArray::size() const {
  int64_t count = 1;
  for (int64_t dimension : shape)
    count *= dimension;
  return count;
}

double NamedArray::getFloat(int64_t index) const {
  const char *element = bytes.data() + index * bytesPerElement;
  if (bytesPerElement == 8)
    return llvm::bit_cast<double>(endian::read64le(element));
  return llvm::bit_cast<float>(endian::read32le(element));
}

int64_t NamedArray::getInteger(int64_t index) const {
  const char *element = bytes.data() + index * bytesPerElement;
  uint64_t code = 0;
  for (unsigned byte = 0; byte < bytesPerElement; ++byte)
    code |= static_cast<uint64_t>(static_cast<uint8_t>(element[byte])) << (8 * byte);
  return kind == 'i' ? llvm::SignExtend64(code, 8 * bytesPerElement) : static_cast<int64_t>(code);
}

std::string NamedArray::describe() const {
  std::string type = kind == 'b' ? "bool" : kind + std::to_string(8 * bytesPerElement);
  return type + showShape(shape);
}

std::optional<int64_t> qcc::checkedByteSize(ArrayRef<int64_t> shape, unsigned bytesPerElement) {
  // Zero dimensions do not excuse an overflow of the others: a size is computed in any order later.
  int64_t bytes = bytesPerElement;
  bool isEmpty = false;
  for (int64_t dimension : shape) {
    if (dimension < 0)
      return std::nullopt;
    isEmpty |= dimension == 0;
    if (llvm::MulOverflow(bytes, std::max<int64_t>(dimension, 1), bytes))
      return std::nullopt;
  }
  return isEmpty ? 0 : bytes;
}

void qcc::widenToFloat32(NamedArray &array, bool isBfloat16) {
  const llvm::fltSemantics &from = isBfloat16 ? llvm::APFloat::BFloat() : llvm::APFloat::IEEEhalf();
  std::vector<char> wide(array.size() * 4);
  for (int64_t index = 0, count = array.size(); index < count; ++index) {
    uint16_t code = endian::read16le(array.bytes.data() + 2 * index);
    llvm::APFloat value(from, llvm::APInt(16, code));
    bool losesInfo;
    value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    endian::write32le(wide.data() + 4 * index, static_cast<uint32_t>(value.bitcastToAPInt().getZExtValue()));
  }
  array.bytes = std::move(wide);
  array.bytesPerElement = 4;
}

//===-- Readers -----------------------------------------------------------------------===//

ArrayReader::ArrayReader(NamedArray array) : form(array), half(Half::None) {
  form.bytes.clear();
  readBytes = [bytes = std::move(array.bytes)](uint64_t offset, MutableArrayRef<char> out) {
    llvm::copy(ArrayRef(bytes).slice(offset, out.size()), out.begin());
    return success();
  };
}

ArrayReader::ReadBytes FileBytes::reader() const {
  return [file = *this](uint64_t offset, MutableArrayRef<char> out) {
    llvm::copy(file.bytes.substr(offset, out.size()), out.begin());
    return success();
  };
}

FailureOr<NamedArray> ArrayReader::read(ArrayRef<int64_t> shape, uint64_t firstElement) const {
  NamedArray array = form;
  array.shape.assign(shape.begin(), shape.end());
  unsigned width = half == Half::None ? form.bytesPerElement : 2;
  array.bytes.resize(array.size() * width);
  if (failed(readBytes(firstElement * width, array.bytes)))
    return failure();
  if (half != Half::None)
    widenToFloat32(array, half == Half::Bfloat);
  return array;
}

FailureOr<NamedArray> ArrayReader::read(int64_t first, int64_t count) const {
  SmallVector<int64_t> shape(form.shape);
  shape.front() = 1;
  NamedArray row;
  row.shape = shape;
  shape.front() = count;
  return read(shape, first * row.size());
}

FailureOr<NamedArray> ArrayReader::readAll() const { return read(form.shape, 0); }

FailureOr<std::vector<ArrayReader>> qcc::openArrays(Location loc, StringRef path) {
  StringRef extension = llvm::sys::path::extension(path);
  if (extension != ".npz" && extension != ".npy" && extension != ".safetensors")
    return emitError(loc) << "expects a .npz, .npy or .safetensors file, but got '" << path << "'";
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> file = readFile(loc, path);
  if (failed(file))
    return failure();
  FileBytes bytes{(*file)->getBuffer(), std::move(*file)};
  return extension == ".safetensors" ? openSafetensors(loc.getContext(), path, bytes)
                                     : openNpz(loc.getContext(), path, bytes);
}

FailureOr<std::vector<NamedArray>> qcc::readAll(ArrayRef<ArrayReader> readers) {
  std::vector<NamedArray> arrays;
  for (const ArrayReader &reader : readers) {
    FailureOr<NamedArray> array = reader.readAll();
    if (failed(array))
      return failure();
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

FailureOr<std::vector<NamedArray>> qcc::readArrays(Location loc, StringRef path) {
  FailureOr<std::vector<ArrayReader>> readers = openArrays(loc, path);
  if (failed(readers))
    return failure();
  return readAll(*readers);
}
