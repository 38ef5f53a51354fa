// One function per kernel operator that writes its loops. `pointers` are the operator's operands in order; of a
// contraction with a part of the channels, those of its parameters and its destination are where the part begins.
#ifndef QCC_COMPILER_CODEGEN_EMITTERS_H
#define QCC_COMPILER_CODEGEN_EMITTERS_H

#include "compiler/codegen/KernelBuilder.h"
#include "compiler/target/MatrixTile.h"
#include "compiler/target/PatchTile.h"
#include "compiler/target/PlanarTile.h"
#include "compiler/target/TileInstruction.h"
#include "compiler/target/VectorTile.h"
#include "dialects/qk/Queries.h"

namespace qcc::codegen {

using Pointers = llvm::ArrayRef<Val>;

void emitContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::TileInstruction &tile);
/// `tile` is the block that `op`'s schedule names, in whose order its weights are packed.
void emitBlockContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::BlockTile &tile);
/// The same for one whose schedule has tiles.
void emitWinograd(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::BlockTile &tile);
/// The same for a depthwise contraction.
void emitDepthwise(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::VectorTile &tile);
void emitPatches(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::PatchTile &tile);

/// The same on planes of channels.
void emitPlanarDepthwise(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::PlanarTile &tile);

/// target::firstChannel in a kernel whose vectors have `lanes` channels.
Val firstChannel(KernelBuilder &k, Val first, int64_t count, int64_t channels, int64_t lanes);

/// `count` of `sums`, `step` apart, in the first of so many lanes.
Val gatherSums(KernelBuilder &k, llvm::ArrayRef<Val> sums, int64_t first, int64_t step, int64_t count, int64_t lanes);

/// Where the sums of a block of channels begin and end: the integers that the epilogue adds first are what they begin
/// with.
class Epilogue {
public:
  /// `channels` of the output's channels exist from `firstChannel` on, in vectors of the tile's lanes. With several
  /// positions together, they are those of all these positions. With `isInterleaved`, vectors are those of a group
  /// whose columns roll (DepthwiseShape).
  Epilogue(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::BlockTile &tile, Val firstChannel,
           int64_t channels, int64_t positionsTogether = 1, bool isInterleaved = false);
  /// Of no block, for `storeRow` alone.
  Epilogue(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::BlockTile &tile)
      : Epilogue(k, op, pointers, tile, k.index(0), 0) {}

