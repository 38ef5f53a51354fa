// Depthwise contractions on vectors of channels, or on single channels. Where a step takes several products, staging
// puts the taps of one row of the window beside each other:
//   line[x][block][channel][tap] = input[x * stride - pad + block * products + tap][channel],
// so that each vector of a line times a vector of weights adds `products` taps to every channel's sum. Where columns
// roll, lines hold codes once, and the taps of a column are interleaved in registers, when all rows of the window are
// there.
#include "compiler/codegen/Assembly.h"
#include "compiler/codegen/LineRing.h"
#include "compiler/codegen/PackedRows.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

namespace {

class DepthwiseEmitter {
public:
  DepthwiseEmitter(KernelBuilder &k, qk::ContractOp op, Pointers given, const VectorTile &tile)
      : k(k), op(op), tile(tile), shape(op, tile), window(shape.window),
        rows(k, op, given, RowBuffers(op, tile, window)), pointers(rows.getPointers()), lhs(rowFormat(op, tile)),
        stage(formatOf(tile.stageFormat(op.getLhsFormat()))),
        ring(k, op, window, pointers[0], pointers[pointers.size() - 2], shape.lineBytes(), rows.getInput()),
        plain(k, op, window, tile, shape.lineCodes()) {}
  void emit();

private:
  void convertRow(Val row, Val line);
  void convertPosition(Val row, Val line, Val x, std::optional<int64_t> edge);
  Val loadTap(Val row, Val column, std::optional<int64_t> edge, Val first, int64_t lanes, int64_t valid);
  void fillLine(Val line);
  Val pad(int64_t lanes);
  Val interleave(ArrayRef<Val> taps);
  SmallVector<Val> interleaveInRegisters(ArrayRef<Val> taps);
  SmallVector<Val> interleaveTogether(ArrayRef<Val> taps);
  void emitChannels(Val firstVector, int64_t vectors, int64_t interleavedVectors);
  /// What stays the same for all positions of a group of channels.
  struct Group {
    const VectorTile &tile;
    Val first;
    int64_t channels; // that exist
    Epilogue epilogue;
    SmallVector<Val> weights; // [column][block of taps][vector]
  };
  void emitRolling(Val first, int64_t channels, const VectorTile &tile);
  void convertGroup(Val row, Val line, const Group &group);
  void emitRollingRow(Val firstPixel, Group &group);
  void addColumn(Val column, int64_t place, Group &group, MutableArrayRef<Accumulators> sums);
  void emitRow(Val firstPixel);
  void emitPositions(Val firstPixel, Val x, Val vector);
  /// Channels of a vector.
  int64_t valid() const { return std::min(tile.lanes, shape.channels); }
  /// Bytes of one vector of codes, staged.
  int64_t codesBytes() const { return tile.lanes * tile.products * shape.stageBytes; }
  int64_t lhsBytes() { return lhs.getBits() / 8; }

  KernelBuilder &k;
  qk::ContractOp op;
  const VectorTile &tile;
  DepthwiseShape shape;
  qk::WindowAttr window;
  PackedRows rows;
  Pointers pointers;
  qnn::NumberFormat lhs, stage;
  LineRing ring;
  PlainLine plain; // where taps are not repeated
  /// The vectors of channels that have lines, and how many of them, at the begin, are interleaved together.
  Val firstStaged;
  int64_t staged = 0, interleaved = 0;
};

//===-- Staging ----------------------------------------------------------------------------------===//

/// The border's code in a vector of staged codes.
Val DepthwiseEmitter::pad(int64_t lanes) {
  auto type = VectorType::get({lanes}, stage.getUnpackedType());
  Val zero = k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)));
  return lhs.isFloat() ? zero : zero.constant(static_cast<int64_t>(op.getPadCode().value_or(0)) + shape.stageOffset);
}

/// Vectors a, b, c, d of one code per channel as a0 b0 c0 d0 a1 b1 ...: the codes of a channel fill a word, and are put
/// there by shifts, which machines do beside the loads; shuffles across a whole vector take three times as long.
Val DepthwiseEmitter::interleave(ArrayRef<Val> taps) {
  if (taps.size() == 1)
    return taps[0];
  unsigned bits = stage.getBits();
  Type word = k.b.getIntegerType(bits * taps.size());
  Val words;
  for (auto [index, tap] : llvm::enumerate(taps)) {
    Val part = k.val(arith::ExtUIOp::create(k.b, k.loc, tap.typeOf(word), tap)) << static_cast<int64_t>(index * bits);
    words = index ? words | part : part;
  }
  return words;
}

