#include "compiler/support/HostTensor.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinDialect.h"

using namespace mlir;
using namespace qcc;

HostTensor::HostTensor(RankedTensorType type)
    : type(type), bytes(qnn::getFormat(type).getPackedBytes(type.getNumElements())) {}

HostTensor::HostTensor(RankedTensorType type, ArrayRef<int64_t> codes) : type(type) {
  SmallVector<char> packed;
  qnn::getFormat(type).pack(codes, packed);
  bytes.assign(packed.begin(), packed.end());
}

HostTensor::HostTensor(RankedTensorType type, llvm::function_ref<int64_t(int64_t)> codeOf) : type(type) {
  qnn::NumberFormat numbers = format();
  constexpr int64_t atOnce = 1024; // whole bytes, whatever the bits of a code
  bytes.reserve(numbers.getPackedBytes(size()));
  SmallVector<int64_t> codes;
  SmallVector<char> packed;
  for (int64_t begin = 0, end = 0; begin < size(); begin = end) {
    end = std::min(begin + atOnce, size());
    codes.clear();
    for (int64_t i = begin; i < end; ++i)
      codes.push_back(codeOf(i));
    numbers.pack(codes, packed);
    bytes.insert(bytes.end(), packed.begin(), packed.end());
  }
}

std::vector<int64_t> HostTensor::codes() const {
  std::vector<int64_t> result(size());
  qnn::NumberFormat numbers = format();
  for (size_t index = 0; index < result.size(); ++index)
    result[index] = numbers.unpack(bytes, index);
  return result;
}

ChannelIndex::ChannelIndex(RankedTensorType type) {
  int64_t axis = qnn::getFormat(type).getChannelAxis();
  if (axis < 0)
    return;
  count = type.getDimSize(axis);
  inner = ShapedType::getNumElements(type.getShape().drop_front(axis + 1));
}

HostTensor qcc::filledTensor(RankedTensorType type, double number) {
  int64_t code = qnn::getFormat(type).encode(number);
  return HostTensor(type, [=](int64_t) { return code; });
}

DenseResourceElementsAttr qcc::makeResource(RankedTensorType type, StringRef key, std::vector<char> bytes) {
  // The vector travels with the blob and is freed by its deleter. Alignment 16 at most: more breaks bytecode.
  auto owner = std::make_unique<std::vector<char>>(std::move(bytes));
  ArrayRef<char> data(*owner);
  AsmResourceBlob blob(
      data, /*dataAlignment=*/8, [owner = std::move(owner)](void *, size_t, size_t) {}, /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(qnn::getStorageType(type), key, std::move(blob));
}

void qcc::releaseResource(MLIRContext *context, StringRef key) {
  DenseResourceElementsHandle::getManagerInterface(context).update(key, AsmResourceBlob());
}
