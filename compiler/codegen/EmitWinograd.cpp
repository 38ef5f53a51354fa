// Contractions by Winograd's algorithms, F(2x2, 3x3), F(4x4, 3x3), and F(4, 3) along one axis: lines of the input are
// staged as for direct ones, and the codes of some tiles transformed; then each block of tiles and channels is a
// product for each of 16, 36 or 6 taps, whose sums are transformed to 2x2, 4x4, 1x4 or 4x1 outputs.
#include "compiler/codegen/LineRing.h"
#include "compiler/codegen/WinogradWeights.h"
#include "dialects/qnn/Winograd.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;
using qnn::winograd::Axis;

namespace {
/// `factor` times a sum of two numbers, each with its own factor. Of the second, that may be 0.
struct Term {
  struct Part {
    int64_t factor, number;
  };
  int64_t factor;
  Part first, second;
};
/// A row of B^T times numbers, as terms, of which the second may be 0.
struct CodeRow {
  Term terms[2];
};

constexpr CodeRow identity[] = {{{{1, {1, 0}, {}}, {}}}};
constexpr CodeRow codeRowsF2[] = {{{{1, {1, 0}, {-1, 2}}, {}}},
                                  {{{1, {1, 1}, {1, 2}}, {}}},
                                  {{{1, {1, 2}, {-1, 1}}, {}}},
                                  {{{1, {1, 1}, {-1, 3}}, {}}}};
// 4 d0 - 5 d2 + d4 = 4 (d0 - d2) + (d4 - d2), and the others in the same way.
constexpr CodeRow codeRowsF4[] = {
    {{{4, {1, 0}, {-1, 2}}, {1, {1, 4}, {-1, 2}}}}, {{{1, {1, 3}, {1, 4}}, {-4, {1, 1}, {1, 2}}}},
    {{{4, {1, 1}, {-1, 2}}, {1, {1, 4}, {-1, 3}}}}, {{{2, {1, 3}, {-1, 1}}, {1, {1, 4}, {-1, 2}}}},
    {{{2, {1, 1}, {-1, 3}}, {1, {1, 4}, {-1, 2}}}}, {{{4, {1, 1}, {-1, 3}}, {1, {1, 5}, {-1, 3}}}}};
// With (x - p)(x + p) = x^2 - p^2 taken out, the rows of p and -p are the sum and the difference of the same two
// numbers.
constexpr CodeRow codeRowsReciprocal[] = {
    {{{36, {1, 0}, {1, 4}}, {-1, {97, 2}, {}}}},     {{{3, {4, 4}, {-9, 2}}, {2, {4, 3}, {-9, 1}}}},
    {{{3, {4, 4}, {-9, 2}}, {-2, {4, 3}, {-9, 1}}}}, {{{2, {9, 4}, {-4, 2}}, {3, {9, 3}, {-4, 1}}}},
    {{{2, {9, 4}, {-4, 2}}, {-3, {9, 3}, {-4, 1}}}}, {{{36, {1, 1}, {1, 5}}, {-1, {97, 3}, {}}}}};

class WinogradEmitter {
public:
  WinogradEmitter(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile)
      : k(k), op(op), tile(tile), shape(op, tile), pointers(pointers), scratch(pointers[pointers.size() - 2]),
        rows(shape.transforms.rows), columns(shape.transforms.columns), taps(shape.taps),
        positions(op.getSchedule()->getM()), blockVectors(op.getSchedule()->getN() / tile.lanes),
        atOnce(op.getSchedule()->getTiles()), ring(k, op, shape.tiles, pointers[0], scratch, shape.lineBytes()),
        staged(k, op, shape.tiles, tile, shape.lineCodes) {}
  void emit();

private:
  /// Tiles: their image, their row, and the number of the first one in it.
  struct Tiles {
    Val n, y, x;
  };
  /// Neighbouring channels of one group that a block has: `valid` of them in `vectors` vectors, with their weights.
  struct Channels {
    Val weights, first;
    int64_t vectors, valid;
  };
  void transformCodes(Val x, Val group);
  ArrayRef<CodeRow> codeRowsOf(const Axis &axis) const;
  Val add(Val a, Val b);
  Val subtract(Val a, Val b);
  Val times(Val a, int64_t factor);
  Val addTimes(Val a, Val b, int64_t factor);
  Val asVector(Val halves);
  Val asHalves(Val vector);
  Val betweenAxes(Val codes);
  SmallVector<Val> codeColumn(const Axis &axis, ArrayRef<Val> codes);
  void transformTile(ArrayRef<Val> rows, Val to, int64_t valid);
  Val codeRow(const CodeRow &row, llvm::function_ref<Val(int64_t)> load);
  Val quantizeCodes(Val codes, int64_t tap);
  Val asStaged(Val codes);
  Val alignSums(Val sums, int64_t tap, Val shifts);
  SmallVector<Val> outputRows(const Axis &axis, ArrayRef<Val> sums);
  Val output(Val sum);
  void transformUnit(ArrayRef<Val> rows, Val to, int64_t valid);
  void emitChannels(const Tiles &tiles, Val group);
  void emitBlock(Val codes, const Channels &channels, llvm::function_ref<Tiles(Val number)> tileOf);
  BlockRun runOf(Val codes, Val weights, int64_t vectors);
  void multiply(Val codes, const Channels &channels);
  void storeTile(const Tiles &tile, Val sums, Val shifts, Val channel, int64_t valid, int64_t vectors);