/// The halves of each 16 bytes of two vectors, elements in turn.
static Val unpack(KernelBuilder &k, Val a, Val b, int64_t elementBytes, bool isHigh) {
  auto type = llvm::cast<VectorType>(a.type());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  int64_t count = bits / (8 * elementBytes), chunk = 16 / elementBytes;
  Type element = k.b.getIntegerType(8 * elementBytes);
  Val unpacked = k.shuffle(asVectorOf(a, element), asVectorOf(b, element), count, [&](int64_t i) {
    int64_t inChunk = i % chunk;
    return i - inChunk + (isHigh ? chunk / 2 : 0) + inChunk / 2 + inChunk % 2 * count;
  });
  return asVectorOf(unpacked, k.b.getI8Type());
}

/// The codes of the taps of a step as words of one code of each, in the order of DepthwiseShape::rolledChannel.
SmallVector<Val> DepthwiseEmitter::interleaveInRegisters(ArrayRef<Val> taps) {
  SmallVector<Val> result;
  if (taps.size() == 2)
    return {unpack(k, taps[0], taps[1], 2, false), unpack(k, taps[0], taps[1], 2, true)};
  for (bool isHigh : {false, true}) {
    Val first = unpack(k, taps[0], taps[1], 1, isHigh), second = unpack(k, taps[2], taps[3], 1, isHigh);
    result.push_back(unpack(k, first, second, 2, false));
    result.push_back(unpack(k, first, second, 2, true));
  }
  return result;
}

/// `interleave` for as many vectors of channels as a step has taps, of each tap all codes in one vector. Unpacking
/// works within 16 bytes, of which it leaves four codes to each result. So these change places first: those of a result
/// go to the same place of all 16 bytes. For four taps, 11 shuffles do for what takes 24 one by one.
SmallVector<Val> DepthwiseEmitter::interleaveTogether(ArrayRef<Val> taps) {
  int64_t chunks = tile.lanes / 4; // of 16 bytes
  int64_t results = tile.products;
  Type fourCodes = k.b.getIntegerType(4 * stage.getBits());
  auto turn = [&](Val tap) {
    Val words = asVectorOf(tap, fourCodes);
    Val turned =
        k.shuffle(words, words, results * chunks, [&](int64_t i) { return i % results * chunks + i / results; });
    // LLVM must not make one shuffle of this and the next one: there are none for bytes across 16 of them.
    return asVectorOf(opaque(turned, "v"), k.b.getI8Type());
  };
  SmallVector<Val> turned = llvm::map_to_vector(taps, turn);
  turned.append(tile.products - taps.size(), pad(tile.lanes * tile.products));
  return interleaveInRegisters(turned);
}

/// Codes of `lanes` channels from `first` on that a tap sees in `column`; at an edge that is a known number, and beyond
/// it are the border's codes.
Val DepthwiseEmitter::loadTap(Val row, Val column, std::optional<int64_t> edge, Val first, int64_t lanes,
                              int64_t valid) {
  int64_t together = shape.positionsTogether, columns = window.getInput()[1];
  if (edge && (*edge + together <= 0 || *edge >= columns))
    return pad(lanes);
  int64_t inside = edge ? std::clamp<int64_t>(*edge, 0, columns - together) : 0;
  Val code = (edge ? k.index(inside) : column) * shape.period() + first;
  Val codes = k.loadVector(k.advance(row, code * lhsBytes()), lhs.getUnpackedType(), lanes, valid);
  codes = stageCodes(k, codes, lhs, stage, shape.stageOffset);
  if (!edge || *edge == inside)
    return codes;
  int64_t beyond = (*edge - inside) * shape.period();
  return k.shuffle(codes, pad(lanes), lanes, [&](int64_t lane) {
    int64_t source = lane + beyond;
    return source >= 0 && source < lanes ? source : lanes;
  });
}

