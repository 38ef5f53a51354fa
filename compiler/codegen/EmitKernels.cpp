// qk-emit-kernels: one function per kernel, and the function that runs the model.
#include "compiler/codegen/Emitters.h"
#include "compiler/codegen/Passes.h"
#include "compiler/support/HostTensor.h"
#include "compiler/target/MachinePass.h"
#include "dialects/qk/Queries.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

namespace {

/// Weights lie in sections of their own, so that a user can place them.
constexpr StringLiteral weightSectionPrefix = ".rodata.qcc.weights";

class ModelEmitter {
public:
  ModelEmitter(func::FuncOp model, const target::Target &target, EmitOptions options)
      : model(model), target(target), options(options), b(model.getContext()),
        pointerType(LLVM::LLVMPointerType::get(b.getContext())) {}
  LogicalResult run();

private:
  LogicalResult verifyPlanned();
  LogicalResult emitKernel(qk::Kernel kernel);
  void loadMemories();
  Value memoryOf(DictionaryAttr buffer);
  void emitFetch(qk::FetchOp op);
  LLVM::LLVMFuncOp fetchFunction();
  FailureOr<LLVM::LLVMFuncOp> emitFunction(Operation *op, const llvm::Twine &name);
  LogicalResult emitStages(KernelBuilder &k, qk::StreamOp op, Pointers pointers);
  LogicalResult emitBody(KernelBuilder &k, Operation *op, Pointers pointers);
  void emitConstant(qk::ConstantOp op);
  LLVM::GlobalOp emitBytes(const llvm::Twine &name, ArrayRef<char> bytes);
  Value pointerOf(Value buffer);
  Value argumentOf(OpOperand &operand);
  void callHook(Location loc, int64_t layer, bool isBegin);
  void callInPieces(LLVM::LLVMFuncOp kernel, ArrayRef<Value> arguments, int64_t pieces);
  LLVM::LLVMFuncOp emitPieces(LLVM::LLVMFuncOp kernel);
  LLVM::LLVMFuncOp emitSerialLoop();
  Value emitContext();
  std::pair<Value, Value> loopArguments();
  std::pair<Value, Value> hookArguments();
  std::string runName(bool isParallel, bool isProfiled);
  void emitPartialRun(LLVM::LLVMFuncOp serialLoop, bool isParallel, bool isProfiled);
  void emitPartialRuns();
  void copyInterface(Value table, ArrayAttr buffers, bool isInput);
  void copyStates();
  void emitReset();
  void clearPadding(Operation *kernel);
  std::string uniqueName(const llvm::Twine &wanted);
  IntegerAttr indexAttr(int64_t value) { return b.getIntegerAttr(b.getIntegerType(target.pointerBits), value); }
  Value advance(Location loc, Value pointer, int64_t bytes) {
    return LLVM::GEPOp::create(b, loc, pointerType, b.getI8Type(), pointer,
                               ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)});
  }
  /// Entry `index` of a table of pointers.
  Value slotOf(Location loc, Value table, size_t index) {
    return LLVM::GEPOp::create(b, loc, pointerType, pointerType, table,
                               ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
  }
  void copy(Location loc, Value to, Value from, int64_t bytes) {
    Value count = LLVM::ConstantOp::create(b, loc, indexAttr(bytes));
    LLVM::MemcpyOp::create(b, loc, to, from, count, /*isVolatile=*/false);
  }
  /// The planned state; null for a model without.
  ArrayAttr states() { return model->getAttrOfType<ArrayAttr>("qk.states"); }

  func::FuncOp model;
  const target::Target &target;
  EmitOptions options;
  OpBuilder b;
  Type pointerType;
  LLVM::LLVMFuncOp run_, fetch;
  Value context;               // of loops over pieces: an array of pointers
  SmallVector<Value> memories; // the arena, or where its parts lie; behind them, what the caller keeps for state
  Value copyHook;              // of the caller, for weights; null with one arena
  llvm::DenseMap<Value, LLVM::GlobalOp> globals;
  llvm::DenseSet<Value> written; // destinations so far
  llvm::StringSet<> names;
  int64_t kernels = 0;
};

std::string ModelEmitter::uniqueName(const llvm::Twine &wanted) {
  std::string name = wanted.str();
  for (char &c : name)
    if (!llvm::isAlnum(c) && c != '_' && c != '.')
      c = '_';
  std::string candidate = name;
  for (int i = 1; !names.insert(candidate).second; ++i)
    candidate = name + "." + std::to_string(i);
  return candidate;
}