  /// True if codes are vectors in any case, which are widened between the axes.
  bool isWide() const { return shape.isWide(); }
  /// True if few registers hold codes: a row of V is transformed after the other, and no step of codes is a part.
  bool hasFewRegisters() const { return !shape.isFloat && (tile.lanes == 1 || tile.planePositions() > 0); }
  /// True if halves lie in words, for want of vectors.
  bool hasWords() const { return tile.lanes == 1 && tile.products > 1; }
  /// Tiles whose codes are transformed together, all such units, and the bytes from one to the next.
  int64_t unit() const { return shape.hasBlocks() ? positions : 1; }
  int64_t units() const { return shape.hasBlocks() ? shape.blocks(atOnce, positions) : atOnce; }
  int64_t unitBytes() const { return shape.hasBlocks() ? taps * tapBytes() : shape.tileBytes(); }
  /// Codes of a vector that is transformed.
  int64_t lanes() const { return shape.transformLanes(); }
  bool hasBytes() const { return shape.products.stageBytes == 1; }
  Val loadHalves(Val pointer, int64_t valid);
  void storeHalves(Val pointer, Val codes, int64_t valid);
  /// Bytes of a step's codes of one tile.
  int64_t stepBytes() const { return tile.products * shape.products.stageBytes; }
  int64_t tapBytes() const { return (shape.hasBlocks() ? positions : atOnce) * shape.tileBytes(); }
  Val transformed() { return k.advance(scratch, shape.lines() * shape.lineBytes()); }
  Tiles tileAt(const Tiles &first, Val number);
  Tiles unitAt(const Tiles &first, Val number);
  Val sumsOfBlock() { return k.advance(transformed(), shape.transformedBytes(atOnce, positions)); }
  Val weightsOfBlock() { return k.advance(sumsOfBlock(), taps * shape.sumBytes(positions, blockVectors)); }
  int64_t sumBytes() const { return tile.lanes * 4; }

