// Stack that vectors take whose length only the core knows.
#ifndef QCC_COMPILER_EMIT_VECTORSPILLS_H
#define QCC_COMPILER_EMIT_VECTORSPILLS_H

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/LLVMContext.h"

namespace qcc {

/// While it lives, learns from LLVM's remarks on the layout of frames what code generation in a context spills to slots
/// that are as long as the core's registers. What LLVM says of a frame's size does not count them.
class VectorSpills {
public:
  explicit VectorSpills(llvm::LLVMContext &context);
  ~VectorSpills();
  VectorSpills(const VectorSpills &) = delete;

  /// Bytes of such slots in a function's frame, on cores whose registers have at most `largestVectorBits`.
  int64_t bytesOf(llvm::StringRef function) const { return bytes.lookup(function); }

private:
  class Reader;
  /// The longest registers of cores that objects are meant for.
  static constexpr int64_t largestVectorBits = 1024;

  llvm::LLVMContext &context;
  std::unique_ptr<llvm::DiagnosticHandler> before;
  llvm::StringMap<int64_t> bytes; // per function
};

} // namespace qcc

#endif // QCC_COMPILER_EMIT_VECTORSPILLS_H
