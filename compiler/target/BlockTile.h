// A tile instruction that computes a block of positions and channels in registers.
#ifndef QCC_COMPILER_TARGET_BLOCKTILE_H
#define QCC_COMPILER_TARGET_BLOCKTILE_H

#include "compiler/codegen/KernelBuilder.h"
#include "compiler/target/BitPlanes.h"
#include "compiler/target/WeightFields.h"
#include "dialects/qk/QkOps.h"
#include "dialects/qk/Queries.h"

namespace qcc::target {

struct Target;

using Accumulators = llvm::SmallVector<codegen::Val>;

/// A run: codes that lie one behind the other for each position, times packed weights.
struct BlockRun {
  codegen::Val lhs;      // staged code of the first position's first product
  int64_t positionBytes; // from one position's first code to the next position's
  codegen::Val rhs;      // packed weights: steps x vectors x lanes x products
  int64_t steps;
  int64_t tail; // products of the last step that are there
  int64_t positions, vectors;
  int64_t taps;    // of equal parts of the run, each of which is the next position's part before it; 1 if they are not
  bool masksCodes; // no code behind the run's last may be read
  int64_t planeBytes; // from one step of a tap to its next, where steps go through taps first; 0 if they lie in a row
  llvm::SmallVector<int64_t, 4> tapBytes; // from the beginning of a plane to the code of each tap
  int64_t lhsAlign, rhsAlign; // bytes of which the addresses of a position's codes and of the weights are multiples
  std::optional<BitPlanes> bits = std::nullopt; // if words are of bits; steps are those of a plane
  int64_t bitPlaneBytes = 0;                    // from one plane of codes to the next
  int64_t windowSteps = 0;                      // of all runs of a window
  llvm::ArrayRef<int8_t> table = {};            // of weights that are looked up
  bool isSigned = false;                        // staged codes are
};

/// What a machine can do with a block, in numbers.
struct BlockCosts {
  int64_t registers;          // that hold accumulators, weights and codes
  double multiplyAdds, loads; // a cycle
  double latency;             // cycles from one multiply-add to the next on the same accumulator
  /// Positions of a depthwise contraction at a time: as many sums as hide the latency of their products.
  int64_t depthwisePositions = 8;
  /// Bytes of weights that the nearest cache keeps from one block of positions to the next, and how many from the next
  /// cache cost a cycle: most of them come while products are added.
  int64_t nearBytes = INT64_MAX;
  double farBytes = 1;
  /// Cycles of a step that taps share the codes of: one code at a time has products, and all registers are taken.
  double sliding = 0;
  /// Of a packed number, what a field other than the last takes, as multiply-adds.
  double prefix = 0;
  /// Bytes of codes that Winograd's algorithms transform at a time: all of them are multiplied by each block's weights.
  int64_t transformedBytes = 32 * 1024;
  /// Cycles of a block beside its products: addresses, first loads, the last accumulator's latency.
  double blockOverhead = 12;
  /// Where a block's epilogue runs beside the next one's products as far as a machine looks ahead: times the square of
  /// the block's sums, the cycles of what it does not reach.
  double behindLookAhead = 0;
  /// Shuffles of vectors a cycle.
  double shuffles = 1;
  /// Instructions of Winograd's transforms a cycle, where these are not as many as loads.
  std::optional<double> transforms = std::nullopt;
  /// Bytes of weights that a direct contraction reads from the next cache in a cycle.
  double readBytes = 64;
};

class BitTile;
class MatrixTile;
class PatchTile;
class VectorTile;
class PlanarTile;
struct BlockShape;

/// Sums that become bytes by a narrow `qk.requantize`, a zero point, and a clamp to all codes there are of `bits` bits.
/// Numbers that are the same for all channels are values, others lie in memory, from that of the block's first channel
/// on.
struct NarrowStore {
  codegen::Val multiplier, shift; // i32, or a pointer to i32 and i8
  bool hasMultipliers, hasShifts; // in memory
  int64_t zero;
  bool isClampedAtZero; // before the zero point is added
  bool isSigned;
  int64_t bits;
  /// What is rescaled are 256ths of results; the row's bias is added to them before they are rounded, ties away from
  /// zero.
  bool hasFraction = false;
  codegen::Val out;      // the first position's first code
  int64_t positionBytes; // from one position to the next
};

/// Of a row whose weights have a scale for each group: runs of a window one behind the other, each of so many groups of
/// the row's steps, the last one with `lastSteps`. Behind a group's weights are factors of 8 bits without a sign,
/// filled up to a multiple of 4 bytes: sums of groups, times these, make totals.
struct ScaledGroups {
  int64_t runs, ofRun, lastSteps;
  int64_t weightBytes, runBytes; // of a whole group's weights, and of a run with all that it has
  codegen::Val offsets;          // if there are several runs: from a block's codes to those of each, i32 in memory
};

/// All positions of a row of the output, for all channels: blocks of channels, and of positions within them.
struct BlockRow {
  BlockRun run;                     // of the first block, from the window's first line on
  int64_t width;                    // positions of the row, at least those of the run
  int64_t blocks;                   // of channels, the weights of each behind those of the one before it
  int64_t repeated;                 // channels that the last block has in common with the one before it
  int64_t chunk;                    // positions whose columns lie together, and
  int64_t chunkBytes;               //   from those to the next ones; as BlockShape has them
  int64_t lines;                    // of the window, `lineBytes` apart, as a ring,
  int64_t lineBytes;                //
  codegen::Val top;                 //   and which of them is the window's first
  std::optional<codegen::Val> bias; // pointer to the first channel's number (i32)
  std::optional<ScaledGroups> groups;
  NarrowStore store; // of the first channel, for all of them
};

class BlockTile {
public:
  BlockTile(int64_t lanes, int64_t products, int64_t weightBytes, BlockCosts costs, bool masksTail = false,
            WeightFields fields = {})
      : lanes(lanes), products(products), weightBytes(weightBytes), costs(costs), masksTail(masksTail),
        fields(fields.bits ? std::move(fields) : WeightFields{1, 8 * weightBytes}) {}
  virtual ~BlockTile() = default;

