#include "compiler/memory/Accesses.h"

#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;

static double bytesOf(Value buffer) { return static_cast<double>(qk::bytesOf(buffer)); }

static double blockOf(qk::ContractOp op, int64_t (qk::ScheduleAttr::*size)() const) {
  std::optional<qk::ScheduleAttr> schedule = op.getSchedule();
  return schedule && schedule->getK() != 0 ? static_cast<double>(((*schedule).*size)()) : 1;
}

/// Reads of a contraction's input, one byte after the other, by its inner loops. A channel of a depthwise window
/// serves one channel of the output.
static double readsOfInput(qk::ContractOp op) {
  qk::WindowAttr window = op.getWindow();
  auto breadth = static_cast<double>(std::max<int64_t>(window.getChannels()[1], 1));
  return static_cast<double>(window.macs()) / std::min(blockOf(op, &qk::ScheduleAttr::getN), breadth);
}

double memory::readsPerWeight(qk::ContractOp op) {
  qk::WindowAttr window = op.getWindow();
  ArrayRef<int64_t> output = window.getOutput();
  auto positions = static_cast<double>(window.getBatch() * output[0] * output[1]);
  return std::ceil(positions / blockOf(op, &qk::ScheduleAttr::getM));
}

/// A pool reads each code of its windows.
static double readsOfImage(qk::WindowKernel op) {
  auto contract = llvm::dyn_cast<qk::ContractOp>(*op);
  return contract ? readsOfInput(contract) : static_cast<double>(op.getWindow().macs());
}

static double accessedBytes(qk::ContractOp op, OpOperand &operand) {
  Value value = operand.get();
  // Of the output's channels, a part may be computed.
  double share = static_cast<double>(op.getWindow().getGroups() * op.getWindow().getChannels()[1]) /
                 static_cast<double>(std::max<int64_t>(qk::outputChannels(op), 1));
  if (&operand == &op.getInitMutable())
    return bytesOf(value) * share * (op.getInitFormat() ? 2 : 1);
  if (value == op.getRhs())
    return bytesOf(value) * memory::readsPerWeight(op);
  // Staged lines are written once, and read in place of the input.
  if (value == op.getScratch())
    return readsOfInput(op) + bytesOf(op.getLhs());
  if (value == op.getLhs())
    return op.getScratch() ? bytesOf(value) : readsOfInput(op);
  return bytesOf(value) * share; // parameters of channels
}

double memory::accessedBytes(qk::Kernel kernel, OpOperand &operand) {
  if (auto contract = llvm::dyn_cast<qk::ContractOp>(*kernel))
    return ::accessedBytes(contract, operand);
  auto stream = llvm::dyn_cast<qk::StreamOp>(*kernel);
  if (stream && &operand == &stream.getScratchMutable()) {
    double reads = 0;
    for (auto [index, stage] : llvm::enumerate(stream.kernels()))
      reads += readsOfImage(stage) * static_cast<double>(stream.timesComputed(index));
    return reads;
  }
  if (auto fetch = llvm::dyn_cast<qk::FetchOp>(*kernel))
    return bytesOf(fetch.getInit());
  if (auto pool = llvm::dyn_cast<qk::PoolOp>(*kernel); pool && &operand == &pool.getInputMutable())
    return readsOfImage(pool);
  return bytesOf(operand.get());
}