/// Stages all channels of output position x, or of several together; the first or last of a row are at an edge.
void DepthwiseEmitter::convertPosition(Val row, Val line, Val x, std::optional<int64_t> edge) {
  int64_t step = window.getStrides()[1] * shape.positionsTogether, padding = window.getPads()[1];
  Val column = x * step - padding, to = k.advance(line, x * shape.positionBytes());
  auto tapsOf = [&](int64_t block, Val first, int64_t lanes, int64_t valid) {
    SmallVector<Val> taps;
    int64_t begin = block * tile.products, end = std::min(begin + tile.products, window.getKernel()[1]);
    for (int64_t kx = begin; kx < end; ++kx) {
      int64_t offset = kx * window.getDilations()[1];
      std::optional<int64_t> known = edge ? std::optional(*edge * step - padding + offset) : std::nullopt;
      taps.push_back(loadTap(row, column + offset, known, first, lanes, valid));
    }
    return taps;
  };
  int64_t together = tile.interleavedVectors();
  auto place = [&](Val vector, int64_t block) {
    return k.advance(to, (vector + block * shape.vectorsAtOnce()) * codesBytes());
  };
  if (interleaved > 0)
    k.loop(k.index(interleaved / together), [&](Val group) {
      for (int64_t block = 0; block < shape.tapBlocks; ++block) {
        int64_t lanes = tile.interleavedChannels();
        Val first = firstStaged * tile.lanes + group * lanes;
        for (auto [i, vector] : llvm::enumerate(interleaveTogether(tapsOf(block, first, lanes, lanes))))
          k.storeVector(place(group * together + static_cast<int64_t>(i), block), vector, codesBytes());
      }
    });
  k.loop(k.index(interleaved), k.index(staged), ArrayRef<Val>(), [&](Val vector, ArrayRef<Val>) {
    Val first = firstChannel(k, (firstStaged + vector) * tile.lanes, tile.lanes, shape.channels, tile.lanes);
    for (int64_t block = 0; block < shape.tapBlocks; ++block) {
      SmallVector<Val> taps = tapsOf(block, first, tile.lanes, valid());
      taps.append(tile.products - taps.size(), pad(tile.lanes));
      k.storeVector(place(vector, block), interleave(taps), tile.lanes);
    }
    return SmallVector<Val>();
  });
}

/// Positions whose window crosses the left or right edge one by one, the others in a loop.
void DepthwiseEmitter::convertRow(Val row, Val line) {
  int64_t together = shape.positionsTogether, step = window.getStrides()[1] * together;
  int64_t padding = window.getPads()[1], columns = window.getInput()[1];
  int64_t reach = window.seenBy(together, 1) - 1;
  int64_t left = std::min(shape.width, llvm::divideCeilSigned(padding, step));
  // The last position whose window ends inside the input.
  int64_t last = columns - 1 - reach + padding < 0 ? -1 : (columns - 1 - reach + padding) / step;
  int64_t right = std::max(left, std::min(shape.width, last + 1));
  for (int64_t x = 0; x < left; ++x)
    convertPosition(row, line, k.index(x), x);
  k.loop(k.index(left), k.index(right), ArrayRef<Val>(), [&](Val x, ArrayRef<Val>) {
    convertPosition(row, line, x, std::nullopt);
    return SmallVector<Val>();
  });
  for (int64_t x = right; x < shape.width; ++x)
    convertPosition(row, line, k.index(x), x);
}

void DepthwiseEmitter::fillLine(Val line) {
  Val codes = pad(tile.lanes * tile.products);
  k.loop(k.index(shape.lineBytes() / codesBytes()),
         [&](Val i) { k.storeVector(k.advance(line, i * codesBytes()), codes, tile.lanes * tile.products); });
}

//===-- Products --------------------------------------------------------------------------------------===//

void DepthwiseEmitter::emit() {
  int64_t together = shape.interleavedVectors();
  if (shape.rollsColumns) {
    int64_t group = shape.channelsAtOnce, whole = shape.channels / group, rest = shape.channels % group;
    k.loop(k.index(whole), [&](Val number) { emitRolling(number * group, group, tile); });
    if (rest)
      emitRolling(k.index(whole * group), rest, *shape.tileOfGroup(whole * group).asVector());
    return;
  }
  if (!shape.channelsAtOnce)
    return emitChannels(k.index(0), shape.vectors, together);
  int64_t atOnce = shape.vectorsAtOnce();
  k.loop(k.index(together / atOnce), [&](Val group) { emitChannels(group * atOnce, atOnce, atOnce); });
  if (together < shape.vectors)
    emitChannels(k.index(together), shape.vectors - together, 0);
}

