#include "compiler/codegen/Assembly.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

std::string Assembly::addOutput(Type type) {
  outputs.push_back(type);
  return "$" + std::to_string(outputs.size() - 1);
}

std::string Assembly::inOut(Val value) {
  inputs.emplace_back(outputs.size(), value);
  return addOutput(value.type());
}

/// Operands are numbered outputs first, then what they begin with, then these: a name until then.
static std::string nameOfInput(size_t index) { return "<input " + std::to_string(index) + ">"; }

std::string Assembly::input(Val value) {
  readOnly.push_back(value);
  return nameOfInput(readOnly.size() - 1);
}

std::string Assembly::temporary(Type type) { return addOutput(type); }

void Assembly::emit() {
  std::string constraints;
  for (size_t i = 0; i < outputs.size(); ++i)
    constraints += "=&" + constraint.str() + ",";
  SmallVector<Value> operands;
  for (const auto &[output, value] : inputs) {
    constraints += std::to_string(output) + ",";
    operands.push_back(value);
  }
  for (auto [index, value] : llvm::enumerate(readOnly)) {
    std::string name = nameOfInput(index), number = "$" + std::to_string(outputs.size() + operands.size());
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, name.size(), number);
    constraints += constraint.str() + ",";
    operands.push_back(value);
  }
  constraints += "~{cc},~{memory}";
  Type type = LLVM::LLVMStructType::getLiteral(k.b.getContext(), outputs);
  auto block = LLVM::InlineAsmOp::create(k.b, k.loc, type, operands, text, constraints, /*has_side_effects=*/true,
                                         /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None,
                                         LLVM::AsmDialectAttr(), ArrayAttr());
  for (const auto &[output, value] : inputs)
    results.push_back(k.val(
        LLVM::ExtractValueOp::create(k.b, k.loc, block.getResult(0), ArrayRef<int64_t>(static_cast<int64_t>(output)))));
}