  KernelBuilder &k;
  qk::ContractOp op;
  const BlockTile &tile;
  WinogradShape shape;
  Pointers pointers;
  Val scratch;
  const Axis &rows, &columns;
  int64_t taps, positions, blockVectors, atOnce;
  LineRing ring;
  PlainLine staged;
};

//===-- Codes -----------------------------------------------------------------------------------------===//

/// A few codes of one position: a word on machines without vectors.
Val WinogradEmitter::loadHalves(Val pointer, int64_t valid) {
  int64_t align = shape.products.depth % tile.products == 0 ? stepBytes() : shape.products.stageBytes;
  if (tile.lanes == 1 && !shape.isFloat)
    return k.val(LLVM::LoadOp::create(k.b, k.loc, k.b.getIntegerType(8 * stepBytes()), pointer, align));
  if (hasBytes()) {
    auto format = formatOf(shape.products.stageFormat);
    return k.widen(k.loadVector(pointer, k.b.getI8Type(), lanes(), valid), k.b.getI16Type(), format.isSignedCode());
  }
  Type element = shape.isFloat ? Type(k.b.getF32Type()) : k.b.getI16Type();
  return k.loadVector(pointer, element, lanes(), valid);
}

void WinogradEmitter::storeHalves(Val pointer, Val codes, int64_t valid) {
  k.storeVector(pointer, codes, tile.lanes == 1 ? 1 : llvm::alignTo(valid, tile.products));
}

ArrayRef<CodeRow> WinogradEmitter::codeRowsOf(const Axis &axis) const {
  if (!axis.isTransformed())
    return identity;
  if (axis.outputs == 2)
    return codeRowsF2;
  return isWide() ? codeRowsReciprocal : codeRowsF4;
}

Val WinogradEmitter::add(Val a, Val b) { return isWide() ? a + b : tile.addHalves(k, a, b); }

Val WinogradEmitter::subtract(Val a, Val b) { return isWide() ? a - b : tile.subtractHalves(k, a, b); }

/// Numbers times a magnitude, which is a power of two if they are halves.
Val WinogradEmitter::times(Val a, int64_t factor) {
  if (isWide())
    return factor == 1 ? a : a * factor;
  for (; factor > 1; factor /= 2)
    a = add(a, a);
  return a;
}

/// a + factor * b, for a power of two, or the negative of one.
Val WinogradEmitter::addTimes(Val a, Val b, int64_t factor) {
  if (!shape.isFloat) {
    Val product = b << llvm::Log2_64(static_cast<uint64_t>(std::abs(factor)));
    return factor > 0 ? a + product : a - product;
  }
  return tile.asVector()->multiplyAdd(k, a, b, b.real(static_cast<float>(factor)));
}

/// A row of B^T times the codes that `load` gives.
Val WinogradEmitter::codeRow(const CodeRow &row, llvm::function_ref<Val(int64_t)> load) {
  auto combine = [&](Val first, int64_t factor, Val second) {
    second = times(second, std::abs(factor));
    return factor > 0 ? add(first, second) : subtract(first, second);
  };
  auto sumOf = [&](const Term &term) {
    Val value = times(load(term.first.number), term.first.factor);
    return term.second.factor ? combine(value, term.second.factor, load(term.second.number)) : value;
  };
  auto [first, second] = row.terms;
  Val value = times(sumOf(first), first.factor);
  return second.factor ? combine(value, second.factor, sumOf(second)) : value;
}

/// B^T times a column of codes: rows share sums, and registers hold all of them.
SmallVector<Val> WinogradEmitter::codeColumn(const Axis &axis, ArrayRef<Val> d) {
  if (!axis.isTransformed())
    return {d[0]};
  if (axis.outputs == 2)
    return {d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]};
  if (isWide())
    return llvm::map_to_vector(
        codeRowsOf(axis), [&](const CodeRow &row) { return codeRow(row, [&](int64_t number) { return d[number]; }); });
  Val even = addTimes(d[4], d[2], -4), odd = addTimes(d[3], d[1], -4);
  Val outer = d[4] - d[2], inner = d[3] - d[1];
  return {
      addTimes(outer, d[0] - d[2], 4), even + odd, even - odd, addTimes(outer, inner, 2), addTimes(outer, inner, -2),
      addTimes(d[5] - d[3], inner, -4)};
}

/// V = B^T d B of a tile on machines with many registers.
void WinogradEmitter::transformTile(ArrayRef<Val> lines, Val to, int64_t valid) {
  int64_t columnBytes = shape.pixelCodes() * shape.products.stageBytes;
  SmallVector<SmallVector<Val>> alongRows;
  for (int64_t column = 0; column < columns.side; ++column) {
    SmallVector<Val> codes;
    for (Val line : lines)
      codes.push_back(loadHalves(k.advance(line, column * columnBytes), valid));
    alongRows.push_back(codeColumn(rows, codes));
  }
  for (int64_t ty = 0; ty < rows.side; ++ty) {
    SmallVector<Val> row;
    for (ArrayRef<Val> column : alongRows)
      row.push_back(betweenAxes(column[ty]));
    for (auto [tx, v] : llvm::enumerate(codeColumn(columns, row))) {
      int64_t tap = ty * columns.side + static_cast<int64_t>(tx);
      storeHalves(k.advance(to, tap * tapBytes()), shape.tapwise ? asStaged(quantizeCodes(v, tap)) : v, valid);
    }
  }
}