  const int64_t lanes;       // channels of one accumulator: 1 for scalars
  const int64_t products;    // of each lane in one step
  const int64_t weightBytes; // of one packed weight, or of those that share a number
  const BlockCosts costs;
  const bool masksTail;      // the last step of a run reads no more codes and weights than there are
  const WeightFields fields; // of a packed number, if it has the weights of several vectors of channels

  virtual bool isFloat() const { return false; }
  /// True if weights are integers, whatever codes are.
  virtual bool takesIntegerWeights() const { return !isFloat(); }
  /// True if such floats are multiplied as they are, none rounded to others.
  virtual bool takesFloats(mlir::Type codes, mlir::Type weights) const { return true; }
  /// Itself, if products of vectors are to be had one by one, as depthwise contractions need.
  virtual const VectorTile *asVector() const { return nullptr; }
  /// Itself, if it computes depthwise windows, and nothing else, by patches.
  virtual const PatchTile *asPatch() const { return nullptr; }
  /// Itself, if it computes depthwise windows, and nothing else, on planes of channels.
  virtual const PlanarTile *asPlanar() const { return nullptr; }
  /// Itself, if it counts bits: steps are words of one bit of neighbouring channels.
  virtual const BitTile *asBits() const { return nullptr; }
  /// Itself, if its sums lie in registers of matrices, which nothing but memory gets them from.
  virtual const MatrixTile *asMatrix() const { return nullptr; }
  /// The tile that multiplies the weights, if they are codes of this one, looked up for a whole row of positions: those
  /// of a block of channels are written to memory as the other tile has them, two of neighbouring channels in 16 bits
  /// for each byte of codes.
  virtual const BlockTile *unpacked() const { return nullptr; }
  /// The format in which left-hand codes of that format are read, from memory or from staged lines.
  virtual mlir::Type stageFormat(mlir::Type codes) const = 0;
  /// True if it computes contractions with one scale per group of products: each group's sum like a window's.
  virtual bool scalesGroups() const { return false; }
  /// Products of which groups are multiples, unless one has all of a tap.
  int64_t groupUnit() const { return planePositions() > 0 ? BlockTile::stagedQuad : products; }
  /// True if staging takes zero points off codes of 8 bits where each group would have to be corrected for them.
  virtual bool stagesWithoutZero() const { return false; }
  /// Channels that are staged at a time in planes.
  static constexpr int64_t stagedQuad = 4;
  /// True if the tile computes products of any such integers (zero points taken off) exactly. Floats always fit.
  virtual bool fits(int64_t smallestWeight, int64_t largestWeight) const = 0;
  /// The same, where their range does not say so, for the weights of one step as `packStep` gets them.
  virtual bool fitsStep(llvm::ArrayRef<int64_t> codes) const { return false; }
  /// The same, if all that matters is which weights share numbers.
  bool fitsFields(llvm::ArrayRef<int64_t> codes) const;
  /// The largest magnitude that a channel's sum may have at any time.
  int64_t sumLimit() const { return fields.sumLimit(); }
  /// Of how many vectors of channels the weights lie together; the last of them may be zeros.
  int64_t channelUnit() const { return fields.count; }
  /// Bytes of the weights of so many vectors, for one product.
  virtual int64_t vectorBytes(int64_t vectors) const { return fields.packed(vectors) * lanes * weightBytes; }

