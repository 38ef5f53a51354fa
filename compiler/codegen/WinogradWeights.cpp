#include "compiler/codegen/WinogradWeights.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {
/// The transform of some neighbouring weights of all filters of a block, each by itself: their order is that of
/// transformed ones.
class WeightTransform {
public:
  WeightTransform(KernelBuilder &k, const WinogradShape &shape, int64_t vectors)
      : k(k), shape(shape), tile(shape.tile), smallBytes(shape.smallWeightBytes(vectors)),
        tapBytes(shape.products.packedBytes(vectors)) {}
  /// The first `count` of those that the tile widens at a time.
  void emit(Val from, Val to, int64_t count);

private:
  using Row = SmallVector<Val>; // of a filter: a weight of each column
  SmallVector<Row> loadRow(Val from, int64_t row, int64_t count);
  void storeRow(const Row &row, Val to);
  Row add(const Row &a, const Row &b);
  Row subtract(const Row &a, const Row &b);

  KernelBuilder &k;
  const WinogradShape &shape;
  const BlockTile &tile;
  int64_t smallBytes, tapBytes; // from one weight of a filter to the next, and from one tap
};
} // namespace

/// A row of each part that is transformed at a time.
SmallVector<WeightTransform::Row> WeightTransform::loadRow(Val from, int64_t row, int64_t count) {
  SmallVector<Row> parts(count / tile.transformedAtOnce());
  for (int64_t column = 0; column < 3; ++column) {
    Val at = k.advance(from, (3 * row + column) * smallBytes);
    for (auto [part, weights] : llvm::zip_equal(parts, tile.loadWidened(k, at, count)))
      part.push_back(weights);
  }
  return parts;
}

WeightTransform::Row WeightTransform::add(const Row &a, const Row &b) {
  return llvm::map_to_vector(llvm::zip_equal(a, b),
                             [&](auto pair) { return tile.addHalves(k, std::get<0>(pair), std::get<1>(pair)); });
}

WeightTransform::Row WeightTransform::subtract(const Row &a, const Row &b) {
  return llvm::map_to_vector(llvm::zip_equal(a, b),
                             [&](auto pair) { return tile.subtractHalves(k, std::get<0>(pair), std::get<1>(pair)); });
}

/// A row of 2 G g, times 2 G^T.
void WeightTransform::storeRow(const Row &row, Val to) {
  Val outer = tile.addHalves(k, row[0], row[2]);
  Val taps[] = {tile.addHalves(k, row[0], row[0]), tile.addHalves(k, outer, row[1]),
                tile.subtractHalves(k, outer, row[1]), tile.addHalves(k, row[2], row[2])};
  for (auto [column, weights] : llvm::enumerate(taps))
    k.storeVector(k.advance(to, static_cast<int64_t>(column) * tapBytes), weights, tile.transformedAtOnce());
}

/// Rows that are needed twice are loaded twice: few machines have registers for all weights and sums.
void WeightTransform::emit(Val from, Val to, int64_t count) {
  int64_t rowBytes = shape.transforms.columns.side * tapBytes, partBytes = tile.transformedAtOnce() * tile.weightBytes;
  auto place = [&](int64_t row, int64_t part) { return k.advance(to, row * rowBytes + part * partBytes); };
  for (int64_t row : {0, 2})
    for (auto [part, weights] : llvm::enumerate(loadRow(from, row, count)))
      storeRow(add(weights, weights), place(row == 0 ? 0 : 3, static_cast<int64_t>(part)));
  SmallVector<Row> first = loadRow(from, 0, count), second = loadRow(from, 1, count), third = loadRow(from, 2, count);
  for (size_t part = 0; part < first.size(); ++part) {
    Row outer = add(first[part], third[part]);
    storeRow(add(outer, second[part]), place(1, static_cast<int64_t>(part)));
    storeRow(subtract(outer, second[part]), place(2, static_cast<int64_t>(part)));
  }
}

void codegen::transformWeights(KernelBuilder &k, const WinogradShape &shape, Val from, Val to, int64_t vectors) {
  WeightTransform transform(k, shape, vectors);
  int64_t count = shape.smallWeights(vectors), atOnce = shape.tile.widenedAtOnce(), bytes = shape.tile.weightBytes;
  auto emit = [&](Val first, int64_t valid) {
    transform.emit(k.hide(k.advance(from, first)), k.hide(k.advance(to, first * bytes)), valid);
  };
  k.loop(k.index(count / atOnce), [&](Val i) { emit(i * atOnce, atOnce); });
  if (int64_t rest = count % atOnce)
    emit(k.index(count - rest), rest);
}
