// F(4x4, 3x3) of f32: what compiled code may differ by from the exact sum of products (docs/rationale/Winograd.md).
#include "compiler/emit/ObserveCompiled.h"
#include "mlir/Parser/Parser.h"
#include "test/unit/emit/TestModels.h"

#include <random>

using namespace mlir;
using namespace qcc;

namespace {
/// A convolution of f32: filters [output channel][3][3][input channel], an image [y][x][channel].
struct Numbers {
  int64_t height, width, inputs, channels, pad;
  std::vector<float> filters, image;

  int64_t rows() const { return height + 2 * pad - 2; }
  int64_t columns() const { return width + 2 * pad - 2; }
  float filter(int64_t o, int64_t y, int64_t x, int64_t c) const { return filters[((o * 3 + y) * 3 + x) * inputs + c]; }
  /// Beyond the border it is 0.
  float at(int64_t y, int64_t x, int64_t c) const {
    bool isInside = y >= 0 && y < height && x >= 0 && x < width;
    return isInside ? image[(y * width + x) * inputs + c] : 0;
  }
};

/// How numbers are drawn.
using Draw = std::function<float(std::mt19937_64 &)>;
} // namespace

// Lavin and Gray, arXiv:1509.09308, section 4.3: B^T, G and A^T.
static constexpr double codeMatrix[6][6] = {{4, 0, -5, 0, 1, 0},  {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0},
                                            {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1}};
static constexpr double weightMatrix[6][3] = {{1. / 4, 0, 0},
                                              {-1. / 6, -1. / 6, -1. / 6},
                                              {-1. / 6, 1. / 6, -1. / 6},
                                              {1. / 24, 1. / 12, 1. / 6},
                                              {1. / 24, -1. / 12, 1. / 6},
                                              {0, 0, 1}};
static constexpr double outputMatrix[4][6] = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}};

static std::vector<float> drawNumbers(int64_t count, const Draw &draw, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<float> numbers(count);
  for (float &number : numbers)
    number = draw(random);
  return numbers;
}

static Numbers drawConvolution(std::array<int64_t, 5> shape, const Draw &image, const Draw &filter) {
  auto [height, width, inputs, channels, pad] = shape;
  return {height,
          width,
          inputs,
          channels,
          pad,
          drawNumbers(channels * 9 * inputs, filter, 1),
          drawNumbers(height * width * inputs, image, 2)};
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
  std::string filter = "tensor<" + shape({numbers.channels, 3, 3, numbers.inputs}) + "xf32>";
  std::string image = "tensor<" + shape({1, numbers.height, numbers.width, numbers.inputs}) + "xf32>";
  std::string result = "tensor<" + shape({1, numbers.rows(), numbers.columns(), numbers.channels}) + "xf32>";
  std::string text = llvm::formatv(R"(
    func.func @net(%x: {1}) -> {2} {{
      %w = qnn.constant dense<"0x{3}"> : {0} : {0}
      %y = qnn.conv2d %x, %w {{pads = array<i64: {4}, {4}, {4}, {4}>, algorithm = #qnn.algorithm<winograd = F_4_3, float>}
        : ({1}, {0}) -> {2}
      return %y : {2}
    })",
                                   filter, image, result, llvm::toHex(bytes), numbers.pad);
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

/// |M| X |M^T|.
template <size_t Rows, size_t Columns>
static std::array<std::array<double, Rows>, Rows> transform(const double (&matrix)[Rows][Columns],
                                                            const std::array<std::array<double, Columns>, Columns> &x) {
  std::array<std::array<double, Rows>, Rows> result{};
  for (size_t i = 0; i < Rows; ++i)
    for (size_t j = 0; j < Rows; ++j)
      for (size_t k = 0; k < Columns; ++k)
        for (size_t l = 0; l < Columns; ++l)
          result[i][j] += std::abs(matrix[i][k]) * x[k][l] * std::abs(matrix[j][l]);
  return result;
}

/// |A^T| [sum over channels of (|G| |g| |G^T|) . (|B^T| |d| |B|)] |A| of the tile that begins at `y` and `x`.
static std::array<std::array<double, 4>, 4> magnitudesOf(const Numbers &numbers, int64_t o, int64_t y, int64_t x) {
  std::array<std::array<double, 6>, 6> sums{}, tile;
  std::array<std::array<double, 3>, 3> filter;
  for (int64_t c = 0; c < numbers.inputs; ++c) {
    for (int64_t i = 0; i < 6; ++i)
      for (int64_t j = 0; j < 6; ++j)
        tile[i][j] = std::abs(numbers.at(y + i - numbers.pad, x + j - numbers.pad, c));
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 3; ++j)
        filter[i][j] = std::abs(numbers.filter(o, i, j, c));
    auto codes = transform(codeMatrix, tile);
    auto weights = transform(weightMatrix, filter);
    for (int64_t i = 0; i < 6; ++i)
      for (int64_t j = 0; j < 6; ++j)
        sums[i][j] += codes[i][j] * weights[i][j];
  }
  return transform(outputMatrix, sums);
}

static long double exactSum(const Numbers &numbers, int64_t o, int64_t y, int64_t x) {
  long double sum = 0;
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t j = 0; j < 3; ++j)
      for (int64_t c = 0; c < numbers.inputs; ++c)
        sum += static_cast<long double>(numbers.filter(o, i, j, c)) *
               static_cast<long double>(numbers.at(y + i - numbers.pad, x + j - numbers.pad, c));
  return sum;
}

/// The largest share of the bound that a result is wrong by.
static double largestShare(const Numbers &numbers) {
  std::vector<float> results = compute(numbers);
  REQUIRE(static_cast<int64_t>(results.size()) == numbers.rows() * numbers.columns() * numbers.channels);
  // (c + 16) u (1 + O(c u)): so many roundings (Higham, section 3.1).
  double roundings = static_cast<double>(numbers.inputs + 16) * 0x1p-24, unit = roundings / (1 - roundings);
  double most = 0;
  for (int64_t o = 0; o < numbers.channels; ++o)
    for (int64_t y = 0; y < numbers.rows(); ++y)
      for (int64_t x = 0; x < numbers.columns(); ++x) {
        double bound = unit * magnitudesOf(numbers, o, y - y % 4, x - x % 4)[y % 4][x % 4];
        float result = results[(y * numbers.columns() + x) * numbers.channels + o];
        REQUIRE(std::isfinite(result));
        auto error = static_cast<double>(std::abs(static_cast<long double>(result) - exactSum(numbers, o, y, x)));
        if (error > 0)
          most = std::max(most, error / bound);
      }
  return most;
}

TEST_CASE("F(4x4, 3x3) of f32 rounds no more than its bound") {
  // Height, width, input and output channels, padding: whole tiles and parts, one element, no whole vector of channels.
  std::vector<std::array<int64_t, 5>> shapes = {{8, 8, 1, 4, 1},  {5, 7, 3, 5, 1},    {1, 1, 1, 1, 1},
                                                {6, 6, 16, 8, 0}, {13, 9, 64, 16, 1}, {4, 10, 33, 3, 2}};
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
  for (std::array<int64_t, 5> shape : shapes)
    for (const auto &[name, draw] : draws) {
      CAPTURE(shape, name.str());
      CHECK(largestShare(drawConvolution(shape, draw.first, draw.second)) <= 1);
    }
}

TEST_CASE("the bound of F(4x4, 3x3) of f32 is near what it rounds") {
  // Where numbers differ most, single roundings count.
  CHECK(largestShare(drawConvolution({32, 32, 1, 32, 1}, drawPowers(20), drawPowers(8))) > 0.04);
}