  /// Appends the weights of one step: `codes` are [channel][product], channels a multiple of `lanes * channelUnit()`.
  void packWeights(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const;
  /// The same for packed numbers, channels a multiple of `lanes`.
  virtual void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const;

  /// Accumulators [position][vector] before the first product: `first` for each vector.
  virtual Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const;
  /// Adds the products of a run.
  virtual Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const = 0;
  /// Adds what the runs of a window have left to be added after the last of them.
  virtual Accumulators endWindow(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
    return sums;
  }
  /// True if `storeRow` computes rows.
  virtual bool storesRows() const { return false; }
  /// Computes and stores a whole row; false if it is computed block by block.
  virtual bool storeRow(codegen::KernelBuilder &k, const BlockRow &row) const { return false; }
  /// Computes `taps` runs from zero on, codes and weights of each behind those of the one before it, and stores the
  /// sums of each likewise, [position][vector]; false if they are computed one by one.
  virtual bool storeTaps(codegen::KernelBuilder &k, const BlockRun &run, int64_t taps, codegen::Val to) const {
    return false;
  }
  /// The sums of `first` and products [position][vector] in i32 or f32.
  virtual Accumulators finish(codegen::KernelBuilder &k, Accumulators sums, int64_t positions) const;

  /// Scalar sums that the epilogue takes at once, as a vector; 1 if it takes what an accumulator is.
  virtual int64_t gatheredSums() const { return 1; }
  /// Where sums are gathered: stores the first `count` lanes of a vector, each `offsets` bytes (i32) behind `pointer`,
  /// as elements of that type.
  virtual void storeApart(codegen::KernelBuilder &k, codegen::Val pointer, codegen::Val offsets, codegen::Val codes,
                          mlir::Type element, int64_t count) const;

  /// True if nothing but sums may stay in vector registers from one block to the next: these must not spill.
  virtual bool keepsSumsOnly() const { return false; }
  /// What the code of a contraction is worth, in cycles: it must save more.
  virtual double codeCycles() const { return 0; }
  /// True if a block of so many accumulators fits the registers, with one step's weights and one position's codes.
  virtual bool holdsBlock(int64_t positions, int64_t vectors) const {
    return positions * vectors + vectors + 1 <= costs.registers;
  }
  /// Estimated cycles of one block; infinite if the tile has no such block.
  virtual double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const;
  /// Cycles that a block's weights take before they are multiplied, where the costs' `prefix` is of each vector.
  double unpackingCycles(const BlockShape &shape, int64_t vectors) const;
  /// Multiply-adds that a block may have if its rows of the window are written one behind the other; the rows of larger
  /// ones are a loop.
  virtual int64_t longestBlock() const { return 0; }
  /// True if sums are `opaque`.
  virtual bool hidesSums() const { return false; }
  /// Vectors of channels that depthwise staging interleaves the taps of at once; 1 if it takes them one by one.
  virtual int64_t interleavedVectors() const { return 1; }
  int64_t interleavedChannels() const { return interleavedVectors() * lanes; }
  /// The tile that computes the same of half as many lanes, from the same codes and weights; null if there is none.
  virtual const BlockTile *half() const { return nullptr; }
  /// Vectors of sums that `packCodes` takes from any contraction; 1 if it takes none.
  virtual int64_t packedVectors() const { return 1; }
  /// So many vectors of i32, or those that are interleaved at once, as one of bytes, each clamped to the range of a
  /// byte: first the first 128 bits of all vectors, then the second 128 bits, and so on, the reverse of interleaving.
  virtual codegen::Val packCodes(codegen::KernelBuilder &k, llvm::ArrayRef<codegen::Val> vectors, bool isSigned) const {
    llvm_unreachable("interleaves nothing");
  }
  /// Positions of a block where codes are staged in planes, for windows that allow it: those of one step for some
  /// columns, [step][column]. 0 if they never are.
  virtual int64_t planePositions() const { return 0; }
  /// True if it multiplies nothing but what Winograd's algorithm has transformed.
  virtual bool isForTransformed() const { return false; }
  /// Codes of 16 bits that it transforms at a time: as many as a vector of weights has, or the products of a step in
  /// one number on machines without vectors.
  virtual int64_t transformedAtOnce() const { return lanes * products; }
  /// Sums and differences of so many codes.
  virtual codegen::Val addHalves(codegen::KernelBuilder &k, codegen::Val a, codegen::Val b) const { return a + b; }
  virtual codegen::Val subtractHalves(codegen::KernelBuilder &k, codegen::Val a, codegen::Val b) const { return a - b; }
  /// Weights of 8 bits that it widens at a time where Winograd's algorithm transforms them while the program runs, a
  /// multiple of `transformedAtOnce`, and in which order so many lie in memory: the place of the one with that number.
  virtual int64_t widenedAtOnce() const { return transformedAtOnce(); }
  virtual int64_t placeOfWidened(int64_t number) const { return number; }
  /// The first `count` of so many, each Val as many codes as it transforms at a time.
  virtual llvm::SmallVector<codegen::Val> loadWidened(codegen::KernelBuilder &k, codegen::Val pointer,
                                                      int64_t count) const;
  /// True if the last block of channels has as many as all others, some of them computed a second time.
  virtual bool repeatsChannels() const { return false; }
  /// Positions of a row, where rows may have any length.
  virtual int64_t longestStagedRow() const { return 64; } // enough for every block, and small in the cache
  /// The same where codes are read where they lie, for so many positions of so many bytes (of the input or the output,
  /// whichever has more). The output overlaps the input by all but a row. The last row may overlap the one before it.
  virtual int64_t rowLength(int64_t positions, int64_t bytes) const { return largestDivisor(positions, INT64_MAX); }
  /// The same for blocks of so many positions: so many of them that loads and products outweigh what each channel of a
  /// row takes, and that the output overlaps most of the input.
  static int64_t rowOfBlocks(int64_t positions, int64_t bytes, int64_t block);
  /// The largest number up to `most` that divides `number`.
  static int64_t largestDivisor(int64_t number, int64_t most);
  /// Codes that are staged at a time.
  virtual int64_t stagedAtOnce(int64_t codeBytes) const { return lanes > 1 ? 64 / codeBytes : 1; }
  /// Stages that many codes of 8 bits, `offset` added to each, in instructions of its own, unless it has none; the
  /// second half of them lies `half` bytes behind the first.
  virtual bool stage(codegen::KernelBuilder &k, codegen::Val from, codegen::Val to, int64_t half, bool isSigned,
                     int64_t offset) const {
    return false;
  }
};

/// Cycles that weights of so many bytes, read so many times in a row, take to come from the cache that holds them, or
/// from memory where none does. The cache behind the nearest one gives so many in a cycle.
double readingCycles(int64_t weightBytes, double times, double ofNextCache = 64);

/// Cycles of products, and of reading their weights at the same time: those of the slower of both, and some of the
/// other.
double besideReading(double products, double reading);

/// What is added to a code of one format when it is staged as another.
int64_t stageOffsetOf(mlir::Type from, mlir::Type to);
/// The same for the input of a contraction: where the tile stages codes without their zero point, that is taken off.
int64_t stageOffsetOf(qk::ContractOp op, const BlockTile &tile);

/// The first of `count` channels that a block computes, the block being number `first` of `channels` in a row of
/// blocks: the last block ends with the last channel, and computes some channels of the block before it again, so that
/// no lane is empty. Only fewer channels than a block has leave some.
inline int64_t firstChannel(int64_t first, int64_t count, int64_t channels) {
  return std::max<int64_t>(0, std::min(first, channels - count));
}

/// Numbers that follow from a contraction's window and the tile that computes it. Positions, lines and runs count
/// codes, not bytes.
struct BlockShape {
  BlockShape(qk::ContractOp op, const BlockTile &tile);
  /// A row of positions that see only themselves, in the form in which the tile reads codes, each one run.
  BlockShape(qk::WindowAttr row, const BlockTile &tile);

