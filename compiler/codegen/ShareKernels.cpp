// qk-share-kernels: one function for kernels that differ in numbers only.
//
// Two kernels are alike if their operations agree in everything but the values of integer and f32
// constants. Of a class of alike kernels the first stays; constants that are the same in all of them stay
// constants, the others are read from a table whose address is a further argument:
//   k1: ... c = 16 ...                       t1 = [16, ...], t2 = [32, ...]
//   k2: ... c = 32 ...         ==>           k(..., t): ... c = t[0] ...
#include "compiler/codegen/Passes.h"

#include "dialects/qk/QkOps.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace qcc;

namespace {

/// Constants that a table may replace: what a kernel computes with, but not widths of shifts in 64 bits.
bool isParameter(arith::ConstantOp op) {
  Type type = op.getType();
  if (type.isF32())
    return true;
  if (!type.isInteger(32) && !type.isInteger(64))
    return false;
  return llvm::isInt<32>(llvm::cast<IntegerAttr>(op.getValue()).getInt());
}

int32_t parameterBits(arith::ConstantOp op) {
  if (auto number = llvm::dyn_cast<FloatAttr>(op.getValue()))
    return static_cast<int32_t>(number.getValue().bitcastToAPInt().getZExtValue());
  return static_cast<int32_t>(llvm::cast<IntegerAttr>(op.getValue()).getInt());
}

/// A text that is equal exactly for alike kernels: operations, types, attributes and the flow of values.
std::string shapeOf(LLVM::LLVMFuncOp function) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::DenseMap<Value, unsigned> numbers;
  auto number = [&](Value value) { return numbers.try_emplace(value, numbers.size()).first->second; };
  stream << function.getFunctionType() << function.getArgAttrsAttr() << '\n';
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op == function)
      return;
    stream << op->getName() << '(';
    for (Value operand : op->getOperands())
      stream << number(operand) << ' ';
    stream << ')';
    for (Value result : op->getResults())
      stream << number(result) << ':' << result.getType() << ' ';
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Value argument : block.getArguments())
          stream << number(argument) << ':' << argument.getType() << ' ';
    auto constant = llvm::dyn_cast<arith::ConstantOp>(op);
    if (!constant || !isParameter(constant))
      stream << op->getAttrDictionary();
    stream << '\n';
  });
  return text;
}

SmallVector<arith::ConstantOp> parametersOf(LLVM::LLVMFuncOp function) {
  SmallVector<arith::ConstantOp> result;
  function.walk<WalkOrder::PreOrder>([&](arith::ConstantOp op) {
    if (isParameter(op))
      result.push_back(op);
  });
  return result;
}

class Sharing {
public:
  explicit Sharing(ModuleOp module) : module(module), b(module.getContext()) {}
  void run();

private:
  using Class = SmallVector<LLVM::LLVMFuncOp>;
  void shareClass(const Class &kernels);
  LLVM::GlobalOp makeTable(LLVM::LLVMFuncOp kernel, ArrayRef<int32_t> numbers);
  LLVM::CallOp callOf(LLVM::LLVMFuncOp kernel) { return calls.lookup(kernel.getNameAttr()); }

  ModuleOp module;
  OpBuilder b;
  llvm::DenseMap<StringAttr, LLVM::CallOp> calls;
};

LLVM::GlobalOp Sharing::makeTable(LLVM::LLVMFuncOp kernel, ArrayRef<int32_t> numbers) {
  b.setInsertionPoint(kernel);
  auto type = RankedTensorType::get({static_cast<int64_t>(numbers.size())}, b.getI32Type());
  return LLVM::GlobalOp::create(b, kernel.getLoc(), LLVM::LLVMArrayType::get(b.getI32Type(), numbers.size()),
                                /*isConstant=*/true, LLVM::Linkage::Internal, (kernel.getName() + ".numbers").str(),
                                DenseElementsAttr::get(type, numbers), /*alignment=*/4);
}

