// What stands around the products of a block: the sums' first values, and the epilogue for a vector of sums at once.
#include "compiler/codegen/Assembly.h"
#include "compiler/codegen/Emitters.h"
#include "compiler/target/RowBuffers.h"
#include "compiler/target/VectorTile.h"
#include "dialects/qk/Queries.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

Val codegen::firstChannel(KernelBuilder &k, Val first, int64_t count, int64_t channels, int64_t lanes) {
  // Where channels fill all vectors, no block goes beyond them.
  bool isOver = channels % lanes != 0;
  return channels <= count ? k.index(0) : isOver ? k.min(first, k.index(channels - count)) : first;
}

/// The bounds that the epilogue clamps its result to at last, where bytes hold them.
static std::optional<std::pair<int64_t, int64_t>> byteBoundsOf(qk::ContractOp op, qnn::NumberFormat format) {
  bool areBytes = !format.isFloat() && format.getBits() == 8 && qk::yieldsCodes(op);
  return areBytes ? qk::clampOf(op) : std::nullopt;
}

Epilogue::Epilogue(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::BlockTile &tile,
                   Val firstChannel, int64_t channels, int64_t positionsTogether, bool isInterleaved)
    : k(k), op(op), pointers(pointers), tile(tile), firstChannel(firstChannel), channels(channels),
      positionsTogether(positionsTogether), lanes(tile.lanes),
      vectors(isInterleaved ? tile.interleavedVectors() : llvm::divideCeil(channels, lanes)),
      isInterleaved(isInterleaved), format(formatOf(target::storedFormat(op, tile))),
      byteBounds(byteBoundsOf(op, format)), bias(qk::biasParam(op)),
      // Where sums are gathered, one addition of the bias serves all of them; where they come from memory, an addition
      // takes no longer than a load.
      beginsWithBias(bias && tile.gatheredSums() == 1 && !tile.asMatrix()) {
  Type sum = op.getEpilogue().getArgument(0).getType();
  Val zero = k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(sum)));
  for (int64_t j = 0; j < vectors; ++j)
    starts.push_back(beginsWithBias ? load(*bias, j * lanes, lanes) : k.broadcast(zero, lanes));
  if (isInterleaved)
    keepParams();
}

/// A parameter of `count` channels, of which some at the end may not exist.
Val Epilogue::load(unsigned param, int64_t channel, int64_t count) {
  Type element = llvm::cast<ShapedType>(op.getParams()[param].getType()).getElementType();
  int64_t bytes = element.getIntOrFloatBitWidth() / 8, period = outputChannels();
  if (positionsTogether > 1 && period < count) {
    Val loaded = k.loadVector(pointers[2 + param], element, period, period);
    return k.shuffle(loaded, loaded, count, [&](int64_t lane) { return lane % period; });
  }
  if (isInterleaved) {
    int64_t group = vectors * lanes, vector = channel / lanes;
    Val all = k.loadVector(k.advance(pointers[2 + param], firstChannel * bytes), element, group, channels);
    return k.shuffle(all, all, lanes,
                     [&](int64_t lane) { return target::DepthwiseShape::rolledChannel(tile, vector, lane); });
  }
  // Both are powers of two.
  Val first = positionsTogether > 1 ? (firstChannel + channel) & (period - 1) : firstChannel + channel;
  Val at = k.advance(pointers[2 + param], first * bytes);
  return k.loadVector(tile.keepsSumsOnly() ? renew(k, at) : at, element, count, channels - channel);
}

/// What the epilogue's region takes for `count` channels; the sum is missing.
SmallVector<Value> Epilogue::argumentsOf(int64_t channel, int64_t count) {
  SmallVector<Value> arguments(1);
  for (unsigned param = 0; param < op.getParams().size(); ++param)
    arguments.push_back(beginsWithBias && param == *bias ? k.broadcast(k.i32(0), count) : load(param, channel, count));
  return arguments;
}

/// What the destination holds for `valid` codes from `position` on, if the epilogue takes that.
void Epilogue::addHeld(SmallVector<Value> &arguments, Val position, int64_t count, int64_t valid) {
  if (op.getInitFormat())
    arguments.push_back(k.loadCodes(pointers.back(), formatOf(*op.getInitFormat()), position, count, valid));
}