  qk::WindowAttr window; // where each position sees only itself, all images as one, in rows of a good length
  const BlockTile &tile;
  mlir::Type lhsFormat, stageFormat;
  int64_t batch, rows, width;      // output positions
  int64_t positions;               // all of them; fewer than rows have if the last row overlaps the one before it
  int64_t groups, depth, breadth;  // groups, input and output channels of one; `depth` in words if these are of bits
  std::optional<BitPlanes> bits;   // if words are of bits
  bool hasBorderSums = false;      // behind the weights of a block
  int64_t runsPerLine, run, steps; // a line of the window is that many runs of so many codes; steps of one run
  bool copiesWindows;              // each position's rows of the window are copied, so that they are one run
  int64_t lines;                   // rows of the input that one row of the output needs, as a ring
  int64_t lineCodes;               // of one staged line
  int64_t vectors;                 // accumulators that hold the channels of one group
  WeightTable table;               // of weights that are looked up
  /// Where groups of products have scales of their own, how many products, in whole steps; runs are those of one tap of
  /// the window, and the weights of each group have behind them, in vectors of channels, what `combine` takes beside
  /// total and sum:
  ///   rhs[block][ky][kx][group][step][vector][lane][product], then [param][vector][lane].
  int64_t scaleGroup = 0;
  llvm::SmallVector<mlir::Type, 4> groupParams;
  double combineOperations = 0; // of one lane
  int64_t stageBytes;           // of one staged code
  int64_t stageOffset = 0;      // what is added to a code when it is staged
  /// Codes are staged in planes of the `products` codes of a step for each column, so that one load has those of
  /// neighbouring positions. Planes are short, and of one length in most layers: a line is in chunks of positions, each
  /// with all columns that these see,
  ///   scratch[chunk][line][plane][column][product].
  /// A column of a plane is what a tap sees of neighbouring positions: with a stride of 2, those of even numbers come
  /// first. Copied windows have one line, and a column for each position.
  bool hasPlanes;
  int64_t chunk; // positions

