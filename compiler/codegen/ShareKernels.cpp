// qk-share-kernels: one function for kernels that are equal, or that differ in numbers only.
//
// Two kernels are alike if their operations agree in everything but the values of integer and f32
// constants. Where speed comes first, these must agree, too: the same loops around other weights. Of a class of alike
// kernels the first stays; constants that are the same in all of them stay constants, the others are read from a table
// whose address is a further argument:
//   k1: ... c = 16 ...                       t1 = [16, ...], t2 = [32, ...]
//   k2: ... c = 32 ...         ==>           k(..., t): ... c = t[0] ...
//
// Whether that makes an object smaller depends on what LLVM can do with the constants of each kernel, so both forms of
// a class are measured.
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
std::string shapeOf(LLVM::LLVMFuncOp function, bool withNumbers) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::DenseMap<Value, unsigned> numbers;
  auto number = [&](Value value) { return numbers.try_emplace(value, numbers.size()).first->second; };
  stream << function.getFunctionType() << function.getArgAttrsAttr() << '\n';
  // By their place in the signature, which calls go by, not by that of their first use.
  for (Value argument : function.getArguments())
    number(argument);
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
    if (withNumbers || !constant || !isParameter(constant))
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

/// LLVM folds no array as large as this into the code; a measured module only declares it.
constexpr int64_t maxMeasuredArray = int64_t(1) << 16;

class Sharing {
public:
  /// Without `measure`, every class of alike kernels is shared.
  Sharing(ModuleOp module, bool onlyEqual, const codegen::MeasureBytes &measure)
      : module(module), onlyEqual(onlyEqual), measure(measure), b(module.getContext()) {}
  LogicalResult run();

private:
  using Class = SmallVector<LLVM::LLVMFuncOp>;
  FailureOr<bool> isSmallerShared(const Class &kernels);
  OwningOpRef<ModuleOp> excerpt(const Class &kernels);
  void shareClass(const Class &kernels);
  LLVM::GlobalOp makeTable(LLVM::LLVMFuncOp kernel, ArrayRef<int32_t> numbers);
  LLVM::CallOp callOf(LLVM::LLVMFuncOp kernel) { return calls.lookup(kernel.getNameAttr()); }

  ModuleOp module;
  bool onlyEqual;
  const codegen::MeasureBytes &measure;
  OpBuilder b;
  llvm::DenseMap<StringAttr, LLVM::CallOp> calls;
};

/// Copies what an argument of a call is computed by: constants, addresses of arrays, and places in the arena. Numbers
/// and places that a caller counts up are any others.
Value cloneSlice(OpBuilder &b, Value value, IRMapping &mapping) {
  if (mapping.contains(value))
    return mapping.lookup(value);
  Operation *op = value.getDefiningOp();
  if (!op || !isPure(op)) {
    Value any = b.getInsertionBlock()->getArguments().front(); // a pointer; of pieces, the others are numbers
    if (value.getType() != any.getType())
      any = LLVM::PtrToIntOp::create(b, value.getLoc(), value.getType(), any);
    mapping.map(value, any);
    return any;
  }
  for (Value operand : op->getOperands())
    cloneSlice(b, operand, mapping);
  b.clone(*op, mapping);
  return mapping.lookup(value);
}

int64_t elementsOf(LLVM::GlobalOp array) {
  auto type = llvm::dyn_cast<LLVM::LLVMArrayType>(array.getType());
  return type ? type.getNumElements() : 1;
}

/// Declares the functions that copied kernels call or pass on: they are the same for kernels apart and shared.
void declareCallees(OpBuilder &b, ModuleOp module, const SymbolTable &original) {
  SymbolTable copied(module);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  auto declare = [&](std::optional<StringRef> name) {
    auto callee = name && !copied.lookup(*name) ? original.lookup<LLVM::LLVMFuncOp>(*name) : LLVM::LLVMFuncOp();
    if (!callee)
      return;
    callee = llvm::cast<LLVM::LLVMFuncOp>(callee->cloneWithoutRegions());
    callee.setLinkage(LLVM::Linkage::External);
    callee.setDsoLocal(true);
    copied.insert(callee);
  };
  module.walk([&](LLVM::CallOp call) { declare(call.getCallee()); });
  module.walk([&](LLVM::AddressOfOp address) { declare(address.getGlobalName()); });
}