void ModelEmitter::emitConstant(qk::ConstantOp op) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(model);
  auto type = llvm::cast<MemRefType>(op.getType());
  Type arrayType = LLVM::LLVMArrayType::get(type.getElementType(), type.getNumElements());
  std::string name = uniqueName(model.getName() + "." + op.getName().value_or("constant"));
  Attribute value = op.getValue();
  // A splat stays one number; everything else is flat, so that no nested array types arise.
  if (type.getNumElements() == 0) // An empty array has no element for a splat to repeat.
    value = LLVM::ZeroAttr::get(b.getContext());
  else if (auto dense = llvm::dyn_cast<DenseElementsAttr>(value))
    value = dense.reshape(RankedTensorType::get({type.getNumElements()}, type.getElementType()));
  else if (auto resource = llvm::dyn_cast<DenseResourceElementsAttr>(value))
    value = DenseResourceElementsAttr::get(RankedTensorType::get({type.getNumElements()}, type.getElementType()),
                                           resource.getRawHandle());
  auto global = LLVM::GlobalOp::create(b, op.getLoc(), arrayType, /*isConstant=*/true, LLVM::Linkage::Internal, name,
                                       value, target.bufferAlign);
  global.setSection((weightSectionPrefix + "." + model.getName()).str());
  globals[op.getResult()] = global;
}

LLVM::GlobalOp ModelEmitter::emitBytes(const llvm::Twine &name, ArrayRef<char> bytes) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(model);
  auto type = RankedTensorType::get({static_cast<int64_t>(bytes.size())}, b.getI8Type());
  constexpr int64_t alignment = 4;
  return LLVM::GlobalOp::create(b, model.getLoc(), LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size()),
                                /*isConstant=*/true, LLVM::Linkage::Internal, uniqueName(name),
                                DenseElementsAttr::getFromRawBuffer(type, bytes), alignment);
}

Value ModelEmitter::pointerOf(Value buffer) {
  if (LLVM::GlobalOp global = globals.lookup(buffer))
    return LLVM::AddressOfOp::create(b, buffer.getLoc(), global);
  auto view = buffer.getDefiningOp<memref::ViewOp>();
  APInt offset;
  bool isPlanned = matchPattern(view.getByteShift(), m_ConstantInt(&offset));
  assert(isPlanned && "verifyPlanned checks this");
  (void)isPlanned;
  Value memory = memories[llvm::cast<BlockArgument>(view.getSource()).getArgNumber()];
  return advance(buffer.getLoc(), memory, offset.getSExtValue());
}

/// What a kernel is called with: its code does not know which part of the channels it computes, and serves all that
/// are as large.
Value ModelEmitter::argumentOf(OpOperand &operand) {
  Value pointer = pointerOf(operand.get());
  auto contract = llvm::dyn_cast<qk::ContractOp>(operand.getOwner());
  if (!contract || !contract.getPart())
    return pointer;
  bool isDestination = &operand == &contract.getInitMutable();
  if (!isDestination && !llvm::is_contained(llvm::make_pointer_range(contract.getParamsMutable()), &operand))
    return pointer;
  int64_t bits = isDestination ? formatOf(contract.getOutFormat()).getBits()
                               : llvm::cast<MemRefType>(operand.get().getType()).getElementTypeBitWidth();
  return advance(contract.getLoc(), pointer, contract.getPart()->getFirst() * bits / 8);
}

/// What `qk-plan-arena` leaves: one block, one arena or several memories, and perhaps state, every buffer a constant or
/// a view at a constant offset.
LogicalResult ModelEmitter::verifyPlanned() {
  for (StringRef name : {"qk.inputs", "qk.outputs"})
    if (!model->getAttrOfType<ArrayAttr>(name))
      return model.emitError() << "has no attribute " << name << "; run qk-plan-arena first";
  auto parts = model->getAttrOfType<ArrayAttr>("qk.memories");
  size_t count = (parts ? parts.size() : 1) + (states() ? 1 : 0);
  if (!model.getBody().hasOneBlock() || model.getNumArguments() != count)
    return model.emitError() << "expects one block with the arena" << (states() ? " and the state" : "")
                             << " as argument" << (states() ? "s" : "");
  for (Operation &op : model.getBody().front().without_terminator()) {
    if (!llvm::isa<qk::Kernel, qk::ConstantOp, memref::ViewOp, arith::ConstantOp>(op))
      return op.emitError() << "is no kernel; run convert-qnn-to-qk and qk-plan-arena first";
    for (Value buffer : llvm::isa<qk::Kernel>(op) ? op.getOperands() : ValueRange()) {
      auto view = buffer.getDefiningOp<memref::ViewOp>();
      bool isPlanned = view && llvm::is_contained(model.getArguments(), view.getSource()) && view.getSizes().empty() &&
                       matchPattern(view.getByteShift(), m_Constant());
      if (!isPlanned && !buffer.getDefiningOp<qk::ConstantOp>())
        return op.emitError()
               << "expects constants and views of the arena at constant offsets; run qk-plan-arena first";
    }
  }
  return success();
}