  /// Of rows of any length, the length of one that a piece has to itself, `length` at most.
  int64_t rowInPieces(qk::ContractOp op, int64_t length) const;
  /// The longest one, up to `length`, in whole blocks, of which whole ones have all positions; `length` if there is
  /// none.
  int64_t rowOfWholeBlocks(qk::ContractOp op, int64_t length) const;
  /// From one position's codes to the next position's, staged.
  int64_t stagedPositionBytes() const {
    return hasPlanes ? columnBytes() : window.getStrides()[1] * stageBytes * groups * depth;
  }
  /// Of a plane.
  int64_t columnBytes() const { return tile.products * stageBytes; }
  int64_t planeBytes() const { return hasPlanes ? firstColumn(phases()) * columnBytes() : 0; }
  /// Of a chunk's line.
  int64_t planes() const { return copiesWindows ? steps : 2 * quads(); }
  /// Channels are staged four at a time, in two planes. The last four end with the last one, so that what they have in
  /// common with those before them is multiplied by zeros.
  int64_t quads() const { return llvm::divideCeil(depth, 4); }
  /// Chunks of a row of so many positions. Where their number is odd, the last two have a chunk of their own.
  int64_t chunks(int64_t positions) const { return llvm::divideCeil(positions / 2 * 2, chunk) + positions % 2; }
  int64_t chunkBytes() const { return (copiesWindows ? 1 : lines) * planes() * planeBytes(); }
  /// Numbers of columns modulo the stride that taps see, the place in a plane of the first column of each, and that of
  /// what a tap sees of the first position.
  int64_t phases() const { return copiesWindows ? 1 : std::min(window.getStrides()[1], window.getKernel()[1]); }
  int64_t phaseColumns(int64_t phase) const;
  int64_t firstColumn(int64_t phase) const;
  int64_t columnOfTap(int64_t tap) const;
  /// The code of a run which product `p` of step `s` takes; none if it is another step's.
  std::optional<int64_t> codeOf(int64_t s, int64_t p) const;
  /// Whether taps have runs of their own on planes, whose groups have scales; if not, a step goes through all of them.
  bool hasTapRuns() const { return hasPlanes && scaleGroup > 0; }
  /// Taps that see a plane.
  int64_t planeTaps() const { return copiesWindows ? 1 : window.getKernel()[1]; }
  /// Codes that a row of a copied window takes.
  int64_t copiedRow() const;
  /// Rows of a window that have runs of their own, and runs of a window.
  int64_t runRows() const { return copiesWindows ? 1 : window.getKernel()[0]; }
  int64_t runs() const { return runRows() * runsPerLine; }
  /// Parts of a run of which each begins where the part before it begins for the next position.
  int64_t taps() const {
    bool slides = runsPerLine == 1 && !copiesWindows && window.getStrides()[1] == 1 && depth % tile.products == 0;
    return slides ? window.getKernel()[1] : 1;
  }
  /// Products of a run that have packed weights and staged codes: all steps in full, unless the tile masks the last.
  int64_t paddedRun() const { return tile.masksTail ? run : steps * tile.products; }
  /// The same of its last step.
  int64_t tail() const { return paddedRun() - (steps - 1) * tile.products; }
  /// Codes of a step that a block loads for its positions; with one vector, taps share them.
  double codesOfStep(int64_t positions, int64_t vectors) const;
  /// True if codes can be read where they lie: same format, no border, nothing read behind the last code.
  bool readsInPlace() const;
  int64_t lineBytes() const {
    return hasPlanes && !copiesWindows ? planes() * planeBytes() : (bits ? bits->lhs : 1) * bitPlaneBytes();
  }
  /// Of a line's codes, one behind the other; for each plane of bits.
  int64_t bitPlaneBytes() const { return llvm::alignTo(lineCodes * stageBytes, 16); }
  /// Rows of the output whose windows are copied before they are computed: few positions fill no block.
  int64_t rowsAtOnce() const;
  /// The same as a schedule has it, which says nothing where each position sees only itself.
  int64_t scheduledRows() const { return copiesWindows && !qk::seesOnePosition(window) ? rowsAtOnce() : 0; }
  /// Of the copied windows; they lie behind the lines.
  int64_t windowBytes() const;
  /// What is staged may be read behind its end where weights are masked.
  int64_t scratchBytes() const;
  /// Where weights of a block are that are looked up for a row, behind it.
  int64_t unpackedOffset() const { return llvm::alignTo(scratchBytes(), 4); }
  /// Bytes of packed weights for `count` vectors of channels that a block has: those of its runs, and what is added to
  /// the sums of each class of positions.
  int64_t packedBytes(int64_t count) const { return runs() * runBytes(count) + borderBytes(count); }
  int64_t runBytes(int64_t count) const;
  /// Appends the weights of one step, as `BlockTile::packWeights` takes them; those that are looked up by their codes.
  void packWeights(llvm::ArrayRef<int64_t> weights, std::vector<char> &bytes) const;
  /// Full groups of a run, and the products of the last one (those of its whole steps, as they are packed), if it has
  /// less.
  int64_t fullScaleGroups() const { return run / scaleGroup; }
  int64_t lastScaleGroup() const { return paddedRun() - fullScaleGroups() * scaleGroup; }
  /// Of a group of so many products: its weights, then each parameter, from a multiple of 4 bytes on.
  int64_t scaleGroupBytes(int64_t count, int64_t products) const;
  int64_t scaleGroupWeightBytes(int64_t count, int64_t products) const {
    return llvm::alignTo(products * tile.vectorBytes(count), 4);
  }
  int64_t groupParamBytes(int64_t count, mlir::Type param) const {
    return llvm::alignTo(count * tile.lanes * param.getIntOrFloatBitWidth() / 8, 4);
  }
  int64_t borderBytes(int64_t count) const;
  /// Bytes of one number of a border: of 16 bits, if these always hold it.
  int64_t borderSumBytes() const;
  /// The same for all channels of a group, in blocks of so many vectors.
  int64_t groupBytes(int64_t block) const {
    return fullBlocks(block) * packedBytes(block) + packedBytes(restOf(block));
  }
  /// Of a group's vectors, blocks of so many, and vectors that are left.
  int64_t fullBlocks(int64_t block) const {
    return tile.repeatsChannels() ? llvm::divideCeil(vectors, block) : vectors / block;
  }
  int64_t restOf(int64_t block) const { return tile.repeatsChannels() ? 0 : vectors % block; }
  /// Estimated cycles with blocks of so many positions and vectors.
  double cycles(int64_t positions, int64_t vectors) const;
};

/// The same for a depthwise contraction, one input and one output channel in each of many groups. Where a step takes
/// one product of each channel, a staged line has the codes of a row as they are, [column][channel]. If it takes more,
/// then for each position of the output its codes of one row of the window in blocks of `products` taps:
/// [position][block][channel][tap].
struct DepthwiseShape {
  DepthwiseShape(qk::ContractOp op, const BlockTile &tile);