/// All rows of a group of channels, of which so many exist.
void DepthwiseEmitter::emitRolling(Val first, int64_t channels, const VectorTile &tile) {
  int64_t columns = window.getKernel()[1], vectors = tile.interleavedVectors(), ofVector = tile.lanes * tile.products;
  Epilogue epilogue(k, op, pointers, tile, first, channels, /*positionsTogether=*/1, /*isInterleaved=*/true);
  Group group{tile, first, channels, std::move(epilogue), {}};
  int64_t steps = columns * shape.tapBlocks;
  Val weights = k.advance(pointers[1], first * (steps * tile.products * tile.weightBytes));
  for (int64_t i = 0; i < steps * vectors; ++i) {
    Val at = k.advance(weights, i * ofVector * tile.weightBytes);
    group.weights.push_back(tile.loadWeights(k, at, /*before=*/0, ofVector, /*align=*/1));
  }
  int64_t width = window.getOutput()[1];
  ring.forEachRow([&](Val number, Val line) { convertGroup(ring.rowAt(number), line, group); },
                  [&](Val line) { fillLine(line); },
                  [&](Val n, Val y) { emitRollingRow((n * window.getOutput()[0] + y) * width, group); });
}

/// Stages a group's channels of a row, and the border's code beside it.
void DepthwiseEmitter::convertGroup(Val row, Val line, const Group &group) {
  int64_t left = window.getPads()[1], lanes = group.tile.interleavedChannels();
  int64_t inside = std::clamp<int64_t>(shape.columns - left, 0, window.getInput()[1]);
  auto at = [&](Val column) { return k.advance(line, column * shape.columnBytes()); };
  auto fill = [&](int64_t begin, int64_t end) {
    k.loop(k.index(end - begin), [&](Val i) { k.storeVector(at(i + begin), pad(lanes), lanes); });
  };
  fill(0, std::min(left, shape.columns));
  k.loop(k.index(inside), [&](Val x) {
    Val from = k.advance(row, x * shape.channels + group.first);
    Val codes = k.loadVector(from, lhs.getUnpackedType(), lanes, group.channels);
    k.storeVector(at(x + left), stageCodes(k, codes, lhs, stage, shape.stageOffset), lanes);
  });
  fill(std::min(left, shape.columns) + inside, shape.columns);
}

/// Adds the products of a column of the lines: `place` columns behind the first that the first of the positions with
/// `sums` sees. Of a position that sees it first, the sums begin with it.
void DepthwiseEmitter::addColumn(Val column, int64_t place, Group &group, MutableArrayRef<Accumulators> sums) {
  SmallVector<Val> codes; // [block of taps][vector]
  int64_t lanes = group.tile.interleavedChannels();
  for (int64_t block = 0; block < shape.tapBlocks; ++block) {
    SmallVector<Val> taps;
    for (int64_t ky = block * tile.products; ky < (block + 1) * tile.products; ++ky) {
      bool isThere = ky < window.getKernel()[0];
      taps.push_back(isThere ? k.loadVector(k.advance(ring.line(k.index(ky)), column * shape.columnBytes()),
                                            stage.getUnpackedType(), lanes, lanes)
                             : taps[0].constant(0));
    }
    codes.append(interleaveInRegisters(taps));
  }
  for (auto [position, ofPosition] : llvm::enumerate(sums)) {
    int64_t kx = place - static_cast<int64_t>(position) * window.getStrides()[1];
    if (kx < 0 || kx >= window.getKernel()[1])
      continue;
    if (ofPosition.empty())
      ofPosition = group.epilogue.firstInterleaved();
    for (auto [i, code] : llvm::enumerate(codes)) {
      Val &sum = ofPosition[i % ofPosition.size()];
      sum = group.tile.multiplyAdd(k, sum, code, group.weights[kx * codes.size() + i]);
    }
  }
}

