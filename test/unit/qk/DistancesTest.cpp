// What kernels say about overlaps, against the reads and writes of random small kernels, one by one: the distance that
// they claim destroys nothing, and one byte less does.
#include "dialects/qk/QkOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FormatVariadic.h"

#include "catch2/catch.hpp"
#include <random>

using namespace mlir;
using namespace qcc;

namespace {

/// A range of bytes of the operand that is read, or of the destination that is written.
struct Access {
  bool isWrite;
  int64_t begin, end;
};
using Accesses = std::vector<Access>;

/// True if nothing is read after it was overwritten, with the destination so many bytes before the operand.
bool isSafe(const Accesses &accesses, int64_t distance) {
  std::set<int64_t> overwritten; // bytes of the operand
  for (const Access &access : accesses)
    for (int64_t byte = access.begin; byte < access.end; ++byte) {
      if (access.isWrite)
        overwritten.insert(byte - distance);
      else if (overwritten.contains(byte))
        return false;
    }
  return true;
}

/// True if that distance destroys nothing, with the destination below the operand (or above it), and one byte less
/// does.
bool isLeast(const Accesses &accesses, int64_t distance, bool descends) {
  auto signedDistance = [&](int64_t bytes) { return descends ? -bytes : bytes; };
  return isSafe(accesses, signedDistance(distance)) &&
         (distance == 0 || !isSafe(accesses, signedDistance(distance - 1)));
}

struct Window {
  int64_t batch, input[2], output[2], kernel[2], strides[2], dilations[2], pads[2], groups, channels[2];
  int64_t inBytes, outBytes;

