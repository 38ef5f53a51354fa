// Reads flexbuffers as untrusted input.
#include "compiler/import/tflite/CustomOptions.h"

#include "flatbuffers/flexbuffers.h"

using namespace mlir;
using namespace qcc::tflite;

static constexpr size_t maximumBytes = 1 << 16; // Converters write some 200.

FailureOr<SmallVector<int64_t>> qcc::tflite::readCustomOptions(OperatorImport &op, ArrayRef<CustomOption> options) {
  ArrayRef<uint8_t> bytes = op.customOptions();
  if (bytes.size() > maximumBytes)
    return op.error() << "expects at most " << maximumBytes << " bytes of options, but has " << bytes.size();
  // Aligned, which the file does not promise, and with a zero behind the last byte: the verifier of flatbuffers 2 does
  // not look for the end of a key.
  std::vector<uint64_t> copy(bytes.size() / sizeof(uint64_t) + 1);
  llvm::copy(bytes, reinterpret_cast<uint8_t *>(copy.data()));
  const auto *data = reinterpret_cast<const uint8_t *>(copy.data());
  std::vector<uint8_t> verified;
  if (!flexbuffers::VerifyBuffer(data, bytes.size(), &verified) || !flexbuffers::GetRoot(data, bytes.size()).IsMap())
    return op.error() << "expects a flexbuffer with a map as options, but has " << bytes.size()
                      << " bytes of something else";
  flexbuffers::Map map = flexbuffers::GetRoot(data, bytes.size()).AsMap();
  SmallVector<int64_t> values;
  for (const CustomOption &option : options) {
    flexbuffers::Reference reference = map[option.name];
    if (!reference.IsIntOrUint())
      return op.error() << "expects the option '" << option.name << "', an integer, but has none";
    int64_t value = reference.AsInt64();
    if (value < option.least || value > option.most)
      return op.error() << "expects the option '" << option.name << "' from " << option.least << " to " << option.most
                        << ", but got " << value;
    values.push_back(value);
  }
  return values;
}