LogicalResult ModelEmitter::emitBody(KernelBuilder &k, Operation *op, Pointers pointers) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](qk::ContractOp o) -> LogicalResult {
        if (!o.getSchedule())
          return o.emitError() << "has no schedule; run qk-schedule first";
        StringRef name = o.getSchedule()->getTile();
        if (const target::TileInstruction *tile = target.findTile(name)) {
          if (o.getPacked() != (tile->block != nullptr))
            return o.emitError() << "has weights that are " << (tile->block ? "not " : "") << "packed for '" << name
                                 << "'; run qk-pack-weights after qk-schedule";
          if (qk::rowPiecesOf(o) > 1 && (!tile->block || target::rowUnitsOf(o, *tile->block).rows == 0))
            return o.emitError() << "has pieces, but '" << name << "' computes its rows in their order";
          if (qk::channelPiecesOf(o) > 1 && (!tile->block || target::channelUnitsOf(o, *tile->block).blocks == 0))
            return o.emitError() << "has pieces, but '" << name << "' computes its channels together";
          if (tile->block && tile->block->asPatch())
            emitPatches(k, o, pointers, *tile->block->asPatch());
          else if (tile->block && tile->block->asPlanar())
            emitPlanarDepthwise(k, o, pointers, *tile->block->asPlanar());
          else if (tile->block && o.getSchedule()->getTiles() > 0)
            emitWinograd(k, o, pointers, *tile->block);
          else if (tile->block && target::DepthwiseShape::matches(o.getWindow()))
            emitDepthwise(k, o, pointers, *tile->block->asVector());
          else if (tile->block)
            emitBlockContract(k, o, pointers, *tile->block);
          else
            emitContract(k, o, pointers, *tile);
          return success();
        }
        return o.emitError() << "target '" << target.name << "' has no tile instruction '" << name << "'";
      })
      .Case([&](qk::StreamOp o) { return emitStages(k, o, pointers); })
#define QCC_EMIT(OP, FUNCTION)                                                                                         \
  Case([&](qk::OP o) {                                                                                                 \
    FUNCTION(k, o, pointers);                                                                                          \
    return success();                                                                                                  \
  })
      .QCC_EMIT(PoolOp, emitPool)
      .QCC_EMIT(MapOp, emitMap)
      .QCC_EMIT(LookupOp, emitLookup)
      .QCC_EMIT(GatherOp, emitGather)
      .QCC_EMIT(SoftmaxOp, emitSoftmax)
      .QCC_EMIT(FloatSoftmaxOp, emitFloatSoftmax)
      .QCC_EMIT(ArgmaxOp, emitArgmax)
#undef QCC_EMIT
      .Default([](Operation *o) { return o->emitError() << "has no kernel emitter"; });
}

/// The unused high bits of a packed destination's last byte are zero.
void ModelEmitter::clearPadding(Operation *op) {
  Type format =
      llvm::TypeSwitch<Operation *, Type>(op)
          .Case<qk::ContractOp, qk::PoolOp, qk::LookupOp, qk::SoftmaxOp>([](auto o) { return o.getOutFormat(); })
          .Case([](qk::GatherOp o) { return o.getFormat(); })
          .Case([](qk::MapOp o) { return llvm::cast<qk::AccessAttr>(o.getAccesses().getValue().back()).getFormat(); })
          .Default(Type());
  Value destination = op->getOperand(op->getNumOperands() - 1);
  auto type = llvm::cast<MemRefType>(destination.getType());
  // Later writes to the same tensor (padding, concatenation) keep what the earlier ones wrote; the plan gives them
  // the same view.
  bool isFirstWrite = written.insert(destination).second;
  if (!format || !isFirstWrite || qk::fillsDestination(op, format) || type.getNumElements() == 0)
    return;
  Location loc = op->getLoc();
  int32_t last = static_cast<int32_t>(type.getNumElements() - 1);
  Value address =
      LLVM::GEPOp::create(b, loc, pointerType, b.getI8Type(), pointerOf(destination), ArrayRef<LLVM::GEPArg>{last});
  Value zero = arith::ConstantOp::create(b, loc, b.getI8IntegerAttr(0));
  LLVM::StoreOp::create(b, loc, zero, address, 1);
}