/// Halves as a vector of them.
Val WinogradEmitter::asVector(Val halves) {
  if (!hasWords())
    return halves;
  Type vector = VectorType::get({tile.products}, k.b.getI16Type());
  return k.val(LLVM::BitcastOp::create(k.b, k.loc, vector, halves));
}

Val WinogradEmitter::asHalves(Val vector) {
  if (!hasWords())
    return vector;
  return k.val(LLVM::BitcastOp::create(k.b, k.loc, k.b.getIntegerType(8 * stepBytes()), vector));
}

/// Codes that are transformed along one axis, as they are along the other.
Val WinogradEmitter::betweenAxes(Val codes) {
  return isWide() ? k.widen(codes, k.b.getI32Type(), /*isSigned=*/true) : codes;
}

/// clamp((factor * (v - zero) + 2^(shift - 1)) >> shift), around the tap's offset, less what is not stored. Nothing
/// leaves 16 bits with |v - zero| of at most 100 * 255, nor 32 bits with reciprocal points, which alone have factors
/// and offsets.
Val WinogradEmitter::quantizeCodes(Val codes, int64_t tap) {
  int64_t shift = shape.tapwise->getCodes()[tap], factor = shape.tapwise->codeFactor(tap),
          stored = shape.storedOffset(tap), middle = shape.tapwise->codeOffset(tap) - stored,
          zero = factor * shape.transformedZero(tap) + (stored << shift);
  auto bits = static_cast<unsigned>(shape.tapwise->getBits());
  if (!isWide())
    codes = asVector(codes);
  if (factor != 1)
    codes = codes * factor;
  if (int64_t offset = (shift > 0 ? int64_t(1) << (shift - 1) : 0) - zero)
    codes = codes + offset;
  if (shift > 0)
    codes = codes >> shift;
  codes =
      k.max(k.min(codes, codes.constant(llvm::maxIntN(bits) + middle)), codes.constant(llvm::minIntN(bits) + middle));
  return asHalves(k.narrow(codes, k.b.getI16Type()));
}

/// Rounded codes as the tile takes them.
Val WinogradEmitter::asStaged(Val codes) {
  if (!hasBytes())
    return codes;
  Val bytes = k.narrow(codes, k.b.getI8Type());
  return shape.codeOffset() ? bytes ^ bytes.constant(INT8_MIN) : bytes;
}

/// V = B^T d B of neighbouring tiles, one row of V at a time: few numbers live at once.
void WinogradEmitter::transformUnit(ArrayRef<Val> lines, Val to, int64_t valid) {
  int64_t columnBytes = shape.pixelCodes() * shape.products.stageBytes;
  for (int64_t ty = 0; ty < rows.side; ++ty) {
    SmallVector<Val> t;
    for (int64_t column = 0; column < (unit() - 1) * columns.outputs + columns.side; ++column) {
      auto load = [&](int64_t row) {
        Val halves = loadHalves(k.advance(lines[row], column * columnBytes), valid);
        return isWide() ? asVector(halves) : halves;
      };
      t.push_back(betweenAxes(codeRow(codeRowsOf(rows)[ty], load)));
    }
    for (int64_t i = 0; i < unit(); ++i)
      for (int64_t tx = 0; tx < columns.side; ++tx) {
        Val v = codeRow(codeRowsOf(columns)[tx], [&](int64_t column) { return t[i * columns.outputs + column]; });
        int64_t tap = ty * columns.side + tx;
        if (shape.tapwise)
          v = quantizeCodes(v, tap);
        storeHalves(k.advance(to, tap * tapBytes() + i * stepBytes()), v, valid);
      }
  }
}

/// Tile number `number` of those that are computed together.
WinogradEmitter::Tiles WinogradEmitter::tileAt(const Tiles &first, Val number) {
  if (shape.rowsTogether == 1)
    return {first.n, first.y, number};
  Val width = k.index(shape.width()), row = k.unsignedDivide(number, width);
  return {first.n, first.y + row, number - row * width};
}

