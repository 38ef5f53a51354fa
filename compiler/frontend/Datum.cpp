#include "compiler/frontend/Datum.h"

using namespace mlir;
using namespace qcc::frontend;

std::optional<double> Datum::getNumber() const {
  if (auto *integer = getIf<int64_t>())
    return static_cast<double>(*integer);
  if (auto *number = getIf<double>())
    return *number;
  return std::nullopt;
}

std::optional<SmallVector<int64_t>> Datum::getIntegers() const {
  auto *list = getIf<DatumList>();
  if (!list)
    return std::nullopt;
  SmallVector<int64_t> integers;
  for (const Datum &element : **list) {
    auto *integer = element.getIf<int64_t>();
    if (!integer)
      return std::nullopt;
    integers.push_back(*integer);
  }
  return integers;
}

std::string Datum::describe() const {
  if (isNone())
    return "none";
  if (auto *integer = getIf<int64_t>())
    return std::to_string(*integer);
  if (auto *number = getIf<double>())
    return showNumber(*number);
  if (auto *flag = getIf<bool>())
    return *flag ? "true" : "false";
  if (auto *text = getIf<std::string>())
    return '"' + text->substr(0, 40) + (text->size() > 40 ? "...\"" : "\"");
  if (auto *format = getIf<FormatSpec>())
    return "the format " + format->name();
  if (auto *tensor = getIf<mlir::Value>())
    return "a tensor " + showType(tensor->getType());
  auto &list = *std::get<DatumList>(data);
  constexpr size_t fewElements = 8;
  bool isShort = list.size() <= fewElements && llvm::all_of(list, [](const Datum &d) { return d.getNumber(); });
  if (!isShort)
    return "a list of " + std::to_string(list.size());
  std::string text = "[";
  for (const Datum &element : list)
    text += (text.size() > 1 ? ", " : "") + element.describe();
  return text + "]";
}
