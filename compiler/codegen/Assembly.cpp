#include "compiler/codegen/Assembly.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

std::string Assembly::addOutput(Type type, StringRef constraint) {
  outputs.push_back(type);
  constraints.push_back(constraint.empty() ? this->constraint : constraint);
  return "$" + std::to_string(outputs.size() - 1);
}

std::string Assembly::inOut(Val value, StringRef constraint) {
  inputs.emplace_back(outputs.size(), value);
  return addOutput(value.type(), constraint);
}

/// Operands are numbered outputs first, then what they begin with, then these: a name until then.
static std::string nameOfInput(size_t index) { return "<input " + std::to_string(index) + ">"; }

std::string Assembly::input(Val value) {
  readOnly.push_back(value);
  return nameOfInput(readOnly.size() - 1);
}

std::string Assembly::temporary(Type type, StringRef constraint) { return addOutput(type, constraint); }

void Assembly::emit() {
  std::string list;
  for (StringRef output : constraints)
    list += "=&" + output.str() + ",";
  SmallVector<Value> operands;
  for (const auto &[output, value] : inputs) {
    list += std::to_string(output) + ",";
    operands.push_back(value);
  }
  for (auto [index, value] : llvm::enumerate(readOnly)) {
    std::string name = nameOfInput(index), number = "$" + std::to_string(outputs.size() + operands.size());
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, name.size(), number);
    list += constraint.str() + ",";
    operands.push_back(value);
  }
  list += clobbers;
  Type type = LLVM::LLVMStructType::getLiteral(k.b.getContext(), outputs);
  auto block = LLVM::InlineAsmOp::create(k.b, k.loc, type, operands, text, list, /*has_side_effects=*/true,
                                         /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None,
                                         LLVM::AsmDialectAttr(), ArrayAttr());
  for (int64_t output = 0; output < static_cast<int64_t>(outputs.size()); ++output)
    results.push_back(k.val(LLVM::ExtractValueOp::create(k.b, k.loc, block.getResult(0), ArrayRef<int64_t>(output))));
}

Val codegen::renew(KernelBuilder &k, Val pointer) {
  auto copy = LLVM::InlineAsmOp::create(k.b, k.loc, pointer.type(), ValueRange{pointer}, /*asm_string=*/"",
                                        "=r,0,~{memory}", /*has_side_effects=*/true, /*is_align_stack=*/false,
                                        LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr());
  return k.val(copy.getResult(0));
}

//===-- Functions -------------------------------------------------------------------------------------===//

/// The function of that body, new or another kernel's.
static LLVM::LLVMFuncOp functionOf(KernelBuilder &k, StringRef name, StringRef body, size_t arguments) {
  Operation *kernel = k.b.getInsertionBlock()->getParentOp();
  while (!llvm::isa<LLVM::LLVMFuncOp>(kernel))
    kernel = kernel->getParentOp();
  auto module = kernel->getParentOfType<ModuleOp>();
  std::string candidate = name.str();
  for (int i = 1;; ++i) {
    auto found = module.lookupSymbol<LLVM::LLVMFuncOp>(candidate);
    if (!found)
      break;
    auto block = llvm::cast<LLVM::InlineAsmOp>(found.getBody().front().front());
    if (block.getAsmString() == body)
      return found;
    candidate = (name + "." + llvm::Twine(i)).str();
  }
  OpBuilder::InsertionGuard guard(k.b);
  k.b.setInsertionPoint(kernel);
  MLIRContext *context = k.b.getContext();
  auto nothing = LLVM::LLVMVoidType::get(context);
  SmallVector<Type> types(arguments, k.b.getI32Type());
  auto function = LLVM::LLVMFuncOp::create(k.b, k.loc, candidate, LLVM::LLVMFunctionType::get(nothing, types),
                                           LLVM::Linkage::Internal);
  function.setNoUnwind(true);
  function.setNoInline(true);
  function.setPassthroughAttr(k.b.getStrArrayAttr({"naked"}));
  k.b.setInsertionPointToStart(function.addEntryBlock(k.b));
  LLVM::InlineAsmOp::create(k.b, k.loc, TypeRange(), ValueRange(), body, "~{memory}", /*has_side_effects=*/true,
                            /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(),
                            ArrayAttr());
  LLVM::UnreachableOp::create(k.b, k.loc);
  return function;
}

void codegen::callAssembly(KernelBuilder &k, StringRef name, const AssemblyText &body, ArrayRef<Val> numbers) {
  LLVM::LLVMFuncOp function = functionOf(k, name, body.getText(), numbers.size());
  SmallVector<Value> arguments;
  for (Val number : numbers)
    arguments.push_back(llvm::isa<LLVM::LLVMPointerType>(number.type())
                            ? LLVM::PtrToIntOp::create(k.b, k.loc, k.b.getI32Type(), number).getResult()
                            : number.value);
  LLVM::CallOp::create(k.b, k.loc, function, arguments);
}

Val codegen::addressOfAssembly(KernelBuilder &k, StringRef name, const AssemblyText &body) {
  return k.val(LLVM::AddressOfOp::create(k.b, k.loc, functionOf(k, name, body.getText(), /*arguments=*/0)));
}
