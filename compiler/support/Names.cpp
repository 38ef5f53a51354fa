#include "compiler/support/Names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

std::string qcc::identifierOf(llvm::StringRef name) {
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result.front()))
    result = "model_" + result;
  return result;
}

std::string qcc::printableName(llvm::StringRef name) {
  std::string result = name.str();
  for (char &c : result)
    if (llvm::isASCII(c) && !llvm::isPrint(c))
      c = '?';
  return result;
}

std::string qcc::showShape(llvm::ArrayRef<int64_t> shape) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  stream << '[';
  llvm::interleaveComma(shape, stream);
  stream << ']';
  return result;
}
