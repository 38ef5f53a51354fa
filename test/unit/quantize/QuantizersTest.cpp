// What all quantizers promise, and that OCTAV and the search are as good as brute force.
#include "compiler/quantize/Quantizers.h"
#include "../interpret/RunModel.h"
#include "compiler/pipeline/LoadModel.h"
#include "compiler/quantize/Constants.h"
#include "test/unit/quantize/Distributions.h"

#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {
struct QuantizersFixture : Session {
  FittedFormat fit(StringRef quantizer, ArrayRef<float> values, unsigned bits, bool symmetric, bool pow2 = false) {
    Statistics statistics(/*keepsValues=*/true);
    statistics.add(values);
    return findQuantizer(quantizer)->fit(statistics, {&context, Precision{bits}, symmetric, pow2});
  }

  /// The least error of any range that is a part of the whole one, its ends in a fixed ratio.
  double leastError(ArrayRef<float> values, unsigned bits, bool symmetric) {
    FormatRequest request{&context, Precision{bits}, symmetric};
    Statistics statistics(/*keepsValues=*/true);
    statistics.add(values);
    std::vector<WeightedValue> distribution = statistics.getDistribution();
    ClipRange whole = wholeRange(distribution, request);
    double least = std::numeric_limits<double>::infinity();
    for (int part = 1; part <= 250; ++part) {
      ClipRange range{whole.low * part / 250, whole.high * part / 250};
      least = std::min(least, sumSquaredErrors(distribution, makeGrid(range, request)));
    }
    return least / static_cast<double>(values.size());
  }

  /// OCTAV and the search on one tensor of 3 to 8 bits, against brute force.
  void checkNearLeast(StringRef name, ArrayRef<float> values, bool symmetric) {
    for (unsigned bits = 3; bits <= 8; ++bits) {
      INFO(name.str() << ", " << bits << " bits" << (symmetric ? ", symmetric" : ""));
      double least = leastError(values, bits, symmetric);
      CHECK(fit("octav", values, bits, symmetric).squaredError <= 1.03 * least);
      CHECK(fit("mse", values, bits, symmetric).squaredError <= 1.005 * least);
    }
  }
};
} // namespace

TEST_CASE_METHOD(QuantizersFixture, "octav and mse are as good as brute force on known distributions") {
  for (const Distribution &each : distributions(20000))
    for (bool symmetric : {false, true})
      checkNearLeast(each.name, each.values, symmetric);
}

TEST_CASE_METHOD(QuantizersFixture, "octav and mse are as good as brute force on the filters of a real model") {
  std::string path = QCC_ROOT "/../shared/models/mlperf_tiny/pretrainedResnet.tflite";
  if (!llvm::sys::fs::exists(path)) {
    WARN("skipped: no " << path);
    return;
  }
  auto loaded = loadModel(context, path, {});
  REQUIRE(succeeded(loaded));
  findModel(*loaded->module)->walk([&](qnn::ConstantOp constant) {
    // Of fewer values, the best of many ranges is luck: 1 % more or less of the same range costs 4 %.
    if (constant.getType().getNumElements() >= 9000)
      checkNearLeast("filter", getFloats(constant), /*symmetric=*/true);
  });
}

TEST_CASE_METHOD(QuantizersFixture, "formats of all quantizers: zero is exact, rounding idempotent and monotone") {
  for (const Distribution &each : distributions(2000))
    for (const Quantizer *quantizer : getQuantizers())
      for (unsigned bits = 2; bits <= 8; ++bits)
        for (bool symmetric : {false, true})
          for (bool pow2 : {false, true}) {
            FittedFormat fitted = fit(quantizer->getName(), each.values, bits, symmetric, pow2);
            auto format = llvm::cast<qnn::NumberFormat>(fitted.type);
            INFO(quantizer->getName().str() << ", " << each.name << ", " << bits << " bits");
            double scale = format.getScale(0), sum = 0, before = -HUGE_VAL;
            CHECK(format.decode(format.encode(0)) == 0);
            CHECK((!pow2 || std::exp2(std::round(std::log2(scale))) == scale));
            auto [low, high] = format.getCodeRange();
            std::vector<float> sorted = each.values;
            llvm::sort(sorted);
            bool holds = true;
            for (float value : sorted) {
              double rounded = format.decode(format.encode(value)), error = value - rounded;
              holds &= format.decode(format.encode(rounded)) == rounded && rounded >= before;
              if (value >= format.decode(low) && value <= format.decode(high))
                holds &= std::abs(error) <= scale / 2 * (1 + 1e-6);
              before = rounded;
              sum += error * error;
            }
            CHECK(holds);
            CHECK(fitted.squaredError == Approx(sum / sorted.size()).margin(1e-300));
          }
}

