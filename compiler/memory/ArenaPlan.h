// The buffers of a model of kernels on tensors: how long each lives, and which may overlap.
#ifndef QCC_COMPILER_MEMORY_ARENAPLAN_H
#define QCC_COMPILER_MEMORY_ARENAPLAN_H

#include "compiler/memory/MemoryLayout.h"
#include "compiler/memory/Passes.h"
#include "compiler/memory/Placer.h"
#include "compiler/memory/StatePlan.h"
#include "dialects/qk/QkOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc::memory {

class ArenaPlan {
public:
  /// Reads one block of kernels from storage to storage, as `convert-qnn-to-qk` leaves it; what is something else is
  /// diagnosed. The plan refers to the model's values. Buffers lie at multiples of `align` bytes.
  static mlir::FailureOr<ArenaPlan> create(mlir::func::FuncOp model, int64_t align = scalarAlign);

  llvm::ArrayRef<Buffer> buffers() const { return list; }
  llvm::ArrayRef<Overlap> overlaps() const { return pairs; }
  /// The buffer of an input, of a kernel's result or scratch memory, or of a view of one of them; not of what lies in
  /// state.
  size_t bufferOf(mlir::Value value) const { return valueBuffers.at(value); }
  /// What lies outside of the arena, in the caller's state.
  const StatePlan &states() const { return statePlan; }
  /// Bytes that a kernel of the model needs at least, for what it reads and writes and what lives beside it.
  int64_t liveBytes(mlir::Operation *kernel) const;

  /// As `memory::place`; none, and a diagnostic, if the sizes do not add up to a number of 64 bits.
  mlir::FailureOr<Placement> place(const PlaceOptions &options = {}) const;
  /// What the kernels read and write of each buffer, for its bytes; the results of `qk.fetch` are optional.
  std::vector<Heat> heats() const;
  /// Bytes that the kernels read and write with each buffer in the memory of that number; those that are not in the
  /// first one (or in none, as weights) count twice.
  double accessCost(llvm::ArrayRef<size_t> memories) const;
  /// True if `kernel` has to compute its last positions first, at these places.
  bool mustDescend(qk::Kernel kernel, const MemoryLayout &layout) const;
  /// A diagnostic: the sizes do not add up to a number of 64 bits.
  mlir::InFlightDiagnostic reportOverflow() const;

private:
  ArenaPlan(mlir::func::FuncOp model, int64_t align) : model(model), align(align) {}
  /// The steps of the buffers' lives: the number of an operator in the block.
  int64_t stepOf(mlir::Operation *op) const { return steps.lookup(op); }
  size_t newBuffer(int64_t begin, mlir::Type type);
  void extend(mlir::Value value, size_t buffer);
  int64_t lastUse(mlir::Value value) const;
  mlir::LogicalResult verifyModel();
  mlir::LogicalResult assignBuffers();
  mlir::LogicalResult assignBuffers(qk::Kernel kernel);
  void findOverlaps(qk::Kernel kernel);

  mlir::func::FuncOp model;
  int64_t align;
  StatePlan statePlan;
  llvm::DenseMap<mlir::Operation *, int64_t> steps;
  llvm::DenseMap<mlir::Value, size_t> valueBuffers;
  std::vector<Buffer> list;
  std::vector<Overlap> pairs;
};

/// The bytes of the arena of a model's plan, as `ArenaPlan::place` finds them.
mlir::FailureOr<int64_t> arenaBytes(mlir::func::FuncOp model, const PlaceOptions &options = {});

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_ARENAPLAN_H
