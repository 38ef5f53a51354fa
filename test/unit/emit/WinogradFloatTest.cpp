// F(4x4, 3x3) and F(4, 3) of f32: what compiled code may differ by from the exact sum of products
// (docs/rationale/Winograd.md).
#include "compiler/emit/ObserveCompiled.h"
#include "mlir/Parser/Parser.h"
#include "test/unit/emit/TestModels.h"

#include <random>

using namespace mlir;
using namespace qcc;

namespace {
/// How large a convolution is; its borders are as wide along each axis of its window that is 3.
struct Shape {
  int64_t height, width, inputs, channels, border, windowRows = 3, windowColumns = 3;

  int64_t top() const { return windowRows == 3 ? border : 0; }
  int64_t left() const { return windowColumns == 3 ? border : 0; }
  int64_t rows() const { return height + 2 * top() - windowRows + 1; }
  int64_t columns() const { return width + 2 * left() - windowColumns + 1; }
};

/// A convolution of f32: filters [output channel][window][input channel], an image [y][x][channel].
struct Numbers : Shape {
  std::vector<float> filters, image;

  float filter(int64_t o, int64_t y, int64_t x, int64_t c) const {
    return filters[((o * windowRows + y) * windowColumns + x) * inputs + c];
  }
  /// Beyond the border it is 0.
  float at(int64_t y, int64_t x, int64_t c) const {
    bool isInside = y >= 0 && y < height && x >= 0 && x < width;
    return isInside ? image[(y * width + x) * inputs + c] : 0;
  }
};

using Matrix = std::vector<std::vector<double>>;

/// B^T, G and A^T of one axis.
struct Transform {
  Matrix codes, weights, outputs;
  int64_t tile() const { return static_cast<int64_t>(outputs.size()); }
};

/// How numbers are drawn.
using Draw = std::function<float(std::mt19937_64 &)>;
} // namespace

/// Of an axis along which the window has so many rows.
static const Transform &transformOf(int64_t window) {
  // Lavin and Gray, arXiv:1509.09308, section 4.3.
  static const Transform three = {{{4, 0, -5, 0, 1, 0},
                                   {0, -4, -4, 1, 1, 0},
                                   {0, 4, -4, -1, 1, 0},
                                   {0, -2, -1, 2, 1, 0},
                                   {0, 2, -1, -2, 1, 0},
                                   {0, 4, 0, -5, 0, 1}},
                                  {{1. / 4, 0, 0},
                                   {-1. / 6, -1. / 6, -1. / 6},
                                   {-1. / 6, 1. / 6, -1. / 6},
                                   {1. / 24, 1. / 12, 1. / 6},
                                   {1. / 24, -1. / 12, 1. / 6},
                                   {0, 0, 1}},
                                  {{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}}};
  static const Transform one = {{{1}}, {{1}}, {{1}}};
  return window == 3 ? three : one;
}

static std::vector<float> drawNumbers(int64_t count, const Draw &draw, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<float> numbers(count);
  for (float &number : numbers)
    number = draw(random);
  return numbers;
}

static Numbers drawConvolution(const Shape &shape, const Draw &image, const Draw &filter) {
  int64_t weights = shape.channels * shape.windowRows * shape.windowColumns * shape.inputs;
  return {shape, drawNumbers(weights, filter, 1), drawNumbers(shape.height * shape.width * shape.inputs, image, 2)};
}

static double uniform(std::mt19937_64 &random) { return static_cast<double>(random() >> 11) * 0x1p-53; }
static float drawSigned(std::mt19937_64 &random) { return static_cast<float>(2 * uniform(random) - 1); }
static Draw drawPowers(double most) {
  return [most](std::mt19937_64 &random) {
    double magnitude = std::pow(10, most * (2 * uniform(random) - 1));
    return static_cast<float>(random() % 2 ? magnitude : -magnitude);
  };
}