/// The first tile of a unit, of those from tile `first` on.
WinogradEmitter::Tiles WinogradEmitter::unitAt(const Tiles &first, Val number) {
  if (!shape.hasBlocks())
    return tileAt(first, first.x + number);
  int64_t ofRow = atOnce / shape.rowsTogether, blocks = shape.blocksOfRow(atOnce, positions);
  Val row = blocks < units() ? k.unsignedDivide(number, k.index(blocks)) : k.index(0);
  Val x = (number - row * blocks) * positions;
  return {first.n, first.y + row, first.x + (ofRow % positions ? k.min(x, k.index(ofRow - positions)) : x)};
}

/// The codes of a group's channels for the tiles from number `first` on.
void WinogradEmitter::transformCodes(Val first, Val group) {
  int64_t codeBytes = shape.products.stageBytes, depth = shape.products.depth;
  int64_t codes = hasFewRegisters() ? llvm::alignTo(depth, lanes()) : depth;
  k.loop(k.index(units()), [&](Val u) {
    Tiles at = unitAt({k.index(0), k.index(0), first}, u);
    Val column = at.x * (columns.outputs * shape.pixelCodes()) + group * depth;
    SmallVector<Val> lines;
    for (int64_t row = 0; row < rows.side; ++row)
      lines.push_back(k.advance(ring.line(at.y * rows.outputs + row), column * codeBytes));
    Val to = k.advance(transformed(), u * unitBytes());
    auto transform = [&](Val c, int64_t valid) {
      SmallVector<Val> rows;
      for (Val line : lines)
        rows.push_back(k.hide(k.advance(line, c * (lanes() * codeBytes))));
      Val place = k.hide(k.advance(to, c * (lanes() * codeBytes * unit())));
      hasFewRegisters() ? transformUnit(rows, place, valid) : transformTile(rows, place, valid);
    };
    k.loop(k.index(codes / lanes()), [&](Val c) { transform(c, lanes()); });
    if (int64_t rest = codes % lanes())
      transform(k.index(codes / lanes()), rest);
  });
}

//===-- Products --------------------------------------------------------------------------------------===//

/// A block's run of one tap, whose codes and weights are these.
BlockRun WinogradEmitter::runOf(Val codes, Val weights, int64_t vectors) {
  constexpr int64_t alignment = 4;
  return {.lhs = codes,
          .positionBytes = shape.tileBytes(),
          .rhs = weights,
          .steps = shape.products.steps,
          .tail = shape.products.tail(),
          .positions = positions,
          .vectors = vectors,
          .taps = 1,
          .masksCodes = false,
          .planeBytes = shape.hasBlocks() && positions > 1 ? positions * stepBytes() : 0,
          .tapBytes = {0},
          .lhsAlign = alignment,
          .rhsAlign = alignment};
}

/// The sums of all taps for a block of tiles with these codes.
void WinogradEmitter::multiply(Val codes, const Channels &channels) {
  int64_t vectors = channels.vectors;
  if ((shape.hasBlocks() || atOnce == positions) &&
      tile.storeTaps(k, runOf(codes, channels.weights, vectors), taps, sumsOfBlock()))
    return;
  auto startOf = [&](Val tap, int64_t vector) {
    if (!shape.hasStarts())
      return k.broadcast(shape.isFloat ? k.f32(0) : k.i32(0), tile.lanes);
    Val starts = k.advance(channels.weights, tap * (vectors * sumBytes()));
    return k.loadVector(k.advance(starts, shape.startsOffset(vectors) + vector * sumBytes()), k.b.getI32Type(),
                        tile.lanes, tile.lanes);
  };
  k.loopAsIs(k.index(0), k.index(taps), {}, [&](Val tap, ArrayRef<Val>) {
    BlockRun run = runOf(k.advance(codes, tap * tapBytes()),
                         k.advance(channels.weights, tap * shape.products.packedBytes(vectors)), vectors);
    SmallVector<Val> starts;
    for (int64_t j = 0; j < vectors; ++j)
      starts.push_back(startOf(tap, j));
    Accumulators sums = tile.finish(k, tile.run(k, run, tile.start(k, positions, starts)), positions);
    Val to = k.advance(sumsOfBlock(), tap * shape.sumBytes(positions, vectors));
    for (auto [i, sum] : llvm::enumerate(sums))
      k.storeVector(k.advance(to, static_cast<int64_t>(i) * sumBytes()), sum, tile.lanes);
    return SmallVector<Val>();
  });
}

