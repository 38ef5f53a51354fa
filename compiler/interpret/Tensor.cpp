#include "compiler/interpret/Tensor.h"

#include "compiler/interpret/Arithmetic.h"
#include "dialects/qnn/Bfloat.h"

#include <cstring>

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

Tensor::Tensor(RankedTensorType type) : type(type) {
  if (isFloat())
    floats.resize(size());
  else
    codes.resize(size());
}

Tensor::Tensor(const HostTensor &host) : type(host.type) {
  if (!isFloat()) {
    codes = host.codes();
    return;
  }
  floats.resize(size());
  if (type.getElementType().isBF16())
    llvm::transform(host.codes(), floats.begin(), qnn::fromBfloatBits);
  else if (!floats.empty())
    std::memcpy(floats.data(), host.bytes.data(), floats.size() * sizeof(float));
}

void Tensor::roundFloats() {
  if (type.getElementType().isBF16())
    for (float &value : floats)
      value = qnn::fromBfloatBits(qnn::bfloatBits(value));
}

HostTensor Tensor::pack() const {
  if (!isFloat())
    return HostTensor(type, codes);
  if (type.getElementType().isBF16())
    return HostTensor(type, llvm::map_to_vector(floats, [](float value) -> int64_t { return qnn::bfloatBits(value); }));
  HostTensor host(type);
  if (!floats.empty())
    std::memcpy(host.bytes.data(), floats.data(), floats.size() * sizeof(float));
  return host;
}

std::vector<double> Tensor::reals() const {
  if (isFloat())
    return std::vector<double>(floats.begin(), floats.end());
  qnn::NumberFormat numbers = format();
  ChannelIndex channel(type);
  std::vector<double> result(codes.size());
  for (size_t i = 0; i < codes.size(); ++i)
    result[i] = numbers.decode(codes[i], channel(i));
  return result;
}

std::vector<int32_t> interpret::integersOf(const Tensor &tensor) {
  qnn::NumberFormat format = tensor.format();
  qnn::IntegerDecode decode = format.getIntegerDecode();
  std::vector<int32_t> result(tensor.codes.size());
  if (format.getChannelAxis() < 0) {
    int64_t zero = format.getZeroPoint(0);
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = wrap(decode(tensor.codes[i]) - zero);
    return result;
  }
  ChannelIndex channel(tensor.type);
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = wrap(decode(tensor.codes[i]) - format.getZeroPoint(channel(i)));
  return result;
}