/// What compiled code of this machine makes of it, [y][x][output channel].
static std::vector<float> compute(const Numbers &numbers) {
  DialectRegistry registry;
  qnn::registerDialects(registry);
  qk::registerDialect(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  DiagnosticText diagnostics(&context);
  std::string bytes(reinterpret_cast<const char *>(numbers.filters.data()), numbers.filters.size() * sizeof(float));
  auto shape = [](ArrayRef<int64_t> sizes) {
    return llvm::join(llvm::map_range(sizes, [](int64_t size) { return std::to_string(size); }), "x");
  };
  std::string filter =
      "tensor<" + shape({numbers.channels, numbers.windowRows, numbers.windowColumns, numbers.inputs}) + "xf32>";
  std::string image = "tensor<" + shape({1, numbers.height, numbers.width, numbers.inputs}) + "xf32>";
  std::string result = "tensor<" + shape({1, numbers.rows(), numbers.columns(), numbers.channels}) + "xf32>";
  std::string text = llvm::formatv(R"(
    func.func @net(%x: {1}) -> {2} {{
      %w = qnn.constant dense<"0x{3}"> : {0} : {0}
      %y = qnn.conv2d %x, %w {{pads = array<i64: {4}, {4}, {5}, {5}>, algorithm = #qnn.algorithm<winograd = F_4_3, float>}
        : ({1}, {0}) -> {2}
      return %y : {2}
    })",
                                   filter, image, result, llvm::toHex(bytes), numbers.top(), numbers.left());
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  INFO(diagnostics.take());
  REQUIRE(module);
  func::FuncOp model = *findModel(*module);
  SmallVector<Value> values(model.front().getTerminator()->getOperands());
  auto observable = prepareCompiled(model, values);
  REQUIRE(diagnostics.take() == ""); // else the interpreter would run it
  REQUIRE(succeeded(observable));
  HostTensor input(cast<RankedTensorType>(model.getArgument(0).getType()));
  std::memcpy(input.bytes.data(), numbers.image.data(), input.bytes.size());
  std::vector<float> results;
  REQUIRE(
      succeeded((*observable)->run(input, [&](Value, const interpret::Tensor &tensor) { results = tensor.floats; })));
  return results;
}

/// |L| X |R^T|.
static Matrix transform(const Matrix &left, const Matrix &x, const Matrix &right) {
  Matrix result(left.size(), std::vector<double>(right.size()));
  for (size_t i = 0; i < left.size(); ++i)
    for (size_t j = 0; j < right.size(); ++j)
      for (size_t k = 0; k < x.size(); ++k)
        for (size_t l = 0; l < x[k].size(); ++l)
          result[i][j] += std::abs(left[i][k]) * x[k][l] * std::abs(right[j][l]);
  return result;
}

/// A matrix of magnitudes.
static Matrix magnitudes(size_t rows, size_t columns, llvm::function_ref<float(int64_t y, int64_t x)> at) {
  Matrix matrix(rows, std::vector<double>(columns));
  for (size_t y = 0; y < rows; ++y)
    for (size_t x = 0; x < columns; ++x)
      matrix[y][x] = std::abs(at(static_cast<int64_t>(y), static_cast<int64_t>(x)));
  return matrix;
}

/// |A^T| [sum over channels of (|G| |g| |G^T|) . (|B^T| |d| |B|)] |A| of the tile that begins at `y` and `x`.
static Matrix magnitudesOf(const Numbers &numbers, int64_t o, int64_t y, int64_t x) {
  const Transform &down = transformOf(numbers.windowRows), &across = transformOf(numbers.windowColumns);
  Matrix sums = magnitudes(down.codes.size(), across.codes.size(), [](int64_t, int64_t) { return 0.0F; });
  for (int64_t c = 0; c < numbers.inputs; ++c) {
    Matrix tile = magnitudes(down.codes.size(), across.codes.size(), [&](int64_t i, int64_t j) {
      return numbers.at(y + i - numbers.top(), x + j - numbers.left(), c);
    });
    Matrix filter = magnitudes(numbers.windowRows, numbers.windowColumns,
                               [&](int64_t i, int64_t j) { return numbers.filter(o, i, j, c); });
    Matrix codes = transform(down.codes, tile, across.codes);
    Matrix weights = transform(down.weights, filter, across.weights);
    for (size_t i = 0; i < sums.size(); ++i)
      for (size_t j = 0; j < sums[i].size(); ++j)
        sums[i][j] += codes[i][j] * weights[i][j];
  }
  return transform(down.outputs, sums, across.outputs);
}

static long double exactSum(const Numbers &numbers, int64_t o, int64_t y, int64_t x) {
  long double sum = 0;
  for (int64_t i = 0; i < numbers.windowRows; ++i)
    for (int64_t j = 0; j < numbers.windowColumns; ++j)
      for (int64_t c = 0; c < numbers.inputs; ++c)
        sum += static_cast<long double>(numbers.filter(o, i, j, c)) *
               static_cast<long double>(numbers.at(y + i - numbers.top(), x + j - numbers.left(), c));
  return sum;
}

/// The largest share of the bound that a result is wrong by.
static double largestShare(const Numbers &numbers) {
  std::vector<float> results = compute(numbers);
  REQUIRE(static_cast<int64_t>(results.size()) == numbers.rows() * numbers.columns() * numbers.channels);
  // (c + 16) u (1 + O(c u)), and c + 9 along one axis: so many roundings (Higham, section 3.1).
  int64_t alongAxes = numbers.windowRows == numbers.windowColumns ? 16 : 9;
  double roundings = static_cast<double>(numbers.inputs + alongAxes) * 0x1p-24, unit = roundings / (1 - roundings);
  int64_t down = transformOf(numbers.windowRows).tile(), across = transformOf(numbers.windowColumns).tile();
  double most = 0;
  for (int64_t o = 0; o < numbers.channels; ++o)
    for (int64_t y = 0; y < numbers.rows(); ++y)
      for (int64_t x = 0; x < numbers.columns(); ++x) {
        double bound = unit * magnitudesOf(numbers, o, y - y % down, x - x % across)[y % down][x % across];
        float result = results[(y * numbers.columns() + x) * numbers.channels + o];
        REQUIRE(std::isfinite(result));
        auto error = static_cast<double>(std::abs(static_cast<long double>(result) - exactSum(numbers, o, y, x)));
        if (error > 0)
          most = std::max(most, error / bound);
      }
  return most;
}

TEST_CASE("F(4x4, 3x3) and F(4, 3) of f32 round no more than their bound") {
  // Whole tiles and parts, one element, no whole vector of channels.
  std::vector<Shape> shapes = {{8, 8, 1, 4, 1},          {5, 7, 3, 5, 1},        {1, 1, 1, 1, 1},
                               {6, 6, 16, 8, 0},         {13, 9, 64, 16, 1},     {4, 10, 33, 3, 2},
                               {8, 8, 1, 4, 1, 1, 3},    {5, 7, 3, 5, 1, 3, 1},  {1, 1, 1, 1, 1, 3, 1},
                               {13, 9, 64, 16, 1, 1, 3}, {4, 10, 33, 3, 2, 3, 1}};
  std::vector<std::pair<StringRef, std::pair<Draw, Draw>>> draws = {
      {"between -1 and 1", {drawSigned, drawSigned}},
      {"images of one sign, filters of both",
       {[](std::mt19937_64 &random) { return static_cast<float>(uniform(random)); }, drawSigned}},
      // Sums are small beside their parts.
      {"large numbers that cancel",
       {[](std::mt19937_64 &random) { return 1e18f + 1e12f * drawSigned(random); },
        [](std::mt19937_64 &random) { return random() % 2 ? 1e10f : -1e10f; }}},
      {"magnitudes from 1e-20 to 1e20", {drawPowers(20), drawPowers(8)}},
      {"magnitudes of filters from 1e-15 to 1e15", {drawPowers(2), drawPowers(15)}}};
  for (const Shape &shape : shapes)
    for (const auto &[name, draw] : draws) {
      CAPTURE(shape.height, shape.width, shape.inputs, shape.windowRows, shape.windowColumns, name.str());
      CHECK(largestShare(drawConvolution(shape, draw.first, draw.second)) <= 1);
    }
}

TEST_CASE("the bounds of F(4x4, 3x3) and F(4, 3) of f32 are near what they round") {
  // Where numbers differ most, single roundings count.
  CHECK(largestShare(drawConvolution({32, 32, 1, 32, 1}, drawPowers(20), drawPowers(8))) > 0.05);
  CHECK(largestShare(drawConvolution({32, 32, 1, 32, 1, 1, 3}, drawPowers(20), drawPowers(8))) > 0.1);
}