/// The epilogue for the sums of neighbouring channels; `arguments` are what its region takes beside the sum.
void Epilogue::storeVector(Val pixel, int64_t channel, Val sum, SmallVector<Value> arguments) {
  // LLVM 22 selects no instructions for some epilogues of which only one lane is stored.
  if (lanes > 1 && channels - channel == 1)
    sum = k.val(LLVM::ExtractElementOp::create(k.b, k.loc, sum, k.i32(0)));
  arguments[0] = sum;
  int64_t valid = channels - channel;
  Val position = pixel * outputChannels() + firstChannel + channel;
  addHeld(arguments, position, valid == 1 ? 1 : lanes, valid);
  Val code = k.inlineRegion(op.getEpilogue(), arguments);
  // All blocks begin at multiples of 8 channels if they have as many, or of their lanes, and those of a group do.
  auto fillBytes = [](int64_t codes) { return codes % 8 == 0; };
  bool isPart = (lanes == 2 || lanes == 4) && valid >= lanes;
  bool isBits = format.getBits() == 1 && fillBytes(op.getWindow().getChannels()[1]) && fillBytes(outputChannels()) &&
                (isPart || (fillBytes(lanes) && fillBytes(valid)));
  if (isBits)
    return k.storeBits(pointers.back(), position, code, std::min(lanes, valid));
  k.storeCodes(pointers.back(), format, position, code, valid);
}

Val codegen::gatherSums(KernelBuilder &k, ArrayRef<Val> sums, int64_t first, int64_t step, int64_t count,
                        int64_t lanes) {
  auto type = VectorType::get({lanes}, sums[0].type());
  Val vector = k.val(LLVM::PoisonOp::create(k.b, k.loc, type));
  for (int64_t i = 0; i < count; ++i)
    vector = k.val(LLVM::InsertElementOp::create(k.b, k.loc, vector, sums[first + i * step], k.i32(i)));
  return vector;
}

void Epilogue::storeApart(Val firstPixel, ArrayRef<Val> sums, int64_t rows, int64_t rowPixels) {
  int64_t positions = static_cast<int64_t>(sums.size()) / vectors, gathered = tile.gatheredSums();
  Type element = format.getUnpackedType();
  int64_t pixelBytes = outputChannels() * element.getIntOrFloatBitWidth() / 8;
  SmallVector<int64_t> row, column;
  for (int64_t lane = 0; lane < gathered; ++lane) {
    row.push_back(lane % rows);
    column.push_back(lane / rows);
  }
  for (int64_t j = 0; j < vectors; ++j) {
    SmallVector<Value> arguments = argumentsOf(j, 1);
    for (int64_t i = 0; i < positions; i += gathered) {
      int64_t count = std::min(gathered, positions - i);
      Val pixel = firstPixel + i / rows;
      if (count == 1) {
        storeVector(pixel, j, sums[i * vectors + j], arguments);
        continue;
      }
      arguments[0] = gatherSums(k, sums, i * vectors + j, vectors, count, gathered);
      Val code = k.inlineRegion(op.getEpilogue(), arguments);
      code = k.roundedCodes(code, format);
      Val offsets = k.multiples(column, pixelBytes);
      if (rows > 1)
        offsets = offsets + k.multiples(row, rowPixels * pixelBytes);
      Val at = k.advance(pointers.back(), pixel * pixelBytes + (firstChannel + j) * (pixelBytes / outputChannels()));
      tile.storeApart(k, at, offsets, code, element, count);
    }
  }
}

/// Vectors of channels.
void Epilogue::storeChannels(Val firstPixel, ArrayRef<Val> sums) {
  auto positions = static_cast<int64_t>(sums.size()) / vectors;
  for (int64_t j = 0; j < vectors; j += tile.gatheredSums()) {
    int64_t count = std::min(tile.gatheredSums(), vectors - j);
    SmallVector<Value> arguments = argumentsOf(j, count == 1 ? 1 : tile.gatheredSums());
    for (int64_t i = 0; i < positions; ++i) {
      Val sum =
          count == 1 ? sums[i * vectors + j] : gatherSums(k, sums, i * vectors + j, 1, count, tile.gatheredSums());
      storeVector(firstPixel + i, j, sum, arguments);
    }
  }
}

void Epilogue::store(Val firstPixel, const target::Accumulators &sums, int64_t positions) {
  if (const target::MatrixTile *matrix = tile.asMatrix())
    return storeMatrix(*matrix, firstPixel, positions);
  store(firstPixel, tile.finish(k, sums, positions));
}