/// A function of pointers that computes a kernel; or a piece of it, whose number comes last.
FailureOr<LLVM::LLVMFuncOp> ModelEmitter::emitFunction(Operation *op, const llvm::Twine &name) {
  Location loc = op->getLoc();
  SmallVector<Type> types(op->getNumOperands(), pointerType);
  int64_t pieces = qk::piecesOf(op);
  if (pieces > 1)
    types.push_back(b.getIntegerType(target.pointerBits));
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), types);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(model);
  auto function = LLVM::LLVMFuncOp::create(b, loc, uniqueName(name), type, LLVM::Linkage::Internal);
  function.setNoUnwind(true);
  function.setNoInline(true);
  Block *entry = function.addEntryBlock(b);
  for (auto [index, operand] : llvm::enumerate(op->getOperands()))
    if (globals.count(operand)) {
      function.setArgAttr(index, LLVM::LLVMDialect::getNoAliasAttrName(), b.getUnitAttr());
      function.setArgAttr(index, LLVM::LLVMDialect::getReadonlyAttrName(), b.getUnitAttr());
    }
  b.setInsertionPointToStart(entry);
  KernelBuilder k(b, loc, target.pointerBits, target.vectorLanes);
  k.requantizeVector = target.requantizeVector;
  k.fusesMultiplyAdd = options.fusesMultiplyAdd;
  k.prefersSize = options.prefersSize;
  SmallVector<Val> pointers;
  for (Value argument : entry->getArguments())
    pointers.push_back(k.val(argument));
  if (pieces > 1) {
    k.pieces = pieces;
    k.piece = pointers.pop_back_val();
    auto contraction = llvm::dyn_cast<qk::ContractOp>(op);
    if (Value scratch = contraction ? contraction.getScratch() : Value()) {
      Val &begin = pointers[pointers.size() - 2];
      begin = k.advance(begin, k.piece * (llvm::cast<ShapedType>(scratch.getType()).getNumElements() / pieces));
    }
  }
  if (failed(emitBody(k, op, pointers)))
    return failure();
  LLVM::ReturnOp::create(b, loc, ValueRange());
  return function;
}

/// A function for each stage of a stream, and the calls of them.
LogicalResult ModelEmitter::emitStages(KernelBuilder &k, qk::StreamOp op, Pointers pointers) {
  for (auto constant : op.getBody().front().getOps<qk::ConstantOp>())
    emitConstant(constant);
  llvm::DenseMap<Operation *, LLVM::LLVMFuncOp> functions;
  for (auto [index, stage] : llvm::enumerate(op.kernels())) {
    std::string name = (model.getName() + ".stream" + llvm::Twine(kernels) + "." + stage->getName().stripDialect() +
                        llvm::Twine(index))
                           .str();
    FailureOr<LLVM::LLVMFuncOp> function = emitFunction(stage, name);
    if (failed(function))
      return failure();
    functions[stage] = *function;
  }
  emitStream(k, op, pointers, [&](qk::WindowKernel stage, Val rows, Val scratch, Val row) {
    SmallVector<Value> arguments;
    for (Value operand : stage->getOperands())
      arguments.push_back(operand == stage.getImage()               ? rows.value
                          : operand == stage.getDestination().get() ? row.value
                          : operand == stage.getScratch()           ? scratch.value
                                                                    : pointerOf(operand));
    LLVM::CallOp::create(b, stage.getLoc(), functions[stage], arguments);
  });
  return success();
}

/// With several memories, the caller gives a table: the begin of each, then the hook that copies weights, or null.
void ModelEmitter::loadMemories() {
  Location loc = model.getLoc();
  Value given = run_.getBody().front().getArgument(2);
  auto parts = model->getAttrOfType<ArrayAttr>("qk.memories");
  auto load = [&](size_t index) -> Value {
    Value slot = slotOf(loc, given, index);
    return LLVM::LoadOp::create(b, loc, pointerType, slot);
  };
  if (parts) {
    for (size_t index = 0; index < parts.size(); ++index)
      memories.push_back(load(index));
    copyHook = load(parts.size());
  } else {
    memories = {given};
  }
  if (states())
    memories.push_back(run_.getBody().front().getArgument(3));
}