  int64_t pixelBytes() const { return groups * channels[0] * inBytes; }
  int64_t positionBytes() const { return groups * channels[1] * outBytes; }
  bool seesOnePosition() const {
    return input[0] == output[0] && input[1] == output[1] && kernel[0] * kernel[1] == 1 &&
           strides[0] * strides[1] == 1 && pads[0] + pads[1] == 0;
  }
  std::string text() const {
    auto pair = [](const int64_t *numbers) { return llvm::formatv("[{0}, {1}]", numbers[0], numbers[1]).str(); };
    return llvm::formatv("#qk.window<batch = {0}, input = {1}, output = {2}, kernel = {3}, strides = {4}, "
                         "dilations = {5}, pads = {6}, groups = {7}, channels = {8}>",
                         batch, pair(input), pair(output), pair(kernel), pair(strides), pair(dilations), pair(pads),
                         groups, pair(channels))
        .str();
  }
};

class Kernels {
public:
  Kernels() {
    DialectRegistry registry;
    qnn::registerDialects(registry);
    qk::registerDialect(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  /// The distances of the only kernel of a function, to its first operand.
  qk::Distances distances(const std::string &arguments, const std::string &body) {
    std::string text = "func.func @f(" + arguments + ") {\n" + body + "\nreturn }";
    module = parseSourceString<ModuleOp>(text, &context);
    INFO(text);
    REQUIRE(module);
    qk::Kernel kernel;
    module->walk([&](qk::Kernel op) { kernel = op; });
    return kernel.distancesTo(kernel->getOpOperand(0));
  }

  qk::Distances contract(const Window &w, const std::string &schedule) {
    int64_t in = w.batch * w.input[0] * w.input[1] * w.pixelBytes();
    int64_t out = w.batch * w.output[0] * w.output[1] * w.positionBytes();
    int64_t weights = w.groups * w.channels[0] * w.channels[1] * w.kernel[0] * w.kernel[1];
    std::string format =
        llvm::formatv("lhs_format = i{0}, rhs_format = i8, out_format = i{1}", 8 * w.inBytes, 8 * w.outBytes);
    std::string types = llvm::formatv("tensor<{0}xi8>, tensor<{1}xi8>, tensor<{2}xi8>", in, weights, out);
    return distances(llvm::formatv("%x: tensor<{0}xi8>, %w: tensor<{1}xi8>, %y: tensor<{2}xi8>", in, weights, out),
                     llvm::formatv("%0 = qk.contract(%x, %w into %y) attributes {{window = {0}, rhs_strides = "
                                   "array<i64: 0, 0, 0, 0, 0>, {1}{2}} {{\n^bb0(%acc: i32):\nqk.yield %acc : i32\n} : "
                                   "({3}) -> tensor<{4}xi8>",
                                   w.text(), format, schedule, types, out));
  }

private:
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

class Draw {
public:
  explicit Draw(unsigned seed) : random(seed) {}
  int64_t between(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); }

  Window window() {
    Window w = {};
    w.batch = between(1, 5) == 1 ? 2 : 1;
    bool isSingle = between(1, 5) == 1;
    for (int axis = 0; axis < 2; ++axis)
      do {
        w.input[axis] = between(1, 6);
        w.kernel[axis] = isSingle ? 1 : between(1, 3);
        w.strides[axis] = isSingle ? 1 : between(1, 3);
        w.dilations[axis] = between(1, 2);
        w.pads[axis] = isSingle ? 0 : between(0, 2);
        int64_t far = isSingle ? 0 : between(0, 2), reach = (w.kernel[axis] - 1) * w.dilations[axis] + 1;
        int64_t room = w.input[axis] + w.pads[axis] + far - reach;
        w.output[axis] = room < 0 ? 0 : room / w.strides[axis] + 1;
      } while (w.output[axis] == 0);
    w.groups = between(1, 4);
    w.channels[0] = between(1, 4);
    w.channels[1] = between(1, 5);
    if (between(1, 2) == 1)
      w.channels[0] = w.channels[1] = 1;
    w.inBytes = between(1, 4) == 1 ? 2 : 1;
    w.outBytes = between(1, 4) == 1 ? 4 : 1;
    return w;
  }

private:
  std::mt19937 random;
};

/// Numbers from 0 up to `count`, or down.
std::vector<int64_t> inOrder(int64_t count, bool descends) {
  std::vector<int64_t> numbers(count);
  for (int64_t i = 0; i < count; ++i)
    numbers[i] = descends ? count - 1 - i : i;
  return numbers;
}

/// As `generic.int` computes a contraction: each output channel reads all codes of its group in the window.
Accesses positionByPosition(const Window &w, bool descends) {
  Accesses accesses;
  for (int64_t n : inOrder(w.batch, descends))
    for (int64_t y : inOrder(w.output[0], descends))
      for (int64_t x : inOrder(w.output[1], descends))
        for (int64_t o = 0; o < w.groups * w.channels[1]; ++o) {
          for (int64_t ky = 0; ky < w.kernel[0]; ++ky)
            for (int64_t kx = 0; kx < w.kernel[1]; ++kx) {
              int64_t iy = y * w.strides[0] - w.pads[0] + ky * w.dilations[0];
              int64_t ix = x * w.strides[1] - w.pads[1] + kx * w.dilations[1];
              if (iy < 0 || iy >= w.input[0] || ix < 0 || ix >= w.input[1])
                continue;
              int64_t code = ((n * w.input[0] + iy) * w.input[1] + ix) * w.groups + o / w.channels[1];
              int64_t bytes = w.channels[0] * w.inBytes;
              accesses.push_back({false, code * bytes, (code + 1) * bytes});
            }
          int64_t to = ((n * w.output[0] + y) * w.output[1] + x) * w.positionBytes() + o * w.outBytes;
          accesses.push_back({true, to, to + w.outBytes});
        }
  return accesses;
}

/// With a ring of lines: those of a row of the output that are not in it are staged, then the row is written. Without
/// lines, they are read before each byte of the row.
Accesses rowByRow(const Window &w, int64_t lines, bool descends) {
  Accesses accesses;
  int64_t reach = (w.kernel[0] - 1) * w.dilations[0] + 1, rowIn = w.input[1] * w.pixelBytes();
  int64_t rowOut = w.output[1] * w.positionBytes();
  for (int64_t n : inOrder(w.batch, descends)) {
    std::set<int64_t> staged;
    for (int64_t y : inOrder(w.output[0], descends)) {
      Accesses reads;
      for (int64_t r = y * w.strides[0] - w.pads[0], i = 0; i < reach; ++i, ++r)
        if (r >= 0 && r < w.input[0] && (lines == 0 || staged.insert(r).second))
          reads.push_back({false, (n * w.input[0] + r) * rowIn, (n * w.input[0] + r + 1) * rowIn});
      for (int64_t byte = 0, to = (n * w.output[0] + y) * rowOut; byte < rowOut; ++byte, ++to) {
        if (byte == 0 || lines == 0)
          accesses.insert(accesses.end(), reads.begin(), reads.end());
        accesses.push_back({true, to, to + 1});
      }
      if (lines == 0)
        accesses.insert(accesses.end(), reads.begin(), reads.end());
    }
  }
  return accesses;
}

/// What is read before each byte of a range is written, and behind the last one; with `isReadFirst`, before the first
/// one only.
void writeWhileReading(Accesses &accesses, const Accesses &reads, int64_t begin, int64_t end,
                       bool isReadFirst = false) {
  for (int64_t to = begin; to < end; ++to) {
    if (to == begin || !isReadFirst)
      accesses.insert(accesses.end(), reads.begin(), reads.end());
    accesses.push_back({true, to, to + 1});
  }
  if (!isReadFirst)
    accesses.insert(accesses.end(), reads.begin(), reads.end());
}

/// The first number of each of the blocks of `length` below `count`, of which those that come last overlap others.
std::vector<int64_t> blocksOf(int64_t count, int64_t length, bool descends) {
  std::vector<int64_t> firsts;
  for (int64_t done = 0; done < count; done += length)
    firsts.push_back(descends ? std::max<int64_t>(count - done - length, 0) : std::min(done, count - length));
  return firsts;
}

/// `together` rows at a time, of which each byte is written while all that they see may still be read, or behind that.
Accesses blocksOfRows(const Window &w, int64_t together, bool isReadFirst, bool descends) {
  Accesses accesses;
  int64_t reach = (w.kernel[0] - 1) * w.dilations[0] + 1, rowIn = w.input[1] * w.pixelBytes();
  int64_t rowOut = w.output[1] * w.positionBytes();
  together = std::min(together, w.output[0]);
  for (int64_t n : inOrder(w.batch, descends))
    for (int64_t first : blocksOf(w.output[0], together, descends)) {
      int64_t last = first + together - 1;
      Accesses reads;
      for (int64_t r = first * w.strides[0] - w.pads[0]; r < last * w.strides[0] - w.pads[0] + reach; ++r)
        if (r >= 0 && r < w.input[0])
          reads.push_back({false, (n * w.input[0] + r) * rowIn, (n * w.input[0] + r + 1) * rowIn});
      writeWhileReading(accesses, reads, (n * w.output[0] + first) * rowOut, (n * w.output[0] + last + 1) * rowOut,
                        isReadFirst);
    }
  return accesses;
}

/// Positions that see only themselves, in rows of `length` that are read until each is done; the last one ends with the
/// last position.
Accesses runOfPositions(const Window &w, int64_t length, bool descends) {
  Accesses accesses;
  int64_t positions = w.batch * w.input[0] * w.input[1];
  std::vector<int64_t> firsts = blocksOf(positions, length, false);
  if (descends)
    std::reverse(firsts.begin(), firsts.end());
  for (int64_t first : firsts)
    writeWhileReading(accesses, {{false, first * w.pixelBytes(), (first + length) * w.pixelBytes()}},
                      first * w.positionBytes(), (first + length) * w.positionBytes());
  return accesses;
}

/// Positions that see only themselves, all in one, as rows of `width`.
Window inRows(Window w, int64_t width) {
  int64_t positions = w.batch * w.input[0] * w.input[1];
  w.batch = 1;
  w.input[0] = w.output[0] = positions / width;
  w.input[1] = w.output[1] = width;
  return w;
}

} // namespace

TEST_CASE("contractions one product at a time") {
  Kernels kernels;
  Draw draw(1);
  for (int i = 0; i < 1500; ++i) {
    Window window = draw.window();
    qk::Distances distances = kernels.contract(window, "");
    INFO(window.text() << " in " << window.inBytes << ", out " << window.outBytes);
    REQUIRE(isLeast(positionByPosition(window, false), distances.below, false));
    REQUIRE(isLeast(positionByPosition(window, true), distances.above, true));
  }
}

TEST_CASE("contractions with staged lines, and by blocks where the input lies") {
  Kernels kernels;
  Draw draw(2);
  for (int i = 0; i < 1500; ++i) {
    Window window = draw.window();
    int64_t lines = draw.between(0, 3) ? (window.kernel[0] - 1) * window.dilations[0] + 1 : 0;
    std::string schedule =
        llvm::formatv(", schedule = #qk.schedule<tile = \"t\", m = 4, n = 4, k = 4, lines = {0}>", lines);
    qk::Distances distances = kernels.contract(window, schedule);
    INFO(window.text() << " in " << window.inBytes << ", out " << window.outBytes << ", lines " << lines);
    if (!window.seesOnePosition()) {
      REQUIRE(isLeast(rowByRow(window, lines, false), distances.below, false));
      REQUIRE(isLeast(rowByRow(window, lines, true), distances.above, true));
      continue;
    }
    int64_t positions = window.batch * window.input[0] * window.input[1];
    if (lines == 0) {
      // All may be one row, unless the schedule says otherwise.
      REQUIRE(distances.below == qk::Distances::apart);
      REQUIRE(distances.above == qk::Distances::apart);
      int64_t row = draw.between(1, positions);
      distances = kernels.contract(
          window, llvm::formatv(", schedule = #qk.schedule<tile = \"t\", m = 4, n = 4, k = 4, row = {0}>", row));
      INFO("row " << row);
      REQUIRE(isLeast(runOfPositions(window, row, false), distances.below, false));
      REQUIRE(isLeast(runOfPositions(window, row, true), distances.above, true));
      continue;
    }
    // Safe with rows of any length, and no more than the least for rows of one position.
    for (int64_t width = 1; width <= positions; ++width) {
      if (positions % width)
        continue;
      Window rows = inRows(window, width);
      Accesses up = rowByRow(rows, 1, false), down = rowByRow(rows, 1, true);
      REQUIRE((width == 1 ? isLeast(up, distances.below, false) : isSafe(up, distances.below)));
      REQUIRE((width == 1 ? isLeast(down, distances.above, true) : isSafe(down, -distances.above)));
    }
  }
}

TEST_CASE("contractions of several rows at a time") {
  Kernels kernels;
  Draw draw(6);
  for (int i = 0; i < 300; ++i) {
    Window window = draw.window();
    int64_t rows = draw.between(1, 4), all = window.groups * window.channels[1], channels = draw.between(1, all + 1);
    qk::Distances distances = kernels.contract(
        window,
        llvm::formatv(", schedule = #qk.schedule<tile = \"t\", m = 4, n = {1}, k = 16, rows = {0}>", rows, channels));
    INFO(window.text() << " in " << window.inBytes << ", out " << window.outBytes << ", rows " << rows << ", channels "
                       << channels);
    REQUIRE(isLeast(blocksOfRows(window, rows, channels >= all, false), distances.below, false));
    REQUIRE(isLeast(blocksOfRows(window, rows, channels >= all, true), distances.above, true));
  }
}

TEST_CASE("the cases that the planner lives by") {
  Kernels kernels;
  Window window = {1, {25, 5}, {25, 5}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 1, {64, 64}, 1, 1};
  // A row and two pixels, less the last code.
  CHECK(kernels.contract(window, "").below == (5 + 2) * 64 - 1);
  // Depthwise: a channel is read for the last time when its place is written, a row and a pixel behind.
  window.groups = 64;
  window.channels[0] = window.channels[1] = 1;
  CHECK(kernels.contract(window, "").below == (5 + 1) * 64);
  // 1x1 that doubles the channels: downwards, a pixel; upwards, the input is the output's end.
  Window doubled = {1, {48, 48}, {48, 48}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, 1, {8, 16}, 1, 1};
  CHECK(kernels.contract(doubled, "").above == 8);
  CHECK(kernels.contract(doubled, "").below == 48 * 48 * 8 + 7);
  // Codes of less than a byte share it with their neighbours, which stay as they are: the third code is written when
  // the fourth, 12 bits behind the begin, is still to be read.
  CHECK(kernels
            .distances("%x: tensor<2xi8>, %t: tensor<16xi8>, %y: tensor<4xi8>",
                       "%0 = qk.lookup(%x, %t into %y) {count = 4, in_format = i4, out_format = i8} : "
                       "(tensor<2xi8>, tensor<16xi8>, tensor<4xi8>) -> tensor<4xi8>")
            .below == 2);
  // What is left of the last byte is cleared first, unless the kernel fills it.
  auto pointwise = [&](int64_t columns) {
    std::string bytes = std::to_string((columns * 12 + 7) / 8), to = "tensor<" + bytes + "xi8>";
    std::string axis = "1, " + std::to_string(columns);
    return kernels
        .distances("%x: " + to + ", %w: tensor<9xi8>, %y: " + to,
                   "%0 = qk.contract(%x, %w into %y) attributes {window = #qk.window<batch = 1, input = [" + axis +
                       "], output = [" + axis +
                       "], kernel = [1, 1], strides = [1, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels "
                       "= [3, 3]>, rhs_strides = array<i64: 0, 0, 0, 0, 0>, lhs_format = i4, rhs_format = i8, "
                       "out_format = i4, schedule = #qk.schedule<tile = \"t\", m = 4, n = 4, k = 4, lines = 1>} "
                       "{\n^bb0(%acc: i32):\nqk.yield %acc : i32\n} : (" +
                       to + ", tensor<9xi8>, " + to + ") -> " + to)
        .below;
  };
  CHECK(pointwise(2) == 0);
  CHECK(pointwise(3) == qk::Distances::apart);
}

TEST_CASE("pools") {
  Kernels kernels;
  Draw draw(3);
  for (int i = 0; i < 500; ++i) {
    Window window = draw.window();
    window.channels[0] = window.channels[1] = 1;
    int64_t in = window.batch * window.input[0] * window.input[1] * window.pixelBytes();
    int64_t out = window.batch * window.output[0] * window.output[1] * window.positionBytes();
    qk::Distances distances = kernels.distances(
        llvm::formatv("%x: tensor<{0}xi8>, %y: tensor<{1}xi8>", in, out),
        llvm::formatv("%0 = qk.pool(%x into %y) attributes {{window = {0}, kind = #qk.pool<max>, in_format = i{1}, "
                      "out_format = i{2}} {{\n^bb0(%v: i32, %n: i32):\nqk.yield %v : i32\n} : (tensor<{3}xi8>, "
                      "tensor<{4}xi8>) -> tensor<{4}xi8>",
                      window.text(), 8 * window.inBytes, 8 * window.outBytes, in, out));
    INFO(window.text());
    REQUIRE(isLeast(positionByPosition(window, false), distances.below, false));
    REQUIRE(distances.above == qk::Distances::apart);
  }
}

TEST_CASE("maps") {
  Kernels kernels;
  Draw draw(4);
  for (int i = 0; i < 1500; ++i) {
    int64_t rank = draw.between(0, 3), inBytes = draw.between(1, 2), outBytes = draw.between(1, 2);
    std::vector<int64_t> shape, strides[2];
    int64_t size[2], offsets[2];
    for (int64_t d = 0; d < rank; ++d)
      shape.push_back(draw.between(1, 5));
    for (int side = 0; side < 2; ++side) {
      offsets[side] = draw.between(0, 2);
      size[side] = offsets[side] + 1;
      int64_t stride = 1;
      strides[side].resize(rank);
      for (int64_t d = rank - 1; d >= 0; --d) {
        strides[side][d] = draw.between(0, 3) ? stride : draw.between(side, 9);
        size[side] += (shape[d] - 1) * strides[side][d];
        stride = stride * shape[d] + draw.between(0, 1);
      }
    }
    // A third of them only move codes; half of these by one distance.
    bool isMove = i % 3 == 0;
    if (i % 6 == 0) {
      outBytes = inBytes;
      strides[1] = strides[0];
      size[1] = size[0] - offsets[0] + offsets[1];
    }
    bool isShift = inBytes == outBytes;
    for (int64_t d = 0; d < rank; ++d)
      isShift &= shape[d] == 1 || strides[0][d] == strides[1][d];
    auto list = [](const std::vector<int64_t> &numbers) {
      return llvm::join(llvm::map_range(numbers, [](int64_t n) { return std::to_string(n); }), ", ");
    };
    auto access = [&](int side, int64_t bytes) {
      return llvm::formatv("#qk.access<format = i{0}, offset = {1}, strides = [{2}]>", 8 * bytes, offsets[side],
                           list(strides[side]))
          .str();
    };
    std::string types = llvm::formatv("tensor<{0}xi8>, tensor<{1}xi8>", size[0] * inBytes, size[1] * outBytes);
    qk::Distances distances = kernels.distances(
        llvm::formatv("%x: tensor<{0}xi8>, %y: tensor<{1}xi8>", size[0] * inBytes, size[1] * outBytes),
        llvm::formatv("%0 = qk.map(%x into %y) attributes {{shape = array<i64{0}{1}>, accesses = [{2}, {3}]} {{\n"
                      "^bb0(%a: i32):\n%b = arith.addi %a, %a : i32\nqk.yield %{6} : i32\n} : ({4}) -> tensor<{5}xi8>",
                      shape.empty() ? "" : ": ", list(shape), access(0, inBytes), access(1, outBytes), types,
                      size[1] * outBytes, isMove ? "a" : "b"));
    Accesses accesses;
    std::vector<int64_t> point(rank);
    auto visit = [&](auto &self, int64_t dimension) -> void {
      if (dimension < rank) {
        for (point[dimension] = 0; point[dimension] < shape[dimension]; ++point[dimension])
          self(self, dimension + 1);
        return;
      }
      int64_t at[2];
      for (int side = 0; side < 2; ++side) {
        at[side] = offsets[side];
        for (int64_t d = 0; d < rank; ++d)
          at[side] += point[d] * strides[side][d];
      }
      accesses.push_back({false, at[0] * inBytes, (at[0] + 1) * inBytes});
      accesses.push_back({true, at[1] * outBytes, (at[1] + 1) * outBytes});
    };
    visit(visit, 0);
    INFO("shape " << list(shape) << " in " << access(0, inBytes) << " out " << access(1, outBytes));
    REQUIRE(distances.above == qk::Distances::apart);
    if (isMove && !isShift)
      REQUIRE(distances.below == qk::Distances::apart);
    else
      REQUIRE(isLeast(accesses, distances.below, false));
  }
}

namespace {
/// A stage of a stream over rows of `width` codes, one channel in and `breadth` out.
struct Stage {
  int64_t height, rows, kernel, stride, pad, depth, breadth;