/// Codes of interleaved vectors in the order of the channels.
Val Epilogue::joinInterleaved(ArrayRef<Val> codes) {
  auto join = [&](Val a, Val b) {
    int64_t both = 2 * llvm::cast<VectorType>(a.type()).getNumElements();
    return k.shuffle(a, b, both, [](int64_t lane) { return lane; });
  };
  SmallVector<int64_t> places(vectors * lanes);
  for (int64_t place = 0; place < vectors * lanes; ++place)
    places[target::DepthwiseShape::rolledChannel(tile, place / lanes, place % lanes)] = place;
  SmallVector<Val> joined(codes);
  for (; joined.size() > 1; joined.resize(joined.size() / 2))
    for (size_t i = 0; i + 1 < joined.size(); i += 2)
      joined[i / 2] = join(joined[i], joined[i + 1]);
  Val all = joined[0];
  return k.shuffle(all, all, vectors * lanes, [&](int64_t lane) { return places[lane]; });
}

/// Each in slots of `lanes` numbers of up to 32 bits.
void Epilogue::keepParams() {
  auto count = static_cast<int64_t>(op.getParams().size());
  kept = k.stackBuffer(VectorType::get({lanes}, k.b.getI32Type()), count * vectors);
  for (unsigned param = 0; param < count; ++param)
    for (int64_t j = 0; j < vectors; ++j)
      k.storeVector(k.advance(kept, (param * vectors + j) * lanes * 4), load(param, j * lanes, lanes), lanes);
}

Val Epilogue::keptParam(Val all, unsigned param, int64_t vector) {
  Type element = llvm::cast<ShapedType>(op.getParams()[param].getType()).getElementType();
  return k.loadVector(k.advance(all, (param * vectors + vector) * lanes * 4), element, lanes, lanes);
}

target::Accumulators Epilogue::firstInterleaved() {
  if (!beginsWithBias)
    return starts;
  target::Accumulators first;
  Val all = renew(k, kept);
  for (int64_t j = 0; j < vectors; ++j)
    first.push_back(keptParam(all, *bias, j));
  return first;
}

/// Codes of some sums as one vector of bytes, as the tile packs them. Packing clamps to all bytes there are, so what
/// the epilogue clamps is left out; closer bounds do the same to bytes.
Val Epilogue::packCodes(ArrayRef<Val> codes) {
  auto unclamped = [&](Val code) {
    auto most = code.value.getDefiningOp<arith::MinSIOp>().getLhs().getDefiningOp<arith::MaxSIOp>();
    return k.val(most.getLhs());
  };
  bool isSigned = format.isSignedCode();
  Val packed = tile.packCodes(k, llvm::map_to_vector(codes, unclamped), isSigned);
  // Not those of the format, whose codes may leave some bytes out.
  auto [smallest, largest] = qnn::allCodes(8, isSigned);
  if (byteBounds->first > smallest)
    packed = k.max(packed, packed.constant(byteBounds->first), isSigned);
  if (byteBounds->second < largest)
    packed = k.min(packed, packed.constant(byteBounds->second), isSigned);
  return packed;
}

void Epilogue::storeInterleaved(Val pixel, ArrayRef<Val> sums) {
  SmallVector<Val> codes;
  Val all = renew(k, kept), zero = k.broadcast(k.i32(0), lanes);
  for (auto [j, sum] : llvm::enumerate(sums)) {
    SmallVector<Value> operands{sum};
    for (unsigned param = 0; param < op.getParams().size(); ++param)
      operands.push_back(beginsWithBias && param == *bias ? zero : keptParam(all, param, static_cast<int64_t>(j)));
    codes.push_back(k.inlineRegion(op.getEpilogue(), operands));
  }
  auto narrow = [&](Val code) { return k.narrow(k.roundedCodes(code, format), format.getUnpackedType()); };
  Val joined = byteBounds ? packCodes(codes) : joinInterleaved(llvm::map_to_vector(codes, narrow));
  k.storeVector(k.advance(pointers.back(), pixel * outputChannels() + firstChannel), joined, channels);
}

int64_t Epilogue::packedSums() const {
  return byteBounds && !k.prefersSize && tile.packedVectors() > 1 ? tile.packedVectors() : 0;
}

SmallVector<SmallVector<Value>> Epilogue::argumentsOfAll() {
  SmallVector<SmallVector<Value>> arguments;
  for (int64_t j = 0; j < vectors; ++j)
    arguments.push_back(argumentsOf(j * lanes, lanes));
  return arguments;
}