/// The memory that the plan has put a buffer in.
Value ModelEmitter::memoryOf(DictionaryAttr buffer) {
  auto number = buffer.getAs<IntegerAttr>("memory");
  return memories[number ? number.getInt() : 0];
}

/// `hook ? hook(to, from, bytes) : memcpy(to, from, bytes)`.
LLVM::LLVMFuncOp ModelEmitter::fetchFunction() {
  if (fetch)
    return fetch;
  Location loc = model.getLoc();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(model);
  Type index = b.getIntegerType(target.pointerBits), none = LLVM::LLVMVoidType::get(b.getContext());
  auto type = LLVM::LLVMFunctionType::get(none, {pointerType, pointerType, pointerType, index});
  std::string name = uniqueName(model.getName() + ".fetch");
  fetch = LLVM::LLVMFuncOp::create(b, loc, name, type, LLVM::Linkage::Internal);
  fetch.setNoUnwind(true);
  fetch.setNoInline(true);
  Block *entry = fetch.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  Value hook = entry->getArgument(0), to = entry->getArgument(1), from = entry->getArgument(2);
  Value bytes = entry->getArgument(3), null = LLVM::ZeroOp::create(b, loc, pointerType);
  Value isThere = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, hook, null);
  auto branch = scf::IfOp::create(b, loc, isThere, /*withElseRegion=*/true);
  b.setInsertionPointToStart(branch.thenBlock());
  auto hookType = LLVM::LLVMFunctionType::get(none, {pointerType, pointerType, index});
  LLVM::CallOp::create(b, loc, hookType, ValueRange{hook, to, from, bytes});
  b.setInsertionPointToStart(branch.elseBlock());
  LLVM::MemcpyOp::create(b, loc, to, from, bytes, /*isVolatile=*/false);
  b.setInsertionPointToEnd(entry);
  LLVM::ReturnOp::create(b, loc, ValueRange());
  return fetch;
}

void ModelEmitter::emitFetch(qk::FetchOp op) {
  Value to = pointerOf(op.getInit());
  Value from = advance(op.getLoc(), pointerOf(op.getInput()), static_cast<int64_t>(op.getOffset()));
  Value bytes = LLVM::ConstantOp::create(b, op.getLoc(), indexAttr(qk::bytesOf(op.getInit())));
  Value hook = copyHook ? copyHook : Value(LLVM::ZeroOp::create(b, op.getLoc(), pointerType));
  LLVM::CallOp::create(b, op.getLoc(), fetchFunction(), ValueRange{hook, to, from, bytes});
}

LogicalResult ModelEmitter::emitKernel(qk::Kernel kernel) {
  Operation *op = kernel;
  Location loc = op->getLoc();
  if (auto fetchOp = llvm::dyn_cast<qk::FetchOp>(op)) {
    callHook(loc, kernels, /*isBegin=*/true);
    emitFetch(fetchOp);
    callHook(loc, kernels++, /*isBegin=*/false);
    return success();
  }
  int64_t pieces = qk::piecesOf(op);
  if (pieces > 1 && !options.parallel)
    return op->emitError() << "has pieces; set the option 'parallel' of qk-emit-kernels";
  clearPadding(op);
  SmallVector<Value> arguments;
  for (OpOperand &operand : op->getOpOperands())
    arguments.push_back(argumentOf(operand));
  FailureOr<LLVM::LLVMFuncOp> function =
      emitFunction(op, model.getName() + "." + op->getName().stripDialect() + llvm::Twine(kernels));
  if (failed(function))
    return failure();
  callHook(loc, kernels, /*isBegin=*/true);
  if (pieces > 1)
    callInPieces(*function, arguments, pieces);
  else
    LLVM::CallOp::create(b, loc, *function, arguments);
  callHook(loc, kernels, /*isBegin=*/false);
  ++kernels;
  return success();
}

/// `if (hook) hook(user, layer, begin)`, where the object is made for profiling.
void ModelEmitter::callHook(Location loc, int64_t layer, bool isBegin) {
  if (!options.profile)
    return;
  auto [hook, user] = hookArguments();
  Value null = LLVM::ZeroOp::create(b, loc, pointerType);
  Value isThere = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, hook, null);
  auto branch = scf::IfOp::create(b, loc, isThere, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  Type i32 = b.getI32Type();
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {pointerType, i32, i32});
  Value number = LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(layer));
  Value begin = LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(isBegin));
  LLVM::CallOp::create(b, loc, type, ValueRange{hook, user, number, begin});
}

