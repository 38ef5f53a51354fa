#include "compiler/support/Names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

bool qcc::isIdentifier(llvm::StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

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