int64_t Epilogue::storePacked(Val firstPixel, ArrayRef<Val> sums, ArrayRef<SmallVector<Value>> arguments) {
  int64_t together = packedSums();
  auto count = static_cast<int64_t>(sums.size());
  auto positionOf = [&](int64_t i) {
    Val pixel = firstPixel + i / vectors * positionsTogether;
    return pixel * outputChannels() + firstChannel + i % vectors * lanes;
  };
  // Whether sum `i` is stored right behind the one before it.
  bool fillsPositions = positionsTogether == 1 && channels == vectors * lanes && channels == outputChannels();
  auto follows = [&](int64_t i) { return i % vectors > 0 || fillsPositions; };
  int64_t first = 0;
  for (; first + together <= count; first += together) {
    SmallVector<Val> codes;
    for (int64_t i = first; i < first + together; ++i) {
      SmallVector<Value> operands = arguments[i % vectors];
      operands[0] = sums[i];
      addHeld(operands, positionOf(i), lanes, channels - i % vectors * lanes);
      codes.push_back(k.inlineRegion(op.getEpilogue(), operands));
    }
    // Words of the same four lanes of all sums lie together.
    int64_t words = lanes / 4;
    Val packed = target::asVectorOf(packCodes(codes), k.b.getI32Type());
    Val inOrder = k.shuffle(packed, packed, together * words,
                            [&](int64_t word) { return word % words * together + word / words; });
    Val bytes = target::asVectorOf(inOrder, k.b.getI8Type());
    for (int64_t begin = 0, end; begin < together; begin = end) {
      for (end = begin + 1; end < together && follows(first + end);)
        ++end;
      int64_t number = first + begin, there = (end - begin) * lanes;
      // The last vector of a position may have channels that do not exist.
      int64_t valid = there - ((first + end) % vectors == 0 ? vectors * lanes - channels : 0);
      Val part = k.shuffle(bytes, bytes, there, [&](int64_t lane) { return begin * lanes + lane; });
      k.storeVector(k.advance(pointers.back(), positionOf(number)), part, valid);
    }
  }
  return first;
}

void Epilogue::storeEach(ArrayRef<Val> pixels, ArrayRef<Val> sums) {
  SmallVector<Value> arguments = argumentsOf(0, channels == 1 ? 1 : lanes);
  for (auto [pixel, sum] : llvm::zip_equal(pixels, sums))
    storeVector(pixel, 0, sum, arguments);
}

bool Epilogue::storeRow(Val firstPixel, target::BlockRow row) {
  std::optional<target::NarrowStore> narrow = narrowStore(firstPixel);
  if (!narrow)
    return false;
  row.store = *narrow;
  std::optional<unsigned> added = row.groups ? qk::fractionalRescaling(op)->bias : bias;
  if (added)
    row.bias = k.advance(pointers[2 + *added], firstChannel * 4);
  return tile.storeRow(k, row);
}

bool Epilogue::storePlanes(Val firstPixel, const target::PlanarTile &planar, target::PlanarChannels planes) {
  std::optional<target::NarrowStore> narrow = narrowStore(firstPixel);
  if (!narrow)
    return false;
  planes.store = *narrow;
  if (bias)
    planes.bias = k.advance(pointers[2 + *bias], firstChannel * 4);
  return planar.storePlanes(k, planes);
}

/// The epilogue of a layer of 8 bits: bias, rescaling, zero point, clamp; for totals of groups, the bias comes later.
std::optional<target::NarrowStore> Epilogue::narrowStore(Val firstPixel) {
  std::optional<qk::ClampedRescaling> rescaling = qk::clampedRescaling(op);
  if (op.getScaleGroup())
    rescaling = qk::fractionalRescaling(op);
  if (!rescaling || format.isFloat() || format.getBits() != 8 || lanes != 1)
    return std::nullopt;
  // Kernels clamp to all codes of so many bits, of which a format may leave some out.
  unsigned bits = formatOf(op.getOutFormat()).getBits();
  auto [least, most] = qnn::allCodes(bits, format.isSignedCode());
  if (rescaling->low != least || rescaling->high != most || !rescaling->requantize.getNarrow() ||
      std::abs(rescaling->zero.value_or(0)) > 128)
    return std::nullopt;

  target::NarrowStore store;
  auto place = [&](Value operand, Val &to, bool &isInMemory) {
    if (auto extend = operand.getDefiningOp<arith::ExtUIOp>())
      operand = extend.getIn();
    auto argument = llvm::dyn_cast<BlockArgument>(operand);
    isInMemory = static_cast<bool>(argument);
    if (!argument) {
      to = k.i32(*qk::constantNumber(operand));
      return;
    }
    int64_t bytes = operand.getType().getIntOrFloatBitWidth() / 8;
    to = k.advance(pointers[1 + argument.getArgNumber()], firstChannel * bytes);
  };
  place(rescaling->requantize.getMultiplier(), store.multiplier, store.hasMultipliers);
  place(rescaling->requantize.getShift(), store.shift, store.hasShifts);
  store.zero = rescaling->zero.value_or(0);
  store.hasFraction = op.getScaleGroup() > 0;
  store.isClampedAtZero = !store.hasFraction && rescaling->low >= store.zero;
  store.isSigned = format.isSignedCode();
  store.bits = bits;
  store.positionBytes = outputChannels();
  store.out = k.advance(pointers.back(), firstPixel * outputChannels() + firstChannel);
  return store;
}