  static bool matches(qk::WindowAttr window) {
    return window.getGroups() > 1 && window.getChannels()[0] == 1 && window.getChannels()[1] == 1;
  }

  qk::WindowAttr window; // where lines are planes, an image of one column is one row
  const BlockTile &tile;
  /// Neighbouring positions that are computed as one of many channels, which are those of the output again and again:
  /// so few that all positions together fill the vectors that are interleaved at once. Their taps lie beside each other
  /// in memory, where windows move by one column. `width` counts such positions, and `channels` are theirs.
  int64_t positionsTogether;
  int64_t channels, width; // of the output
  int64_t vectors;         // that hold the channels
  bool isPlanar;           // lines of some channels at a time: [channel][line][column], see PlanarTile.h
  /// Lines are plain, and a column of the window fills a step, or some: its taps are interleaved in registers, for all
  /// positions that see it. Channels come in whole groups of vectors that are interleaved together, all rows of one at
  /// a time; of the last, some may not exist. Packed weights are those of the group's vectors, which may be half as
  /// long.
  bool rollsColumns;
  bool repeatsTaps;   // for each position
  int64_t tapBlocks;  // of one row of the window, or of one column that rolls
  int64_t columns;    // of a line: positions, if taps are repeated
  int64_t lines;      // of a ring, or of planes: those of all rows
  int64_t stageBytes; // of one staged code
  int64_t stageOffset;
  int64_t channelsAtOnce; // that have planes, whose columns roll, or of which not all lines stay in the nearest cache
  int64_t packedTaps;     // of a row of the window, in planes
  bool isTurned;          // rows of `window` are columns of the contraction's

