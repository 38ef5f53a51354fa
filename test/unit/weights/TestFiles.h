// Bytes and arrays for the tests of the weight readers.
#ifndef QCC_TEST_UNIT_WEIGHTS_TESTFILES_H
#define QCC_TEST_UNIT_WEIGHTS_TESTFILES_H

#include "catch2/catch.hpp"
#include "compiler/import/weights/Arrays.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

/// A folder of its own that goes with the test.
struct TestFolder {
  TestFolder() { REQUIRE(!llvm::sys::fs::createUniqueDirectory("qcc-unit", folder)); }
  ~TestFolder() { llvm::sys::fs::remove_directories(folder); }
  std::string path(llvm::StringRef name) const { return (folder + "/" + name).str(); }
  /// Names of all files in it, sorted.
  std::vector<std::string> list() const {
    std::vector<std::string> names;
    std::error_code code;
    for (llvm::sys::fs::directory_iterator it(folder, code), end; it != end && !code; it.increment(code))
      names.push_back(llvm::sys::path::filename(it->path()).str());
    llvm::sort(names);
    return names;
  }
  llvm::SmallString<128> folder;
};

inline std::string readBytes(llvm::StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  REQUIRE(file);
  return (*file)->getBuffer().str();
}

/// `value` as `count` little-endian bytes.
inline std::string little(uint64_t value, unsigned count) {
  std::string bytes;
  for (unsigned i = 0; i < count; ++i, value >>= 8)
    bytes.push_back(static_cast<char>(value));
  return bytes;
}

/// An array of every element type and of many shapes, with bytes that count up (bools: 0 and 1).
inline std::vector<qcc::NamedArray> someArrays() {
  std::vector<qcc::NamedArray> arrays;
  const std::pair<char, unsigned> types[] = {{'f', 4}, {'f', 8}, {'i', 1}, {'i', 2}, {'i', 4}, {'i', 8},
                                             {'u', 1}, {'u', 2}, {'u', 4}, {'u', 8}, {'b', 1}};
  const llvm::SmallVector<int64_t> shapes[] = {{}, {1}, {3}, {0}, {2, 3}, {4, 0, 5}, {2, 1, 3, 2}};
  for (auto [kind, width] : types)
    for (const auto &shape : shapes) {
      qcc::NamedArray array{"a" + std::to_string(arrays.size()) + ".weight", kind, width, shape, {}};
      array.bytes.resize(array.size() * width);
      for (size_t i = 0; i < array.bytes.size(); ++i)
        array.bytes[i] = static_cast<char>(kind == 'b' ? i % 2 : i + 1);
      arrays.push_back(array);
    }
  return arrays;
}

#endif // QCC_TEST_UNIT_WEIGHTS_TESTFILES_H