/// Room for what the kernel with most arguments is called with.
Value ModelEmitter::emitContext() {
  unsigned most = 1;
  for (Operation &op : model.getBody().front())
    most = std::max(most, op.getNumOperands());
  Value one = LLVM::ConstantOp::create(b, model.getLoc(), b.getI32IntegerAttr(1));
  return LLVM::AllocaOp::create(b, model.getLoc(), pointerType, LLVM::LLVMArrayType::get(pointerType, most), one);
}

/// `body(context, begin, end)`, which computes these pieces with the arguments that lie in `context`.
LLVM::LLVMFuncOp ModelEmitter::emitPieces(LLVM::LLVMFuncOp kernel) {
  Location loc = kernel.getLoc();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(model);
  Type i32 = b.getI32Type();
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {pointerType, i32, i32});
  std::string name = uniqueName(model.getName() + ".pieces" + llvm::Twine(kernels));
  auto body = LLVM::LLVMFuncOp::create(b, loc, name, type, LLVM::Linkage::Internal);
  body.setNoUnwind(true);
  Block *entry = body.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  SmallVector<Value> arguments;
  for (unsigned i = 0; i + 1 < kernel.getNumArguments(); ++i) {
    Value slot = slotOf(loc, entry->getArgument(0), i);
    arguments.push_back(LLVM::LoadOp::create(b, loc, pointerType, slot));
  }
  KernelBuilder k(b, loc, target.pointerBits);
  auto number = [&](unsigned argument) { return k.toIndex(k.val(entry->getArgument(argument))); };
  k.loop(number(1), number(2), ArrayRef<Val>(), [&](Val piece, ArrayRef<Val>) {
    SmallVector<Value> all = arguments;
    all.push_back(piece);
    LLVM::CallOp::create(b, loc, kernel, all);
    return SmallVector<Val>();
  });
  LLVM::ReturnOp::create(b, loc, ValueRange());
  return body;
}

/// `loop(user, pieces, 1, body, context)`.
void ModelEmitter::callInPieces(LLVM::LLVMFuncOp kernel, ArrayRef<Value> arguments, int64_t pieces) {
  Location loc = kernel.getLoc();
  for (auto [index, argument] : llvm::enumerate(arguments)) {
    Value slot = slotOf(loc, context, index);
    LLVM::StoreOp::create(b, loc, argument, slot);
  }
  auto [loop, user] = loopArguments();
  Type i32 = b.getI32Type();
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()),
                                          {pointerType, i32, i32, pointerType, pointerType});
  Value count = LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(pieces));
  Value grain = LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(1));
  Value body = LLVM::AddressOfOp::create(b, loc, emitPieces(kernel));
  LLVM::CallOp::create(b, loc, type, ValueRange{loop, user, count, grain, body, context});
}

/// What `<name>_run` leaves pieces to: `body(context, 0, count)`.
LLVM::LLVMFuncOp ModelEmitter::emitSerialLoop() {
  Location loc = model.getLoc();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(model);
  Type i32 = b.getI32Type(), none = LLVM::LLVMVoidType::get(b.getContext());
  auto type = LLVM::LLVMFunctionType::get(none, {pointerType, i32, i32, pointerType, pointerType});
  auto function =
      LLVM::LLVMFuncOp::create(b, loc, uniqueName(model.getName() + ".loop"), type, LLVM::Linkage::Internal);
  function.setNoUnwind(true);
  Block *entry = function.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  Value zero = LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
  LLVM::CallOp::create(b, loc, LLVM::LLVMFunctionType::get(none, {pointerType, i32, i32}),
                       ValueRange{entry->getArgument(3), entry->getArgument(4), zero, entry->getArgument(1)});
  LLVM::ReturnOp::create(b, loc, ValueRange());
  return function;
}

/// What comes last of the function that does everything: a loop and what it gets, then a hook and what it gets.
std::pair<Value, Value> ModelEmitter::loopArguments() {
  auto end = run_.getBody().front().args_end() - (options.profile ? 2 : 0);
  return {*(end - 2), *(end - 1)};
}
std::pair<Value, Value> ModelEmitter::hookArguments() {
  auto end = run_.getBody().front().args_end();
  return {*(end - 2), *(end - 1)};
}

std::string ModelEmitter::runName(bool isParallel, bool isProfiled) {
  return (model.getName() + "_run" + (isParallel ? "_parallel" : "") + (isProfiled ? "_profiled" : "")).str();
}