TEST_CASE_METHOD(QuantizersFixture, "codes from 0: what is negative becomes 0, all else is the nearest number") {
  for (const Distribution &each : distributions(2000))
    for (const Quantizer *quantizer : getQuantizers())
      for (unsigned bits = 1; bits <= 8; ++bits) {
        INFO(quantizer->getName().str() << ", " << each.name << ", " << bits << " bits");
        FormatRequest request{&context, Precision{bits}};
        request.precision.isUnsigned = true;
        Statistics statistics(/*keepsValues=*/true);
        statistics.add(each.values);
        FittedFormat fitted = quantizer->fit(statistics, request);
        auto format = llvm::cast<qnn::NumberFormat>(fitted.type);
        CHECK((!format.isSignedCode() && format.getBits() == bits && format.getZeroPoint(0) == 0));
        CHECK(format.getCodeRange() == std::pair<int64_t, int64_t>(0, (1 << bits) - 1));
        double sum = 0, largest = format.decode((1 << bits) - 1), scale = format.getScale(0);
        bool isNear = true;
        for (float value : each.values) {
          double rounded = format.decode(format.encode(value));
          isNear &= std::abs(std::clamp<double>(value, 0, largest) - rounded) <= scale / 2 * (1 + 1e-6);
          sum += std::pow(value - rounded, 2);
        }
        CHECK(isNear);
        CHECK(fitted.squaredError == Approx(sum / each.values.size()));
      }
  FormatRequest request{&context, Precision{2}};
  request.precision.isUnsigned = true;
  Statistics negative(/*keepsValues=*/true);
  negative.add(ArrayRef<float>({-3, -1}));
  CHECK(findQuantizer("mse")->fit(negative, request).squaredError == Approx(5));
}

TEST_CASE_METHOD(QuantizersFixture, "mse is as good as any other quantizer") {
  for (const Distribution &each : distributions(5000))
    for (unsigned bits = 2; bits <= 8; ++bits)
      for (bool symmetric : {false, true}) {
        double least = fit("mse", each.values, bits, symmetric).squaredError;
        for (const Quantizer *quantizer : getQuantizers()) {
          INFO(quantizer->getName().str() << ", " << each.name << ", " << bits << " bits");
          CHECK(least <= 1.05 * fit(quantizer->getName(), each.values, bits, symmetric).squaredError);
        }
      }
}

TEST_CASE_METHOD(QuantizersFixture, "ranges that are known") {
  std::vector<float> values(9999, 1.0f);
  values.push_back(100);
  auto scaleOf = [&](StringRef quantizer, bool symmetric) {
    return llvm::cast<qnn::NumberFormat>(fit(quantizer, values, 8, symmetric).type).getScale(0);
  };
  CHECK(scaleOf("min_max", false) == Approx(100.0 / 255));
  CHECK(scaleOf("percentile", false) == Approx(1.0 / 255));
  CHECK(scaleOf("percentile", true) == Approx(1.0 / 127));
  // At least 256 of 2048 bins stay.
  CHECK(scaleOf("entropy", false) == Approx(12.5 / 255));
  // Too few for a histogram.
  CHECK(llvm::cast<qnn::NumberFormat>(fit("entropy", ArrayRef(values).take_back(100), 8, true).type).getScale(0) ==
        Approx(100.0 / 127));
  // Of one magnitude, nothing is to be clipped, and the error is none.
  std::vector<float> same = {-2, 2, 2};
  for (StringRef quantizer : {"min_max", "percentile", "mse"})
    CHECK(fit(quantizer, same, 4, true).squaredError < 1e-12);
  for (const Quantizer *quantizer : getQuantizers())
    for (bool symmetric : {false, true}) {
      FittedFormat zeros = fit(quantizer->getName(), {0, 0}, 4, symmetric);
      CHECK(llvm::cast<qnn::NumberFormat>(zeros.type).getScale(0) == 1);
      CHECK(zeros.squaredError == 0);
    }
}

TEST_CASE_METHOD(QuantizersFixture, "binary and ternary formats with powers of two") {
  CHECK(llvm::cast<qnn::NumberFormat>(fit("octav", {0.9f, -1.3f}, 1, true, true).type).getScale(0) == 1);
  CHECK(fit("octav", {1, -3}, 1, true).squaredError == Approx(1));
}
