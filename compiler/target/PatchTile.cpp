#include "compiler/target/PatchTile.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

/// The most positions, up to four, that a patch has along an axis, if its extent there is `size`.
static int64_t positionsIn(int64_t size, int64_t kernel, int64_t stride, int64_t there) {
  return std::clamp<int64_t>((size - kernel) / stride + 1, 1, std::min<int64_t>(there, 4));
}

/// Rows of the smallest patch for so many rows of a window; 0 if there is none.
static int64_t patchRows(int64_t kernel) { return static_cast<int64_t>(llvm::alignTo(kernel, PatchShape::groupRows)); }

bool PatchShape::matches(qk::WindowAttr window) {
  int64_t words = patchRows(window.getKernel()[0]) / groupRows * window.getKernel()[1];
  if (!DepthwiseShape::matches(window) || words > PatchShape::words || window.getDilations()[0] != 1 ||
      window.getDilations()[1] != 1)
    return false;
  PatchShape shape(window);
  return shape.insideColumns() > 0 &&
         (shape.chunk == chunkChannels || shape.insideColumns() * shape.channels >= chunkChannels);
}

PatchShape::PatchShape(qk::WindowAttr window)
    : window(window), channels(window.getGroups()), height(window.getOutput()[0]), width(window.getOutput()[1]),
      chunk(std::min(channels, chunkChannels)) {
  ArrayRef<int64_t> kernel = window.getKernel(), strides = window.getStrides();
  // Of the patches that hold a window, the one with the most positions; the smallest of those.
  int64_t best = 0;
  for (int64_t r = patchRows(kernel[0]); r <= groupRows * words; r += groupRows)
    for (int64_t c = kernel[1]; r / groupRows * c <= words; ++c) {
      int64_t down = positionsIn(r, kernel[0], strides[0], height),
              across = positionsIn(c, kernel[1], strides[1], width);
      // Three sums are as much work as four.
      while (down * across > 4 || down * across == 3)
        --(across > 1 ? across : down);
      if (down * across <= best)
        continue;
      best = down * across;
      rows = r, columns = c, rowsAtOnce = down, columnsAtOnce = across;
    }
  patches = std::min(4 / best, width / columnsAtOnce);
  // A channel's weights serve few positions of a narrow image, unless blocks lie below each other. Groups of rows do
  // not overlap then.
  constexpr int64_t mostBlocks = 8;
  bool isNarrow = width == 1 && rowsAtOnce * strides[0] % groupRows == 0;
  rowBlocks = isNarrow ? std::min<int64_t>(mostBlocks, llvm::divideCeil(height, rowsAtOnce)) : 1;
}

double PatchShape::cycles() const {
  constexpr double epilogue = 14, perChannel = 24, perVector = 12; // instructions
  auto ceil = [](int64_t a, int64_t b) { return static_cast<double>(llvm::divideCeil(a, b)); };
  double staging = ceil(lineColumns() * chunk, chunkChannels) * static_cast<double>(groups()) * perVector;
  double block = static_cast<double>(patches + positions()) + epilogue;
  double channel = perChannel + static_cast<double>(rowBlocks) * ceil(width, blockColumns()) * block;
  return static_cast<double>(window.getBatch()) * ceil(height, rowsTogether()) * ceil(channels, chunk) *
         (staging + static_cast<double>(chunk) * channel);
}