/// A function that calls the one that does everything: without a loop or a hook of the caller's, or both.
void ModelEmitter::emitPartialRun(LLVM::LLVMFuncOp serialLoop, bool isParallel, bool isProfiled) {
  Location loc = model.getLoc();
  b.setInsertionPoint(model);
  int64_t common = run_.getNumArguments() - (options.parallel ? 2 : 0) - (options.profile ? 2 : 0);
  SmallVector<Type> types(common + (isParallel ? 2 : 0) + (isProfiled ? 2 : 0), pointerType);
  auto type = LLVM::LLVMFunctionType::get(b.getI32Type(), types);
  auto partial = LLVM::LLVMFuncOp::create(b, loc, runName(isParallel, isProfiled), type, LLVM::Linkage::External);
  partial.setNoUnwind(true);
  Block *entry = partial.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  SmallVector<Value> arguments(entry->getArguments());
  Value null = LLVM::ZeroOp::create(b, loc, pointerType);
  if (options.parallel && !isParallel) {
    Value loop = LLVM::AddressOfOp::create(b, loc, serialLoop);
    arguments.insert(arguments.begin() + common, {loop, null});
  }
  if (options.profile && !isProfiled)
    arguments.append({null, null});
  LLVM::ReturnOp::create(b, loc, LLVM::CallOp::create(b, loc, run_, arguments).getResult());
}

/// The functions that leave out what the object could do.
void ModelEmitter::emitPartialRuns() {
  LLVM::LLVMFuncOp serialLoop = options.parallel ? emitSerialLoop() : LLVM::LLVMFuncOp();
  for (bool isParallel : {false, true})
    for (bool isProfiled : {false, true})
      if (isParallel <= options.parallel && isProfiled <= options.profile &&
          runName(isParallel, isProfiled) != run_.getName())
        emitPartialRun(serialLoop, isParallel, isProfiled);
}

/// Copies between the caller's buffers and their places in the arena, unless they are there already.
void ModelEmitter::copyInterface(Value table, ArrayAttr buffers, bool isInput) {
  Location loc = model.getLoc();
  for (auto [index, attribute] : llvm::enumerate(buffers.getAsRange<DictionaryAttr>())) {
    auto type = llvm::cast<RankedTensorType>(attribute.getAs<TypeAttr>("type").getValue());
    int64_t bytes = qnn::getFormat(type).getPackedBytes(type.getNumElements());
    int64_t offset = attribute.getAs<IntegerAttr>("offset").getInt();
    if (bytes == 0)
      continue;
    Value slot = slotOf(loc, table, index);
    Value theirs = LLVM::LoadOp::create(b, loc, pointerType, slot);
    Value ours = advance(loc, memoryOf(attribute), offset);
    Value differs = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, theirs, ours);
    auto branch = scf::IfOp::create(b, loc, differs, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    copy(loc, isInput ? ours : theirs, isInput ? theirs : ours, bytes);
  }
}

/// Copies the next values of state that were computed in the arena.
void ModelEmitter::copyStates() {
  for (auto state : states().getAsRange<DictionaryAttr>())
    if (auto source = state.getAs<IntegerAttr>("source")) {
      auto type = llvm::cast<RankedTensorType>(state.getAs<TypeAttr>("type").getValue());
      int64_t bytes = qnn::getFormat(type).getPackedBytes(type.getNumElements());
      int64_t offset = state.getAs<IntegerAttr>("offset").getInt();
      if (bytes > 0)
        copy(model.getLoc(), advance(model.getLoc(), memories.back(), offset),
             advance(model.getLoc(), memoryOf(state), source.getInt()), bytes);
    }
}

/// `<name>_reset`, which writes the values that state begins with: one byte again and again, or a constant.
void ModelEmitter::emitReset() {
  Location loc = model.getLoc();
  b.setInsertionPoint(model);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {pointerType});
  auto reset = LLVM::LLVMFuncOp::create(b, loc, (model.getName() + "_reset").str(), type, LLVM::Linkage::External);
  reset.setNoUnwind(true);
  Block *entry = reset.addEntryBlock(b);
  for (auto state : states().getAsRange<DictionaryAttr>()) {
    b.setInsertionPointToEnd(entry);
    HostTensor first = filledTensor(llvm::cast<RankedTensorType>(state.getAs<TypeAttr>("type").getValue()),
                                    state.getAs<FloatAttr>("initial").getValueAsDouble());
    Value place = advance(loc, entry->getArgument(0), state.getAs<IntegerAttr>("offset").getInt());
    auto bytes = static_cast<int64_t>(first.bytes.size());
    if (bytes == 0)
      continue;
    if (llvm::all_equal(first.bytes)) {
      Value byte = LLVM::ConstantOp::create(b, loc, b.getI8IntegerAttr(first.bytes.front()));
      LLVM::MemsetOp::create(b, loc, place, byte, LLVM::ConstantOp::create(b, loc, indexAttr(bytes)),
                             /*isVolatile=*/false);
      continue;
    }
    copy(loc, place, LLVM::AddressOfOp::create(b, loc, emitBytes(model.getName() + ".initial", first.bytes)), bytes);
  }
  b.setInsertionPointToEnd(entry);
  LLVM::ReturnOp::create(b, loc, ValueRange());
}

