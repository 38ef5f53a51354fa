#include "compiler/target/WeightFields.h"

using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;
using llvm::ArrayRef;

WeightFields WeightFields::shifted(int64_t bits, int64_t bytes) {
  WeightFields fields = inPlace(bits, bytes);
  for (int64_t field = 0; field < fields.count; ++field)
    fields.shifts.push_back(8 * bytes - bits * (field + 1));
  return fields;
}

int64_t WeightFields::pack(ArrayRef<int64_t> weights) const {
  auto digitOf = [&](int64_t weight) -> int64_t {
    if (!areCodes)
      return weight;
    return bits == 1 ? weight > 0 : weight & ((int64_t(1) << bits) - 1);
  };
  int64_t number = 0;
  for (auto [field, weight] : llvm::enumerate(weights))
    number += digitOf(weight) * (int64_t(1) << (bits * static_cast<int64_t>(field)));
  return number;
}

WeightTable::WeightTable(ArrayRef<int64_t> book) {
  bool isBook = !book.empty() && static_cast<int64_t>(book.size()) <= size;
  for (int64_t code = 0; code < size; ++code)
    entries.push_back(isBook ? book[std::min<size_t>(code, book.size() - 1)] : llvm::SignExtend64<4>(code));
}

std::optional<int64_t> WeightTable::codeOf(int64_t weight) const {
  const auto *found = llvm::find(entries, weight);
  return found == entries.end() ? std::nullopt : std::optional<int64_t>(found - entries.begin());
}

bool WeightFields::fits(ArrayRef<int64_t> weights) const {
  if (areCodes)
    return llvm::all_of(weights,
                        [&](int64_t weight) { return areLookedUp() ? llvm::isInt<8>(weight) : std::abs(weight) == 1; });
  for (size_t field = 0; field < weights.size(); ++field)
    if (!llvm::isIntN(bits * (static_cast<int64_t>(field) + 1), pack(weights.take_front(field + 1))))
      return false;
  return true;
}

/// Prefixes are extreme where all weights are.
bool WeightFields::fits(int64_t smallestWeight, int64_t largestWeight) const {
  llvm::SmallVector<int64_t> smallest(count, smallestWeight), largest(count, largestWeight);
  return fits(smallest) && fits(largest);
}

int64_t WeightFields::sumLimit() const {
  if (bits == 1) // 2^7 times as large, in the last field
    return (int64_t(1) << 24) - 1;
  if (!areLinked())
    return INT64_MAX;
  int64_t lost = 0;
  for (int64_t field = 0; field < count; ++field)
    lost = std::max(lost, shiftOf(field) + field * bits);
  return (int64_t(1) << (31 - lost)) - 1;
}

static Val shiftLeft(Val value, int64_t bits) { return bits ? value << bits : value; }

llvm::SmallVector<Val> WeightFields::start(ArrayRef<Val> first) const {
  if (!areLinked())
    return llvm::SmallVector<Val>(first);
  llvm::SmallVector<Val> sums;
  Val prefix;
  for (auto [j, value] : llvm::enumerate(first)) {
    int64_t field = static_cast<int64_t>(j) % count;
    prefix = field ? prefix + shiftLeft(value, bits * field) : value;
    sums.push_back(shiftLeft(prefix, shiftOf(field)));
  }
  return sums;
}

llvm::SmallVector<Val> WeightFields::finish(ArrayRef<Val> sums) const {
  if (!areLinked())
    return llvm::SmallVector<Val>(sums);
  llvm::SmallVector<Val> channels;
  Val prefix;
  for (auto [j, sum] : llvm::enumerate(sums)) {
    int64_t field = static_cast<int64_t>(j) % count, shift = shiftOf(field), place = shift + bits * field;
    Val own = field ? sum - shiftLeft(prefix, shift) : sum;
    channels.push_back(place ? own >> place : own);
    prefix = field ? prefix + shiftLeft(channels.back(), bits * field) : channels.back();
  }
  return channels;
}

Val WeightFields::prefix(Val packed, int64_t field, int64_t width) const {
  int64_t top = width - bits * (field + 1), back = top - shiftOf(field);
  Val shifted = shiftLeft(packed, top);
  return back ? shifted >> back : shifted;
}
