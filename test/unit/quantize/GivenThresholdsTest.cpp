// N2UQ's parameters as thresholds.
#include "compiler/quantize/GivenThresholds.h"
#include "compiler/pipeline/LoadModel.h"
#include "test/unit/interpret/RunModel.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

TEST_CASE("thresholds lie in the middles of intervals, and what equals one does not exceed it") {
  Session session;
  Location loc = UnknownLoc::get(&session.context);
  FailureOr<GivenThresholds> given = thresholdsOf({0.5, {1, 2, 4}, 2, 1.5}, "c1", loc);
  REQUIRE(succeeded(given));
  // T = 1, 2.5, 5.5, and inputs are doubled.
  for (auto [number, expected] : llvm::zip_equal(given->numbers, std::vector<float>{0.5f, 1.25f, 2.75f}))
    CHECK(number == std::nextafter(expected, HUGE_VALF));
  CHECK(given->scale == 0.5);
  // A number that f32 has not: the least above it.
  given = thresholdsOf({0, {0.2}, 1, 1}, "c1", loc);
  CHECK((given->numbers[0] > 0.1 && std::nextafter(given->numbers[0], 0.0f) <= 0.1));
}

TEST_CASE("thresholds that are none") {
  Session session;
  Location loc = UnknownLoc::get(&session.context);
  auto errorOf = [&](const N2uqParameters &parameters) {
    CHECK(failed(thresholdsOf(parameters, "c1", loc)));
    return session.takeErrors();
  };
  CHECK(errorOf({0, {1, -1, 1}, 1, 1}) ==
        "the thresholds of 'c1' are out of order: interval 2 has a width of -1.000000e+00; expects positive numbers\n");
  CHECK(errorOf({0, {1, 0, 1}, 1, 1}).find("are out of order: interval 2") != std::string::npos);
  CHECK(errorOf({0, {NAN}, 1, 1}).find("are out of order: interval 1") != std::string::npos);
  CHECK(errorOf({0, {1}, 0, 1}).find("have a scale of 0") != std::string::npos);
  CHECK(errorOf({0, {1}, 1, -2}).find("have a scale of -2") != std::string::npos);
  CHECK(errorOf({INFINITY, {1}, 1, 1}).find("begin at") != std::string::npos);
  CHECK(errorOf({3e38, {1e38}, 0.1, 1}).find("leave the range of f32 in interval 1") != std::string::npos);
}