LogicalResult ModelEmitter::run() {
  if (failed(verifyPlanned()))
    return failure();
  Location loc = model.getLoc();
  Type i32 = b.getI32Type();
  b.setInsertionPoint(model);
  unsigned stateArguments = states() ? 1 : 0;
  SmallVector<Type> types(3 + stateArguments + (options.parallel ? 2 : 0) + (options.profile ? 2 : 0), pointerType);
  std::string name = runName(options.parallel, options.profile);
  run_ = LLVM::LLVMFuncOp::create(b, loc, name, LLVM::LLVMFunctionType::get(i32, types), LLVM::Linkage::External);
  run_.setNoUnwind(true);
  Block *entry = run_.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  if (options.parallel)
    context = emitContext();
  loadMemories();
  copyInterface(entry->getArgument(0), model->getAttrOfType<ArrayAttr>("qk.inputs"), /*isInput=*/true);
  for (Operation &op : model.getBody().front().without_terminator()) {
    if (auto constant = llvm::dyn_cast<qk::ConstantOp>(op))
      emitConstant(constant);
    else if (auto kernel = llvm::dyn_cast<qk::Kernel>(op))
      if (failed(emitKernel(kernel)))
        return failure();
  }
  copyInterface(entry->getArgument(1), model->getAttrOfType<ArrayAttr>("qk.outputs"), /*isInput=*/false);
  if (states())
    copyStates();
  LLVM::ReturnOp::create(b, loc, Value(arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0))));
  emitPartialRuns();
  if (states())
    emitReset();
  model.erase();
  return success();
}

struct EmitKernelsPass : target::MachinePass<EmitKernelsPass, ModuleOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EmitKernelsPass)
  EmitKernelsPass() = default;
  EmitKernelsPass(const target::Machine *machine, EmitOptions options) : MachinePass(machine) {
    profile = options.profile;
    fusesMultiplyAdd = options.fusesMultiplyAdd;
    prefersSize = options.prefersSize;
    parallel = options.parallel;
  }
  EmitKernelsPass(const EmitKernelsPass &other) : MachinePass(other) {}
  StringRef getArgument() const override { return "qk-emit-kernels"; }
  StringRef getDescription() const override { return "Write the loops of each kernel"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<LLVM::LLVMDialect, scf::SCFDialect, arith::ArithDialect, math::MathDialect>();
  }
  void runOnOperation() override {
    FailureOr<target::Machine> chosen = machine();
    if (failed(chosen))
      return signalPassFailure();
    for (func::FuncOp model : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (model.isExternal())
        model.erase(); // nothing calls it
      else if (failed(ModelEmitter(model, *chosen->target, {profile, fusesMultiplyAdd, prefersSize, parallel}).run()))
        return signalPassFailure();
  }
  Option<bool> profile{*this, "profile", llvm::cl::desc("call a hook before and after each kernel"),
                       llvm::cl::init(false)};
  Option<bool> parallel{*this, "parallel", llvm::cl::desc("leave pieces of kernels to a loop of the caller's"),
                        llvm::cl::init(false)};
  Option<bool> fusesMultiplyAdd{*this, "fuse-multiply-add",
                                llvm::cl::desc("add f32 products without rounding them first"), llvm::cl::init(true)};
  Option<bool> prefersSize{*this, "prefer-size", llvm::cl::desc("smaller code counts more than faster code"),
                           llvm::cl::init(false)};
};
} // namespace

std::unique_ptr<Pass> codegen::createEmitKernelsPass(const target::Machine *machine, EmitOptions options) {
  return std::make_unique<EmitKernelsPass>(machine, options);
}

void codegen::registerPasses() {
  PassRegistration<EmitKernelsPass>();
  registerPass([] { return createShareKernelsPass(); });
  registerPass(createSimplifyLoopsPass);
  registerPass(createExpandScalarsPass);
  registerPass(createLowerToLLVMPass);
}
