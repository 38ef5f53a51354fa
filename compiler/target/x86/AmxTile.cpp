#include "compiler/target/x86/AmxTile.h"

#include "compiler/target/RowBuffers.h"
#include "compiler/target/x86/TileTable.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {
constexpr int64_t tileRows = 16, rowBytes = 64, tileBytes = tileRows * rowBytes;
/// Tiles: sums, then codes of up to two groups of positions, then weights, one after the other.
constexpr int64_t sumTiles = 4, codesTile = 4, weightsTile = 6, weightTiles = 2;

/// Rows of tiles that positions take.
int64_t groupsOf(int64_t positions) { return llvm::divideCeilSigned(positions, tileRows); }
int64_t rowsOf(int64_t positions, int64_t group) { return std::min(tileRows, positions - group * tileRows); }
/// The tile of the sums of a group of positions and a vector of channels.
int64_t sumTile(int64_t positions, int64_t group, int64_t vector) {
  return group * (sumTiles / groupsOf(positions)) + vector;
}
Val tileNumber(KernelBuilder &k, int64_t tile) { return k.immediate(tile, /*bits=*/8); }
} // namespace

Type AmxTile::stageFormat(Type codes) const { return bytesFormat(codes); }

void AmxTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  int64_t together = products / tileRows; // of a channel in a row
  for (; !codes.empty(); codes = codes.drop_front(lanes * products))
    for (int64_t row = 0; row < tileRows; ++row)
      for (int64_t lane = 0; lane < lanes; ++lane)
        for (int64_t p = 0; p < together; ++p)
          for (int64_t byte = 0; byte < weightBytes; ++byte)
            bytes.push_back(static_cast<char>(codes[lane * products + row * together + p] >> (8 * byte)));
}

/// Of f32, whose lower halves are 0.
void AmxBfloatTile::packStep(ArrayRef<int64_t> codes, std::vector<char> &bytes) const {
  AmxTile::packStep(llvm::map_to_vector(codes, [](int64_t bits) { return bits >> 16; }), bytes);
}

double AmxBfloatTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  return shape.run % products ? std::numeric_limits<double>::infinity()
                              : AmxTile::blockCycles(shape, positions, vectors);
}

bool AmxTile::holdsBlock(int64_t positions, int64_t vectors) const {
  int64_t groups = groupsOf(positions);
  return groups <= weightsTile - codesTile && groups * vectors <= sumTiles;
}

/// A product of tiles takes a cycle for each row of codes, and a little more where these are few; loads take two rows a
/// cycle, or what the next cache gives; and each tile of sums waits for its last product, whose latency is that of as
/// many rows as it has. All of that overlaps.
double AmxTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  if (!holdsBlock(positions, vectors))
    return std::numeric_limits<double>::infinity();
  constexpr double perProduct = 4, perRow = 0.75, blockOverhead = 60, perSum = 2;
  auto rows = static_cast<double>(positions), groups = static_cast<double>(groupsOf(positions)),
       blockVectors = static_cast<double>(vectors);
  double multiply = blockVectors * (groups * perProduct + rows * perRow);
  double load = (rows + blockVectors * tileRows) / costs.loads;
  double far = shape.packedBytes(vectors) > costs.nearBytes ? blockVectors * tileBytes / costs.farBytes : 0;
  double latency = costs.latency - static_cast<double>(tileRows - rowsOf(positions, 0));
  double step = std::max({multiply, load, latency, far});
  return static_cast<double>(shape.runs() * shape.steps) * step + rows * blockVectors * perSum + blockOverhead;
}

double AmxTile::codeCycles() const { return 200; } // to configure the tiles and to release them

Val AmxTile::packCodes(KernelBuilder &k, ArrayRef<Val> vectors, bool isSigned) const {
  return packCodesInPairs(k, vectors, isSigned);
}

/// Palette 1: for each tile, the bytes of a row and the rows that are there.
void AmxTile::beginKernel(KernelBuilder &k, int64_t positions) const {
  constexpr int64_t columnsAt = 16, rowsAt = 48;
  SmallVector<int8_t> config(64);
  auto configure = [&](int64_t tile, int64_t rows) {
    config[columnsAt + 2 * tile] = rowBytes;
    config[rowsAt + tile] = static_cast<int8_t>(rows);
  };
  config[0] = 1;
  int64_t groups = groupsOf(positions);
  for (int64_t group = 0; group < groups; ++group) {
    configure(codesTile + group, rowsOf(positions, group));
    for (int64_t j = 0; j < sumTiles / groups; ++j)
      configure(sumTile(positions, group, j), rowsOf(positions, group));
  }
  for (int64_t tile = 0; tile < weightTiles; ++tile)
    configure(weightsTile + tile, tileRows);
  auto type = VectorType::get({64}, k.b.getI8Type());
  Val bytes = k.val(arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(type, ArrayRef<int8_t>(config))));
  Val memory = k.stackBuffer(type, 1);
  k.storeRaw(memory, type, k.index(0), bytes);
  k.intrinsic("llvm.x86.ldtilecfg", {memory});
}

void AmxTile::endKernel(KernelBuilder &k) const { k.intrinsic("llvm.x86.tilerelease", {}); }

Accumulators AmxTile::start(KernelBuilder &k, int64_t positions, ArrayRef<Val> first) const {
  for (int64_t group = 0; group < groupsOf(positions); ++group)
    for (size_t j = 0; j < first.size(); ++j)
      k.intrinsic("llvm.x86.tilezero", {tileNumber(k, sumTile(positions, group, j))});
  return {};
}

Accumulators AmxTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  auto load = [&](int64_t tile, Val from, int64_t stride) {
    k.intrinsic("llvm.x86.tileloadd64", {tileNumber(k, tile), from, k.index(stride)});
  };
  int64_t groups = groupsOf(run.positions);
  k.loopOrCopies(/*isLoop=*/true, run.steps, {}, [&](Val step, ArrayRef<Val>) {
    Val codes = k.advance(run.lhs, step * rowBytes), weights = k.advance(run.rhs, step * (run.vectors * tileBytes));
    for (int64_t j = 0; j < run.vectors; ++j)
      for (int64_t group = 0; group < groups; ++group) {
        if (j == 0)
          load(codesTile + group, k.advance(codes, group * tileRows * run.positionBytes), run.positionBytes);
        if (group == 0)
          load(weightsTile + j % weightTiles, k.advance(weights, j * tileBytes), rowBytes);
        k.intrinsic(multiply(run.isSigned),
                    {tileNumber(k, sumTile(run.positions, group, j)), tileNumber(k, codesTile + group),
                     tileNumber(k, weightsTile + j % weightTiles)});
      }
    return SmallVector<Val>();
  });
  return sums;
}

void AmxTile::storeSums(KernelBuilder &k, int64_t positions, int64_t vectors, Val to) const {
  for (int64_t group = 0; group < groupsOf(positions); ++group)
    for (int64_t j = 0; j < vectors; ++j)
      k.intrinsic("llvm.x86.tilestored64",
                  {tileNumber(k, sumTile(positions, group, j)),
                   k.advance(to, (j * positions + group * tileRows) * rowBytes), k.index(rowBytes)});
}
