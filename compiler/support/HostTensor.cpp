#include "compiler/support/HostTensor.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace qcc;

HostTensor::HostTensor(RankedTensorType type)
    : type(type), bytes(qnn::getFormat(type).getPackedBytes(type.getNumElements())) {}

HostTensor::HostTensor(RankedTensorType type, ArrayRef<int64_t> codes) : type(type) {
  SmallVector<char> packed;
  qnn::getFormat(type).pack(codes, packed);
  bytes.assign(packed.begin(), packed.end());
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
  std::vector<int64_t> codes(type.getNumElements(), qnn::getFormat(type).encode(number));
  return HostTensor(type, codes);
}

DenseResourceElementsAttr qcc::makeResource(RankedTensorType type, StringRef key, std::vector<char> bytes) {
  // The vector travels with the blob and is freed by its deleter. Alignment 16 at most: more breaks bytecode.
  auto owner = std::make_unique<std::vector<char>>(std::move(bytes));
  ArrayRef<char> data(*owner);
  AsmResourceBlob blob(
      data, /*dataAlignment=*/8, [owner = std::move(owner)](void *, size_t, size_t) {}, /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(qnn::getStorageType(type), key, std::move(blob));
}