  /// The channel in a lane of a vector, both counted within a group whose columns roll: interleaving leaves four
  /// channels of each 128 bits to one vector, the next four to the next one.
  int64_t rolledChannel(int64_t vector, int64_t lane) const { return rolledChannel(tile, vector, lane); }
  static int64_t rolledChannel(const BlockTile &tile, int64_t vector, int64_t lane) {
    return (lane / 4 * tile.interleavedVectors() + vector) * 4 + lane % 4;
  }
  /// What computes the group of channels that begins with `first` where columns roll. The last one may fit vectors of
  /// half as many lanes.
  const BlockTile &tileOfGroup(int64_t first) const;
  /// Of the output, after which they are repeated.
  int64_t period() const { return channels / positionsTogether; }
  /// Vectors that are interleaved together with others.
  int64_t interleavedVectors() const {
    int64_t together = tile.interleavedVectors();
    return together > 1 ? channels / (tile.lanes * together) * together : 0;
  }
  /// Vectors that have lines at a time.
  int64_t vectorsAtOnce() const { return channelsAtOnce ? channelsAtOnce / tile.lanes : vectors; }
  /// Repeated taps are staged in whole vectors.
  int64_t columnBytes() const {
    if (rollsColumns)
      return channelsAtOnce * stageBytes;
    return repeatsTaps ? tapBlocks * vectorsAtOnce() * tile.lanes * tile.products * stageBytes : channels * stageBytes;
  }
  /// From one position to the next, and from one block of taps to the next.
  int64_t positionBytes() const { return repeatsTaps ? columnBytes() : window.getStrides()[1] * columnBytes(); }
  int64_t blockBytes() const {
    return repeatsTaps ? columnBytes() / tapBlocks : window.getDilations()[1] * columnBytes();
  }
  /// A vector of more channels than there are reaches behind a line of whole columns.
  int64_t lineCodes() const { return columns * channels + std::max<int64_t>(0, tile.lanes - channels); }
  int64_t lineBytes() const {
    if (isPlanar)
      return columns * stageBytes;
    return repeatsTaps || rollsColumns ? columns * columnBytes() : llvm::alignTo(lineCodes() * stageBytes, 16);
  }
  /// From one channel's plane to the next.
  int64_t planeBytes() const { return lines * lineBytes(); }
  /// The last plane may be written behind its end.
  int64_t scratchBytes() const {
    return isPlanar ? llvm::alignTo(channelsAtOnce * planeBytes() + 4, 16) : lines * lineBytes();
  }
  /// Bytes of packed weights of `count` vectors: [row of the window][block][vector][lane][tap], of planes
  /// [channel][row][tap], read in words, or where columns roll, [group][column][vector][lane][row].
  int64_t packedBytes(int64_t count) const {
    if (isPlanar)
      return llvm::alignTo(count * window.getKernel()[0] * packedTaps + 1, 4);
    return window.getKernel()[rollsColumns ? 1 : 0] * tapBlocks * count * tile.lanes * tile.products * tile.weightBytes;
  }
  double cycles() const;

private:
  /// True if the lines of all channels would not stay in the nearest cache, and those of vectors that are interleaved
  /// together do.
  bool linesExceedCache(qk::ContractOp op) const;
  double rollingCycles() const;
  /// Of a group that such a tile computes.
  double groupCycles(const BlockTile &tile) const;
};

/// What a tile stages of a contraction's input if it cannot read it where it lies.
struct Staging {
  int64_t lines, bytes;
  bool canReadInPlace;
  int64_t rowBytes; // of `bytes`, those of unpacked rows, which are needed in any case
};
Staging stagingOf(qk::ContractOp op, const BlockTile &tile);

/// How the rows of a scheduled contraction can be divided among threads: so many at most, of which `together`
/// neighbouring ones are computed at once. No rows if one has to come after the other. Rows of any length are as short
/// as a block. Of two pieces, the second may write some positions of the first again, with what these have.
struct RowUnits {
  int64_t rows = 0, together = 1;
};
RowUnits rowUnitsOf(qk::ContractOp op, const BlockTile &tile);

/// The same of its channels, each piece with all rows: so many blocks, the last of which may have fewer channels. No
/// blocks if two of them have codes in the same byte, or if rows do not go through blocks. All of them have so many
/// bytes of packed weights.
struct ChannelUnits {
  int64_t blocks = 0, weightBytes = 0;
};
ChannelUnits channelUnitsOf(qk::ContractOp op, const BlockTile &tile);

/// Reads a contraction's constant right-hand side before it is packed.
class WeightReader {
public:
  explicit WeightReader(qk::ContractOp op);
  WeightReader(const WeightReader &) = delete;
  /// The integer less its zero point, or the bits of the float as f32, of output channel `o` (counted over all groups).
  int64_t operator()(int64_t o, int64_t ky, int64_t kx, int64_t i) const;
  /// The smallest and the largest of them.
  std::pair<int64_t, int64_t> range(qk::WindowAttr window) const;

private:
  int64_t integerOf(int64_t code) const { return decode(code) - zero; }

