#include "compiler/codegen/ConstantBytes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace qcc::codegen;

/// The array of a module, which is made if there is none.
static LLVM::GlobalOp arrayOf(OpBuilder &b, Location loc, ArrayRef<int8_t> bytes) {
  auto module = b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  auto type = RankedTensorType::get({static_cast<int64_t>(bytes.size())}, b.getI8Type());
  auto value = DenseElementsAttr::get(type, bytes);
  constexpr StringRef prefix = "table.";
  int64_t number = 0;
  for (auto global : module.getOps<LLVM::GlobalOp>()) {
    if (!global.getName().starts_with(prefix))
      continue;
    if (global.getValueOrNull() == value)
      return global;
    ++number;
  }
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  return LLVM::GlobalOp::create(b, loc, LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size()), /*isConstant=*/true,
                                LLVM::Linkage::Internal, (prefix + Twine(number)).str(), value);
}

Val qcc::codegen::constantBytes(KernelBuilder &k, ArrayRef<int8_t> bytes) {
  return k.val(LLVM::AddressOfOp::create(k.b, k.loc, arrayOf(k.b, k.loc, bytes)));
}