  /// For each vector, what its sums begin with.
  llvm::ArrayRef<Val> first() const { return starts; }
  /// The same for an interleaved group, each time from memory.
  target::Accumulators firstInterleaved();
  /// Makes codes of what the tile has summed up, [position][vector], and stores them; the positions are neighbours from
  /// `firstPixel`.
  void store(Val firstPixel, const target::Accumulators &sums, int64_t positions);
  /// The same of sums as the epilogue takes them.
  void store(Val firstPixel, llvm::ArrayRef<Val> sums);
  /// Makes codes of the interleaved sums of one position, and stores them.
  void storeInterleaved(Val pixel, llvm::ArrayRef<Val> sums);
  /// Makes codes of sums of one vector of channels at any positions, and stores them in this order.
  void storeEach(llvm::ArrayRef<Val> pixels, llvm::ArrayRef<Val> sums);
  /// Leaves a whole row from `firstPixel` on to the tile, with everything that belongs to the epilogue set in `row`;
  /// false if it does not take it. Of blocks, the row has all from the first channel on.
  bool storeRow(Val firstPixel, target::BlockRow row);
  /// The same for whole images of channels from this block's first one on.
  bool storePlanes(Val firstPixel, const target::PlanarTile &planar, target::PlanarChannels channels);
  /// The same for a tile that gathers sums, in vectors of positions, which share the parameters of their channel.
  /// Positions are in columns of `rows` rows, `rowPixels` apart (1, 2, or 4; otherwise all are in one row).
  void storeApart(Val firstPixel, llvm::ArrayRef<Val> sums, int64_t rows = 1, int64_t rowPixels = 0);

private:
  /// What a tile needs to know to do all that itself; nothing for other epilogues.
  std::optional<target::NarrowStore> narrowStore(Val firstPixel);
  Val load(unsigned param, int64_t channel, int64_t count);
  llvm::SmallVector<mlir::Value> argumentsOf(int64_t channel, int64_t count);
  void addHeld(llvm::SmallVector<mlir::Value> &arguments, Val position, int64_t count, int64_t valid);
  void storeVector(Val pixel, int64_t channel, Val sum, llvm::SmallVector<mlir::Value> arguments);
  void storeChannels(Val firstPixel, llvm::ArrayRef<Val> sums);
  /// Sums of that type from memory, [vector][position], from position `first` on.
  void storeFrom(Val buffer, mlir::Type type, Val firstPixel, int64_t positions, int64_t first = 0);
  /// The same of a tile of matrices, as many positions at a time as the tile packs.
  void storeMatrix(const target::MatrixTile &matrix, Val firstPixel, int64_t positions);
  /// Of a vector of channels, as `storeVector` wants arguments.
  int64_t argumentLanes(int64_t vector) const { return channels - vector * lanes == 1 ? 1 : lanes; }
  void keepParams();
  Val keptParam(Val all, unsigned param, int64_t vector);
  Val packCodes(llvm::ArrayRef<Val> codes);
  /// Stores sums [position][vector] as bytes, four at a time, where the tile packs them; returns how many it has
  /// stored. `arguments` are what `storeVector` takes for each vector.
  int64_t storePacked(Val firstPixel, llvm::ArrayRef<Val> sums,
                      llvm::ArrayRef<llvm::SmallVector<mlir::Value>> arguments);
  /// How many sums at a time that are; 0 if it does not.
  int64_t packedSums() const;
  llvm::SmallVector<llvm::SmallVector<mlir::Value>> argumentsOfAll();
  Val joinInterleaved(llvm::ArrayRef<Val> codes);
  int64_t outputChannels() { return qk::outputChannels(op); }

  KernelBuilder &k;
  qk::ContractOp op;
  Pointers pointers;
  const target::BlockTile &tile;
  Val firstChannel;
  int64_t channels, positionsTogether, lanes, vectors;
  bool isInterleaved;
  Val kept; // of an interleaved group, all parameters on the stack, in its order: registers have the sums
  qnn::NumberFormat format;                              // of stored codes
  std::optional<std::pair<int64_t, int64_t>> byteBounds; // of codes, if they are clamped to some bytes
  std::optional<unsigned> bias;                          // number of the operand among the parameters
  bool beginsWithBias;                                   // what sums begin with; else the epilogue adds it
  llvm::SmallVector<Val> starts;
};

/// Calls the kernel of a stage, which reads `rows` and writes `row`.
using CallStage = llvm::function_ref<void(qk::WindowKernel op, Val rows, Val scratch, Val row)>;
/// The rows' way through the stages.
void emitStream(KernelBuilder &k, qk::StreamOp op, Pointers pointers, CallStage call);

void emitPool(KernelBuilder &k, qk::PoolOp op, Pointers pointers);
void emitMap(KernelBuilder &k, qk::MapOp op, Pointers pointers);
void emitLookup(KernelBuilder &k, qk::LookupOp op, Pointers pointers);
void emitGather(KernelBuilder &k, qk::GatherOp op, Pointers pointers);
void emitSoftmax(KernelBuilder &k, qk::SoftmaxOp op, Pointers pointers);
void emitFloatSoftmax(KernelBuilder &k, qk::FloatSoftmaxOp op, Pointers pointers);
void emitArgmax(KernelBuilder &k, qk::ArgmaxOp op, Pointers pointers);

inline qnn::NumberFormat formatOf(mlir::Type type) { return llvm::cast<qnn::NumberFormat>(type); }

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_EMITTERS_H