/// A module of nothing but these kernels, the arrays that they and their calls refer to, and a function that calls
/// them.
OwningOpRef<ModuleOp> Sharing::excerpt(const Class &kernels) {
  OwningOpRef<ModuleOp> result = ModuleOp::create(module.getLoc());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(result->getBody());
  auto caller = callOf(kernels[0])->getParentOfType<LLVM::LLVMFuncOp>();
  auto run = llvm::cast<LLVM::LLVMFuncOp>(b.cloneWithoutRegions(*caller.getOperation()));
  run.setLinkage(LLVM::Linkage::External);
  for (LLVM::LLVMFuncOp kernel : kernels)
    b.clone(*kernel);
  IRMapping mapping;
  Block *entry = run.addEntryBlock(b);
  mapping.map(caller.getArguments(), entry->getArguments());
  b.setInsertionPointToStart(entry);
  for (LLVM::LLVMFuncOp kernel : kernels) {
    LLVM::CallOp call = callOf(kernel);
    for (Value argument : call.getArgOperands())
      cloneSlice(b, argument, mapping);
    b.clone(*call, mapping);
  }
  Operation *end = caller.getBody().back().getTerminator();
  for (Value result : end->getOperands())
    cloneSlice(b, result, mapping);
  b.clone(*end, mapping);

  SymbolTable original(module), copied(*result);
  result->walk([&](LLVM::AddressOfOp address) {
    auto array = original.lookup<LLVM::GlobalOp>(address.getGlobalName());
    if (!array || copied.lookup(address.getGlobalName()))
      return;
    array = array.clone();
    if (elementsOf(array) > maxMeasuredArray) {
      array.removeValueAttr();
      array.setLinkage(LLVM::Linkage::External);
      array.setDsoLocal(true);
    }
    copied.insert(array);
  });
  declareCallees(b, *result, original);
  return result;
}

/// Measures a class in both forms, and says what came out.
FailureOr<bool> Sharing::isSmallerShared(const Class &kernels) {
  OwningOpRef<ModuleOp> apart = excerpt(kernels), shared = apart->clone();
  FailureOr<int64_t> sharedBytes = failure();
  if (succeeded(Sharing(*shared, onlyEqual, nullptr).run()))
    sharedBytes = measure(*shared);
  FailureOr<int64_t> apartBytes = measure(*apart);
  if (failed(sharedBytes) || failed(apartBytes))
    return failure();
  bool isSmaller = *sharedBytes < *apartBytes;
  LLVM::LLVMFuncOp first = kernels[0];
  InFlightDiagnostic remark = mlir::emitRemark(first.getLoc()) << kernels.size() << " alike kernels ";
  if (isSmaller)
    remark << "share one function: " << *sharedBytes << " bytes with the arrays they read, " << *apartBytes
           << " if each had its own";
  else
    remark << "have a function each: " << *apartBytes << " bytes with the arrays they read, " << *sharedBytes
           << " if they shared one";
  return isSmaller;
}

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

LogicalResult Sharing::run() {
  llvm::MapVector<StringAttr, Class> classes;
  module.walk([&](LLVM::CallOp call) {
    if (std::optional<StringRef> callee = call.getCallee())
      calls[b.getStringAttr(*callee)] = call;
  });
  for (LLVM::LLVMFuncOp function : module.getOps<LLVM::LLVMFuncOp>())
    if (!function.isExternal() && function.getLinkage() == LLVM::Linkage::Internal && callOf(function))
      classes[b.getStringAttr(shapeOf(function, onlyEqual))].push_back(function);
  for (const auto &entry : classes) {
    const Class &kernels = entry.second;
    if (kernels.size() < 2)
      continue;
    FailureOr<bool> isWorthIt = measure ? isSmallerShared(kernels) : true;
    if (failed(isWorthIt))
      return failure();
    if (*isWorthIt)
      shareClass(kernels);
  }
  return success();
}

struct ShareKernelsPass : PassWrapper<ShareKernelsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ShareKernelsPass)
  ShareKernelsPass(bool equal, codegen::MeasureBytes measure) : measure(std::move(measure)) { onlyEqual = equal; }
  ShareKernelsPass(const ShareKernelsPass &other) : PassWrapper(other), measure(other.measure) {}
  StringRef getArgument() const override { return "qk-share-kernels"; }
  StringRef getDescription() const override { return "Make kernels that are alike one function"; }
  void runOnOperation() override {
    if (failed(Sharing(getOperation(), onlyEqual, measure).run()))
      signalPassFailure();
  }
  codegen::MeasureBytes measure;
  Option<bool> onlyEqual{*this, "only-equal", llvm::cl::desc("share kernels that have the same numbers, too"),
                         llvm::cl::init(false)};
};
} // namespace

std::unique_ptr<Pass> codegen::createShareKernelsPass(bool onlyEqual, MeasureBytes measure) {
  return std::make_unique<ShareKernelsPass>(onlyEqual, std::move(measure));
}