/// round(sums * 2^shift), ties upwards: the shift is a number, or that of each channel. Where sums begin with what
/// codes' offset adds, they begin with the half for rounding, too.
Val WinogradEmitter::alignSums(Val sums, int64_t tap, Val shifts) {
  if (!shape.tapwise)
    return sums;
  if (!shape.hasChannelShifts()) {
    int64_t shift = shape.tapwise->sumShift(tap, 0);
    if (shift >= 0)
      return shift == 0 ? sums : sums << shift;
    return (shape.hasStarts() ? sums : sums + (int64_t(1) << (-shift - 1))) >> -shift;
  }
  Val zero = sums.constant(0), left = k.max(shifts, zero), right = k.max(-shifts, zero);
  if (shape.hasStarts())
    return (sums << left) >> right;
  Val half = (sums.constant(1) << right) >> 1;
  return ((sums << left) + half) >> right;
}

/// A^T times sums.
SmallVector<Val> WinogradEmitter::outputRows(const Axis &axis, ArrayRef<Val> m) {
  if (!axis.isTransformed())
    return {m[0]};
  Val sum = m[1] + m[2], difference = m[1] - m[2];
  if (axis.outputs == 2)
    return {m[0] + sum, difference - m[3]};
  Val sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  if (!isWide())
    return {m[0] + sum + sum2, addTimes(difference, difference2, 2), addTimes(sum, sum2, 4),
            addTimes(difference, difference2, 8) + m[5]};
  SmallVector<Val> results;
  for (auto [i, factors] : llvm::enumerate(axis.outputMatrix))
    results.push_back(times(i % 2 ? difference : sum, factors[1]) + times(i % 2 ? difference2 : sum2, factors[3]));
  results.front() = m[0] + results.front();
  results.back() = results.back() + m[5];
  return results;
}

/// 1 / odd modulo 2^32: each step of Newton's method doubles the bits that are right.
static uint32_t inverseOf(uint32_t odd) {
  uint32_t inverse = odd; // 3 bits
  for (int bits = 3; bits < 32; bits *= 2)
    inverse *= 2 - odd * inverse;
  return inverse;
}

/// What outputs are too large by is taken off: exactly, or rounded with ties upwards.
Val WinogradEmitter::output(Val sum) {
  if (shape.isFloat)
    return sum;
  if (shape.isExact()) {
    auto scale = static_cast<uint32_t>(shape.transforms.filterScale());
    int shift = llvm::countr_zero(scale);
    Val ofPowerOfTwo = scale >> shift == 1 ? sum : sum * static_cast<int32_t>(inverseOf(scale >> shift));
    return ofPowerOfTwo >> shift;
  }
  int64_t fraction = shape.tapwise->getFraction();
  if (fraction > 0)
    return (sum + (int64_t(1) << (fraction - 1))) >> fraction;
  return fraction < 0 ? sum << -fraction : sum;
}

/// Y = A^T M A of the sums M of a block of `vectors` vectors, and the epilogue. Of outputs behind the last column or
/// row, the places are those of outputs that are stored after them.
void WinogradEmitter::storeTile(const Tiles &at, Val sums, Val shifts, Val channel, int64_t valid, int64_t vectors) {
  int64_t step = shape.sumBytes(positions, vectors);
  SmallVector<SmallVector<Val>> alongRows(rows.outputs);
  for (int64_t tx = 0; tx < columns.side; ++tx) {
    SmallVector<Val> m;
    for (int64_t ty = 0; ty < rows.side; ++ty) {
      int64_t tap = ty * columns.side + tx;
      auto load = [&](Val from, int64_t bytes) {
        Type element = shape.isFloat ? Type(k.b.getF32Type()) : k.b.getI32Type();
        return k.loadVector(k.advance(from, tap * bytes), element, tile.lanes, tile.lanes);
      };
      Val ofChannel = shape.hasChannelShifts() ? load(shifts, vectors * sumBytes()) : Val();
      m.push_back(alignSums(load(sums, step), tap, ofChannel));
    }
    for (auto [row, value] : llvm::zip_equal(alongRows, outputRows(rows, m)))
      row.push_back(value);
  }
  Epilogue epilogue(k, op, pointers, tile, channel, valid);
  SmallVector<Val> pixels, values;
  ArrayRef<int64_t> image = op.getWindow().getOutput();
  auto place = [&](Val first, int64_t number, int64_t outputs, int64_t size) {
    Val place = first * outputs + number;
    return number > 0 && size % outputs != 0 ? k.min(place, k.index(size - 1)) : place;
  };
  for (int64_t row = rows.outputs - 1; row >= 0; --row) {
    SmallVector<Val> results = outputRows(columns, alongRows[row]);
    for (int64_t column = columns.outputs - 1; column >= 0; --column) {
      values.push_back(output(results[column]) + epilogue.first()[0]);
      Val y = place(at.y, row, rows.outputs, image[0]), x = place(at.x, column, columns.outputs, image[1]);
      pixels.push_back((at.n * image[0] + y) * image[1] + x);
    }
  }
  epilogue.storeEach(pixels, values);
}