void Sharing::shareClass(const Class &kernels) {
  // One column of numbers for each constant that is not the same in all kernels; equal columns are one.
  SmallVector<SmallVector<arith::ConstantOp>> constants;
  for (LLVM::LLVMFuncOp kernel : kernels)
    constants.push_back(parametersOf(kernel));
  using Column = std::vector<int32_t>;
  llvm::MapVector<Column, SmallVector<arith::ConstantOp>, std::map<Column, unsigned>> columns;
  for (size_t i = 0; i < constants[0].size(); ++i) {
    Column column;
    for (const auto &list : constants)
      column.push_back(parameterBits(list[i]));
    if (!llvm::all_equal(column))
      columns[column].push_back(constants[0][i]);
  }
  LLVM::LLVMFuncOp shared = kernels[0];
  Location loc = shared.getLoc();
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  if (!columns.empty()) {
    Value table = shared.getBody().front().addArgument(pointer, loc);
    SmallVector<Type> types(shared.getFunctionType().getParams());
    types.push_back(pointer);
    shared.setFunctionType(LLVM::LLVMFunctionType::get(shared.getFunctionType().getReturnType(), types));
    if (ArrayAttr attributes = shared.getArgAttrsAttr()) {
      SmallVector<Attribute> extended(attributes.getValue());
      extended.push_back(
          b.getDictionaryAttr({b.getNamedAttr(LLVM::LLVMDialect::getNoAliasAttrName(), b.getUnitAttr()),
                               b.getNamedAttr(LLVM::LLVMDialect::getReadonlyAttrName(), b.getUnitAttr())}));
      shared.setArgAttrsAttr(b.getArrayAttr(extended));
    }
    b.setInsertionPointToStart(&shared.getBody().front());
    for (auto [index, entry] : llvm::enumerate(columns)) {
      Value address = LLVM::GEPOp::create(b, loc, pointer, b.getI32Type(), table,
                                          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
      llvm::SmallDenseMap<Type, Value> typed;
      for (arith::ConstantOp constant : entry.second) {
        Value &value = typed[constant.getType()];
        if (!value) {
          Type loaded = constant.getType().isF32() ? constant.getType() : Type(b.getI32Type());
          value = LLVM::LoadOp::create(b, loc, loaded, address, 4);
          if (constant.getType().isInteger(64))
            value = arith::ExtSIOp::create(b, loc, b.getI64Type(), value);
        }
        constant.replaceAllUsesWith(value);
      }
    }
    for (const auto &entry : columns)
      for (arith::ConstantOp constant : entry.second)
        constant.erase();
  }
  for (auto [row, kernel] : llvm::enumerate(kernels)) {
    LLVM::CallOp call = callOf(kernel);
    SmallVector<Value> arguments(call.getArgOperands());
    if (!columns.empty()) {
      SmallVector<int32_t> numbers;
      for (const auto &entry : columns)
        numbers.push_back(entry.first[row]);
      LLVM::GlobalOp table = makeTable(kernel, numbers);
      b.setInsertionPoint(call);
      arguments.push_back(LLVM::AddressOfOp::create(b, call.getLoc(), table));
    }
    b.setInsertionPoint(call);
    LLVM::CallOp::create(b, call.getLoc(), shared, arguments);
    call.erase();
  }
  for (LLVM::LLVMFuncOp kernel : ArrayRef(kernels).drop_front())
    kernel.erase();
}

void Sharing::run() {
  llvm::MapVector<StringAttr, Class> classes;
  module.walk([&](LLVM::CallOp call) {
    if (std::optional<StringRef> callee = call.getCallee())
      calls[b.getStringAttr(*callee)] = call;
  });
  for (LLVM::LLVMFuncOp function : module.getOps<LLVM::LLVMFuncOp>())
    if (!function.isExternal() && function.getLinkage() == LLVM::Linkage::Internal && callOf(function))
      classes[b.getStringAttr(shapeOf(function))].push_back(function);
  for (const auto &entry : classes)
    if (entry.second.size() > 1)
      shareClass(entry.second);
}

struct ShareKernelsPass : PassWrapper<ShareKernelsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ShareKernelsPass)
  StringRef getArgument() const override { return "qk-share-kernels"; }
  StringRef getDescription() const override { return "Make kernels that differ in numbers only one function"; }
  void runOnOperation() override { Sharing(getOperation()).run(); }
};
} // namespace

std::unique_ptr<Pass> codegen::createShareKernelsPass() { return std::make_unique<ShareKernelsPass>(); }
