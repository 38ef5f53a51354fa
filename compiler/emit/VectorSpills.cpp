#include "compiler/emit/VectorSpills.h"

#include "llvm/CodeGen/MachineOptimizationRemarkEmitter.h"
#include "llvm/IR/DiagnosticHandler.h"

using namespace qcc;
using llvm::StringRef;

static constexpr StringRef passName = "stack-frame-layout";

class VectorSpills::Reader : public llvm::DiagnosticHandler {
public:
  explicit Reader(llvm::StringMap<int64_t> &bytes) : bytes(bytes) {}
  bool isAnalysisRemarkEnabled(StringRef pass) const override { return pass == passName; }
  bool isAnyRemarkEnabled() const override { return true; }
  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    auto *remark = llvm::dyn_cast<llvm::MachineOptimizationRemarkAnalysis>(&info);
    if (!remark || remark->getPassName() != passName)
      return false;
    for (const auto &argument : remark->getArgs())
      if (argument.Key == "Size")
        bytes[remark->getFunction().getName()] += scalableBytes(argument.Val);
    return true;
  }

private:
  /// Of "vscale x <bytes>": so many for each 64 bits of a register. Other slots are a number.
  static int64_t scalableBytes(StringRef size) {
    constexpr int64_t unitBits = 64;
    int64_t number;
    bool isScalable = size.consume_front("vscale x ") && !size.getAsInteger(10, number);
    return isScalable ? number * (largestVectorBits / unitBits) : 0;
  }
  llvm::StringMap<int64_t> &bytes;
};

VectorSpills::VectorSpills(llvm::LLVMContext &context) : context(context), before(context.getDiagnosticHandler()) {
  context.setDiagnosticHandler(std::make_unique<Reader>(bytes));
}

VectorSpills::~VectorSpills() { context.setDiagnosticHandler(std::move(before)); }