/// One position after the other: the columns that it sees last, and no position before it, are added to all positions
/// that see them, of which the first is then complete.
void DepthwiseEmitter::emitRollingRow(Val firstPixel, Group &group) {
  int64_t stride = window.getStrides()[1], columns = window.getKernel()[1], vectors = tile.interleavedVectors();
  int64_t seen = std::max<int64_t>(0, columns - stride); // before the first position is complete
  int64_t open = llvm::divideCeil(seen, stride);         // positions that go on from one to the next
  SmallVector<Accumulators> sums(open + 1);
  for (int64_t place = 0; place < seen; ++place)
    addColumn(k.index(place), place, group, MutableArrayRef(sums).take_front(open));
  SmallVector<Val> carried;
  for (const Accumulators &ofPosition : ArrayRef(sums).take_front(open))
    carried.append(ofPosition);
  k.loopAsIs(k.index(0), k.index(shape.width), carried, [&](Val x, ArrayRef<Val> before) {
    SmallVector<Accumulators> now(open + 1);
    for (int64_t i = 0; i < open; ++i)
      now[i].append(before.slice(i * vectors, vectors).begin(), before.slice(i * vectors, vectors).end());
    for (int64_t place = seen; place < columns; ++place)
      addColumn(x * stride + place, place, group, now);
    group.epilogue.storeInterleaved(firstPixel + x, now[0]);
    SmallVector<Val> next;
    for (int64_t i = 1; i <= open; ++i)
      next.append(now[i]);
    return next;
  });
}

/// All rows of some vectors of channels.
void DepthwiseEmitter::emitChannels(Val firstVector, int64_t vectors, int64_t interleavedVectors) {
  firstStaged = firstVector;
  staged = vectors;
  interleaved = interleavedVectors;
  auto convert = [&](Val number, Val line) {
    Val row = ring.rowAt(number);
    shape.repeatsTaps ? convertRow(row, line) : plain.convertRow(row, line);
  };
  auto fill = [&](Val line) { shape.repeatsTaps ? fillLine(line) : plain.fillLine(line); };
  int64_t width = window.getOutput()[1];
  ring.forEachRow(convert, fill, [&](Val n, Val y) {
    rows.computeRow((n * window.getOutput()[0] + y) * width, width, width, [&](Val first) { emitRow(first); });
  });
}

void DepthwiseEmitter::emitRow(Val firstPixel) {
  k.loop(k.index(staged), [&](Val vector) {
    k.loopInBlocks(shape.width, op.getSchedule()->getM(), [&](Val x) { emitPositions(firstPixel, x, vector); });
  });
}

/// Of `vector`, counted from the first one that has lines.
void DepthwiseEmitter::emitPositions(Val firstPixel, Val x, Val vector) {
  int64_t count = op.getSchedule()->getM();
  Type codes = tile.codesType(k.b);
  Val number = firstStaged + vector; // of all vectors
  Val first = firstChannel(k, number * tile.lanes, tile.lanes, shape.channels, tile.lanes);
  Epilogue epilogue(k, op, pointers, tile, first, valid(), shape.positionsTogether);
  // Repeated taps are staged in blocks of channels as weights are, other lines in channels.
  Val codesOfBlock = shape.repeatsTaps ? vector * codesBytes() : first * shape.stageBytes;
  Val weights = tile.keepsSumsOnly() ? renew(k, pointers[1]) : pointers[1];
  Accumulators sums = tile.start(k, count, epilogue.first());
  for (int64_t ky = 0; ky < window.getKernel()[0]; ++ky) {
    Val line = k.advance(ring.line(k.index(ky)), x * shape.positionBytes() + codesOfBlock);
    for (int64_t block = 0; block < shape.tapBlocks; ++block) {
      int64_t index = ky * shape.tapBlocks + block;
      Val at = (number + index * shape.vectors) * (tile.lanes * tile.products * tile.weightBytes);
      Val w = tile.loadWeights(k, k.advance(weights, at), /*before=*/0, tile.lanes * tile.products, /*align=*/1);
      for (int64_t i = 0; i < count; ++i) {
        int64_t offset = i * shape.positionBytes() + block * shape.blockBytes();
        Val staged = k.loadVector(k.advance(line, offset), codes, tile.lanes, tile.lanes);
        sums[i] = tile.multiplyAdd(k, sums[i], staged, w);
      }
    }
  }
  epilogue.store(firstPixel + x * shape.positionsTogether, sums, count);
}
} // namespace

void codegen::emitDepthwise(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const VectorTile &tile) {
  DepthwiseEmitter(k, op, pointers, tile).emit();
}