  llvm::ArrayRef<char> bytes;
  mutable qnn::NumberFormat format; // its methods are not const
  unsigned bits;
  bool isFloat;
  llvm::ArrayRef<int64_t> strides;
  qnn::IntegerDecode decode;
  int64_t zero;
  std::vector<int64_t> ofBytes; // the integers of all codes of 8 bits: weights may be many millions
  std::vector<char> splat;
  int64_t splatCodes = 0; // after how many codes a splat repeats itself; 0 if it is none
};

/// The weights of channels [first, last), filled up with zeros to `lanes` channels, step by step in the order in which
/// runs read them: `visit` gets those of a step, [channel][product]; the last step has fewer products if the tile masks
/// them.
using StepVisitor = llvm::function_ref<void(llvm::ArrayRef<int64_t> codes)>;
/// The weight of an output channel at a row and a column of the window, for an input channel.
using WeightAt = llvm::function_ref<int64_t(int64_t o, int64_t ky, int64_t kx, int64_t i)>;
void forEachStep(const BlockShape &shape, WeightAt weights, int64_t first, int64_t last, int64_t lanes,
                 StepVisitor visit);
/// The same for all channels of a depthwise contraction, each step for one vector of channels.
void forEachStep(const DepthwiseShape &shape, const WeightReader &weights, StepVisitor visit);

/// A contraction's constant weights as blocks of output channels, one behind the other in memory: neighbouring blocks
/// are the weights of a contraction of their channels alone.
struct WeightBlocks {
  int64_t count;           // of blocks
  int64_t channels, bytes; // of one
  int64_t lastChannels;    // of the last one, computed alone: it may compute some of the block before it again
  int64_t lastBytes;       //
  int64_t allChannels;     // of the contraction
  struct Range {
    int64_t firstChannel, channels, offset, bytes;
  };
  /// The channels of `size` blocks from block `first` on, and the bytes of their weights.
  Range range(int64_t first, int64_t size) const;
};
/// None if weights of channels do not lie one behind the other in whole bytes. `tile` is the contraction's.
std::optional<WeightBlocks> weightBlocks(qk::ContractOp op, const BlockTile *tile);

/// The tile of blocks that the contraction's schedule names; null without a schedule, and for other tile instructions.
const BlockTile *blockTileOf(qk::ContractOp op, const Target &target);

/// True if no block of the contraction's schedule computes again what another one has: nothing of what the output's
/// place held before is lost until it is computed.
bool computesOnce(qk::ContractOp op, const BlockTile &tile);
/// True if so, and epilogues of the tile's sums can take what is held there (`init_format`).
bool takesHeldCodes(qk::ContractOp op, const BlockTile &tile);

/// Reasons of form (formats, operands) for which a contraction can have blocks of that kind at all.
bool hasBlockForm(qk::ContractOp op, const BlockTile &tile);
/// True if the tile computes windows of that kind.
bool computesWindow(const BlockTile &tile, qk::WindowAttr window);
/// True if the tile computes the products of the contraction's weights exactly.
bool fitsWeights(qk::ContractOp op, const BlockTile &tile);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_BLOCKTILE_H
