#include "compiler/verify/CycleModel.h"

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/MCA/Context.h"
#include "llvm/MCA/CustomBehaviour.h"
#include "llvm/MCA/InstrBuilder.h"
#include "llvm/MCA/Pipeline.h"
#include "llvm/MCA/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace qcc;

/// What LLVM knows of a CPU.
struct CycleModel::Machine {
  const llvm::Target *target;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembler;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCInstrAnalysis> analysis;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCContext> context;
};

CycleModel::CycleModel(std::unique_ptr<Machine> machine) : machine(std::move(machine)) {}
CycleModel::CycleModel(CycleModel &&) = default;
CycleModel::~CycleModel() = default;

/// The CPUs with a model that can take the place of another one of the same architecture.
static std::string modelledCpus(const llvm::Target &target, const llvm::Triple &triple,
                                const llvm::MCSubtargetInfo &cpu) {
  // LLVM lists all cores that its backend knows; these are as different as another target.
  SmallVector<StringRef> same;
  if (triple.isRISCV())
    same = {"+64bit"};
  else if (triple.isARM() || triple.isThumb())
    same = {"+mclass", "+thumb2"};
  std::string names;
  for (const llvm::SubtargetSubTypeKV &entry : cpu.getAllProcessorDescriptions()) {
    std::unique_ptr<llvm::MCSubtargetInfo> other(target.createMCSubtargetInfo(triple, entry.Key, ""));
    bool fits = llvm::all_of(
        same, [&](StringRef feature) { return other->checkFeatures(feature) == cpu.checkFeatures(feature); });
    if (fits && other->getSchedModel().hasInstrSchedModel())
      names += (names.empty() ? "" : ", ") + std::string(entry.Key);
  }
  return names;
}

FailureOr<CycleModel> CycleModel::create(Location loc, StringRef triple, StringRef cpu, StringRef features) {
  auto machine = std::make_unique<Machine>();
  llvm::Triple parsed(triple);
  std::string error;
  machine->target = llvm::TargetRegistry::lookupTarget(parsed, error);
  if (!machine->target)
    return emitError(loc) << error;
  const llvm::Target &target = *machine->target;
  machine->subtarget.reset(target.createMCSubtargetInfo(parsed, cpu, features));
  if (!machine->subtarget->getSchedModel().hasInstrSchedModel()) {
    InFlightDiagnostic diagnostic = emitError(loc) << "LLVM has no model of the CPU '" << cpu << "'";
    if (std::string others = modelledCpus(target, parsed, *machine->subtarget); !others.empty())
      diagnostic << "; --mcpu names another, and it has one of " << others;
    return diagnostic;
  }
  llvm::InitializeAllDisassemblers();
  machine->registers.reset(target.createMCRegInfo(parsed));
  machine->assembler.reset(target.createMCAsmInfo(*machine->registers, parsed, llvm::MCTargetOptions()));
  machine->instructions.reset(target.createMCInstrInfo());
  machine->analysis.reset(target.createMCInstrAnalysis(machine->instructions.get()));
  machine->context = std::make_unique<llvm::MCContext>(parsed, machine->assembler.get(), machine->registers.get(),
                                                       machine->subtarget.get());
  return CycleModel(std::move(machine));
}

/// Straight code that was translated in several pieces, as at the end of a page, is one block.
static std::vector<ExecutedBlock> joinNeighbours(ArrayRef<ExecutedBlock> blocks) {
  std::vector<ExecutedBlock> joined;
  for (const ExecutedBlock &block : blocks) {
    ExecutedBlock *last = joined.empty() ? nullptr : &joined.back();
    if (last && last->address + last->code.size() == block.address && last->executions == block.executions)
      llvm::append_range(last->code, block.code);
    else
      joined.push_back(block);
  }
  return joined;
}

namespace {
/// The instructions of a block: those that the model has, and others, which take a cycle each.
struct Sequence {
  std::vector<std::unique_ptr<llvm::mca::Instruction>> known;
  int64_t calls = 0, unknown = 0;

  int64_t instructions() const { return known.size() + calls + unknown; }
};
} // namespace

static Sequence decode(const ExecutedBlock &block, const llvm::MCDisassembler &disassembler,
                       const llvm::MCInstrInfo &instructions, llvm::mca::InstrBuilder &builder) {
  Sequence sequence;
  uint64_t bytes = 0;
  for (ArrayRef<uint8_t> code = block.code; !code.empty(); code = code.drop_front(std::min(bytes, code.size()))) {
    llvm::MCInst instruction;
    uint64_t address = block.address + (code.data() - block.code.data());
    bool isDecoded =
        disassembler.getInstruction(instruction, bytes, code, address, llvm::nulls()) != llvm::MCDisassembler::Fail;
    if (!isDecoded)
      bytes = disassembler.suggestBytesToSkip(code, address);
    const llvm::MCInstrDesc *description = isDecoded ? &instructions.get(instruction.getOpcode()) : nullptr;
    if (!isDecoded) {
      ++sequence.unknown;
    } else if (description->isCall() || description->isReturn()) {
      // The builder has no more than a guess for them, and warns; what they lead to are other blocks.
      ++sequence.calls;
    } else if (auto made = builder.createInstruction(instruction, {})) {
      sequence.known.push_back(std::move(*made));
    } else {
      llvm::consumeError(made.takeError());
      ++sequence.unknown;
    }
  }
  return sequence;
}

/// What one repetition of a loop with this body takes.
static double simulate(const Sequence &sequence, const llvm::MCSubtargetInfo &subtarget,
                       const llvm::MCRegisterInfo &registers, const llvm::MCInstrInfo &instructions) {
  // Enough for what the first repetition waits for to vanish.
  constexpr unsigned repetitions = 64;
  if (sequence.known.empty())
    return 0;
  llvm::mca::CircularSourceMgr source(sequence.known, repetitions);
  llvm::mca::Context context(registers, subtarget);
  llvm::mca::CustomBehaviour behaviour(subtarget, source, instructions);
  // Sizes of queues are those of the model.
  llvm::mca::PipelineOptions options(/*UOPQSize=*/0, /*DecThr=*/0, /*DW=*/subtarget.getSchedModel().IssueWidth,
                                     /*RFS=*/0, /*LQS=*/0, /*SQS=*/0, /*NoAlias=*/true);
  auto pipeline = context.createDefaultPipeline(options, source, behaviour);
  return llvm::cantFail(pipeline->run()) / double(repetitions);
}

CycleModel::Estimate CycleModel::estimate(ArrayRef<ExecutedBlock> blocks) const {
  const llvm::MCSubtargetInfo &subtarget = *machine->subtarget;
  llvm::mca::InstrumentManager instruments(subtarget, *machine->instructions);
  Estimate total;
  for (const ExecutedBlock &block : joinNeighbours(blocks)) {
    // A new one for each block: it remembers instructions that make the next ones conditional.
    std::unique_ptr<llvm::MCDisassembler> disassembler(
        machine->target->createMCDisassembler(subtarget, *machine->context));
    llvm::mca::InstrBuilder builder(subtarget, *machine->instructions, *machine->registers, machine->analysis.get(),
                                    instruments, /*CallLatency=*/1);
    Sequence sequence = decode(block, *disassembler, *machine->instructions, builder);
    double cycles = simulate(sequence, subtarget, *machine->registers, *machine->instructions);
    total.instructions += sequence.instructions() * block.executions;
    total.unknown += sequence.unknown * block.executions;
    total.cycles += (cycles + sequence.calls + sequence.unknown) * block.executions;
  }
  return total;
}