void Epilogue::store(Val firstPixel, ArrayRef<Val> sums) {
  auto positions = static_cast<int64_t>(sums.size()) / vectors;
  if (tile.gatheredSums() > 1 && positions >= vectors)
    return storeApart(firstPixel, sums);
  if (tile.gatheredSums() > 1)
    return storeChannels(firstPixel, sums);
  // Of results of inline assembly of which few lanes are stored, LLVM 22 does not select some widenings.
  bool isCut = tile.hidesSums() && channels < vectors * lanes;
  bool isPacked = !isCut && packedSums() > 0 && static_cast<int64_t>(sums.size()) >= packedSums();
  int64_t packed = isPacked ? storePacked(firstPixel, sums, argumentsOfAll()) : 0;
  // With many sums of vectors, they go through memory: a loop over positions instead of a copy of the epilogue for
  // each. Where speed counts, registers hold the sums of every block.
  size_t mostCopies = isCut ? 0 : k.prefersSize || tile.keepsSumsOnly() ? 4 : 32;
  if (packed == 0 && lanes > 1 && sums.size() > mostCopies) {
    Type type = sums[0].type();
    Val buffer = k.stackBuffer(type, static_cast<int64_t>(sums.size()));
    for (int64_t j = 0; j < vectors; ++j)
      for (int64_t i = 0; i < positions; ++i)
        k.storeRaw(buffer, type, k.index(i + j * positions), sums[i * vectors + j]);
    return storeFrom(buffer, type, firstPixel, positions);
  }
  for (int64_t j = 0; j < vectors; ++j) {
    SmallVector<Value> arguments = argumentsOf(j * lanes, argumentLanes(j));
    for (int64_t i = 0; i < positions; ++i)
      if (i * vectors + j >= packed)
        storeVector(firstPixel + i * positionsTogether, j * lanes, sums[i * vectors + j], arguments);
  }
}

void Epilogue::storeFrom(Val buffer, Type type, Val firstPixel, int64_t positions, int64_t first) {
  if (first == positions)
    return;
  for (int64_t j = 0; j < vectors; ++j) {
    SmallVector<Value> arguments = argumentsOf(j * lanes, argumentLanes(j));
    k.loopAsIs(k.index(first), k.index(positions), {}, [&](Val i, ArrayRef<Val>) {
      Val sum = k.loadRaw(buffer, type, i + j * positions);
      storeVector(firstPixel + i * positionsTogether, j * lanes, sum, arguments);
      return SmallVector<Val>();
    });
  }
}

void Epilogue::storeMatrix(const target::MatrixTile &matrix, Val firstPixel, int64_t positions) {
  auto type = VectorType::get({lanes}, matrix.isFloat() ? Type(k.b.getF32Type()) : k.b.getI32Type());
  Val buffer = k.stackBuffer(type, positions * vectors);
  matrix.storeSums(k, positions, vectors, buffer);
  int64_t atOnce = packedSums() ? packedSums() / std::gcd(packedSums(), vectors) : positions + 1;
  int64_t groups = positions / atOnce;
  if (groups > 0) {
    SmallVector<SmallVector<Value>> arguments = argumentsOfAll();
    k.loopAsIs(k.index(0), k.index(groups), {}, [&](Val group, ArrayRef<Val>) {
      SmallVector<Val> sums;
      for (int64_t i = 0; i < atOnce; ++i)
        for (int64_t j = 0; j < vectors; ++j)
          sums.push_back(k.loadRaw(buffer, type, group * atOnce + (i + j * positions)));
      storePacked(firstPixel + group * atOnce, sums, arguments);
      return SmallVector<Val>();
    });
  }
  storeFrom(buffer, type, firstPixel, positions, groups * atOnce);
}