  std::string window(int64_t width) const {
    return llvm::formatv("#qk.window<batch = 1, input = [{0}, {1}], output = [1, {1}], kernel = [{0}, 1], strides = "
                         "[{2}, 1], dilations = [1, 1], pads = [0, 0], groups = 1, channels = [{3}, {4}]>",
                         kernel, width, stride, depth, breadth);
  }
  std::string text() const {
    return llvm::formatv("#qk.stage<height = {0}, rows = {1}, stride = {2}, pad = {3}, pad_code = 0>", height, rows,
                         stride, pad);
  }
  /// The last row of the input that row `y` of the output needs.
  int64_t lastSeen(int64_t y) const { return std::min(height - 1, y * stride - pad + kernel - 1); }
};

Stage drawStage(Draw &draw, int64_t height, int64_t depth) {
  Stage stage = {};
  stage.height = height;
  stage.kernel = draw.between(1, 4);
  stage.stride = draw.between(1, stage.kernel);
  stage.pad = draw.between(0, stage.kernel - 1);
  stage.depth = depth;
  stage.breadth = draw.between(1, 4);
  // As many windows as begin inside, with borders below of less than a window.
  int64_t below = draw.between(0, stage.kernel - 1);
  stage.rows = std::max<int64_t>(1, (height + stage.pad + below - stage.kernel) / stage.stride + 1);
  return stage;
}
} // namespace

TEST_CASE("streams") {
  Kernels kernels;
  Draw draw(5);
  int checked = 0;
  for (int i = 0; i < 600; ++i) {
    int64_t width = draw.between(1, 3);
    Stage a = drawStage(draw, draw.between(2, 9), draw.between(1, 3)), b = drawStage(draw, a.rows, a.breadth);
    auto isWhole = [](const Stage &stage) {
      int64_t end = (stage.rows - 1) * stage.stride + stage.kernel, last = stage.pad + stage.height;
      return last - end < stage.stride && end - last < stage.kernel;
    };
    if (!isWhole(a) || !isWhole(b))
      continue;
    ++checked;
    int64_t in = a.height * width * a.depth, out = b.rows * width * b.breadth;
    int64_t sizes[] = {a.kernel * width * a.depth, width * a.breadth, b.kernel * width * b.depth, width * b.breadth};
    auto contraction = [&](const Stage &stage, const char *rows, const char *row, int64_t from, int64_t to) {
      int64_t weights = stage.kernel * stage.depth * stage.breadth;
      return llvm::formatv("%w{0} = qk.constant dense<1> : tensor<{1}xi8> : tensor<{1}xi8>\n"
                           "%v{0} = qk.contract(%{0}, %w{0} into %{2}) attributes {{window = {3}, rhs_strides = "
                           "array<i64: 0, 0, 0, 0, 0>, lhs_format = i8, rhs_format = i8, out_format = i8} {{\n"
                           "^bb0(%acc: i32):\nqk.yield %acc : i32\n} : (tensor<{4}xi8>, tensor<{1}xi8>, "
                           "tensor<{5}xi8>) -> tensor<{5}xi8>\n",
                           rows, weights, row, stage.window(width), from, to)
          .str();
    };
    std::string types = llvm::formatv("tensor<{0}xi8>, tensor<99xi8>, tensor<{1}xi8>", in, out);
    std::string body = llvm::formatv(
        "%0 = qk.stream(%x scratch %s into %y) attributes {{stages = [{0}, {1}], offsets = array<i64: 0, 0, 0, 0>} "
        "{{\n^bb0(%a: tensor<{2}xi8>, %b: tensor<{3}xi8>, %c: tensor<{4}xi8>, %d: tensor<{5}xi8>):\n",
        a.text(), b.text(), sizes[0], sizes[1], sizes[2], sizes[3]);
    body += contraction(a, "a", "b", sizes[0], sizes[1]) + contraction(b, "c", "d", sizes[2], sizes[3]);
    body += llvm::formatv("} : ({0}) -> tensor<{1}xi8>", types, out);
    qk::Distances distances =
        kernels.distances(llvm::formatv("%x: tensor<{0}xi8>, %s: tensor<99xi8>, %y: tensor<{1}xi8>", in, out), body);
    // Each row of the output is written when the last row of the input that it needs has been copied.
    Accesses accesses;
    int64_t rowIn = width * a.depth, rowOut = width * b.breadth;
    for (int64_t r = 0; r < a.height; ++r) {
      accesses.push_back({false, r * rowIn, (r + 1) * rowIn});
      for (int64_t y = 0; y < b.rows; ++y)
        if (int64_t needed = a.lastSeen(b.lastSeen(y)); std::max<int64_t>(needed, 0) == r)
          accesses.push_back({true, y * rowOut, (y + 1) * rowOut});
    }
    INFO(body);
    REQUIRE(isLeast(accesses, distances.below, false));
    REQUIRE(distances.above == qk::Distances::apart);
  }
  CHECK(checked > 100);
}
