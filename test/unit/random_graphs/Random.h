// Random numbers that are the same on every machine.
#ifndef QCC_TEST_UNIT_RANDOM_GRAPHS_RANDOM_H
#define QCC_TEST_UNIT_RANDOM_GRAPHS_RANDOM_H

#include <cmath>
#include <initializer_list>
#include <iterator>
#include <random>

class Random {
public:
  explicit Random(uint64_t seed) : engine(seed) {}

  uint64_t bits() { return engine(); }
  /// A number from `low` to `high`, both included.
  int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(bits() % (static_cast<uint64_t>(high - low) + 1));
  }
  bool chance(int percent) { return between(0, 99) < percent; }
  /// A number in [low, high).
  double real(double low, double high) { return low + (high - low) * std::ldexp(double(bits() >> 11), -53); }
  template <typename T> T pick(std::initializer_list<T> choices) {
    return std::data(choices)[between(0, std::size(choices) - 1)];
  }
  template <typename Range> decltype(auto) pickFrom(Range &&range) {
    return range[between(0, static_cast<int64_t>(std::size(range)) - 1)];
  }

private:
  std::mt19937_64 engine; // Its sequence is part of the standard; that of the distributions is not.
};

#endif // QCC_TEST_UNIT_RANDOM_GRAPHS_RANDOM_H