/// Products, sums and epilogue of a block of channels for a block of tiles.
void WinogradEmitter::emitBlock(Val codes, const Channels &channels, llvm::function_ref<Tiles(Val number)> tileOf) {
  multiply(codes, channels);
  Val shifts = k.advance(channels.weights, shape.shiftsOffset(channels.vectors));
  k.loopAsIs(k.index(0), k.index(positions), {}, [&](Val p, ArrayRef<Val>) {
    Tiles at = tileOf(p);
    Val sums = k.advance(sumsOfBlock(), p * (channels.vectors * sumBytes()));
    auto store = [&](Val j, int64_t valid) {
      storeTile(at, k.hide(k.advance(sums, j * sumBytes())), k.advance(shifts, j * sumBytes()),
                channels.first + j * tile.lanes, valid, channels.vectors);
    };
    k.loop(k.index(channels.valid / tile.lanes), [&](Val j) { store(j, tile.lanes); });
    if (int64_t left = channels.valid % tile.lanes)
      store(k.index(channels.valid / tile.lanes), left);
    return SmallVector<Val>();
  });
}

void WinogradEmitter::emitChannels(const Tiles &tiles, Val group) {
  const BlockShape &products = shape.products;
  int64_t full = products.fullBlocks(blockVectors), rest = products.restOf(blockVectors);
  int64_t blockBytes = shape.packedBytes(blockVectors),
          groupBytes = full * blockBytes + (rest ? shape.packedBytes(rest) : 0);
  auto emitBlocks = [&](Val n, int64_t count) {
    int64_t lanes = count * tile.lanes, valid = std::min(lanes, products.breadth);
    Val first = firstChannel(k, n * (blockVectors * tile.lanes), lanes, products.breadth,
                             tile.repeatsChannels() ? lanes : tile.lanes);
    Channels channels{k.advance(pointers[1], group * groupBytes + n * blockBytes), group * products.breadth + first,
                      count, valid};
    if (shape.hasSmallWeights) {
      transformWeights(k, shape, channels.weights, weightsOfBlock(), count);
      channels.weights = weightsOfBlock();
    }
    if (shape.hasBlocks())
      return k.loop(k.index(units()), [&](Val u) {
        Tiles block = unitAt(tiles, u);
        emitBlock(k.advance(transformed(), u * unitBytes()), channels,
                  [&](Val number) { return Tiles{block.n, block.y, block.x + number}; });
      });
    k.loopInBlocks(atOnce, positions, [&](Val i) {
      emitBlock(k.advance(transformed(), i * shape.tileBytes()), channels,
                [&](Val number) { return tileAt(tiles, tiles.x + i + number); });
    });
  };
  k.loop(k.index(full), [&](Val n) { emitBlocks(n, blockVectors); });
  if (rest)
    emitBlocks(k.index(full), rest);
}

void WinogradEmitter::emit() {
  ring.forEachRow([&](Val row, Val line) { staged.convertRow(ring.rowAt(row), line); },
                  [&](Val line) { staged.fillLine(line); },
                  [&](Val n, Val y) {
                    k.loopInBlocks(shape.tilesTogether(), atOnce, [&](Val first) {
                      k.loop(k.index(shape.tiles.getGroups()), [&](Val group) {
                        transformCodes(first, group);
                        emitChannels({n, y * shape.rowsTogether, first}, group);
                      });
                    });
                  });
}
} // namespace

void codegen::emitWinograd(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const BlockTile &tile) {
  WinogradEmitter(k, op, pointers, tile).emit();
}
