// Values of distributions that tensors are like.
#ifndef QCC_TEST_UNIT_QUANTIZE_DISTRIBUTIONS_H
#define QCC_TEST_UNIT_QUANTIZE_DISTRIBUTIONS_H

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

struct Distribution {
  std::string name;
  std::vector<float> values;
};

/// `count` values of each; the same on every machine.
inline std::vector<Distribution> distributions(size_t count) {
  std::mt19937 random(5);
  auto uniform = [&] { return (random() + 0.5) / 4294967296.0; };
  auto normal = [&] { return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); };
  std::vector<Distribution> result = {
      {"Gaussian", {}}, {"Laplace", {}}, {"uniform", {}}, {"ReLU of Gaussian", {}}, {"Gaussian with outliers", {}}};
  for (size_t i = 0; i < count; ++i) {
    result[0].values.push_back(static_cast<float>(normal()));
    result[1].values.push_back(static_cast<float>((random() % 2 ? 1 : -1) * -std::log(uniform())));
    result[2].values.push_back(static_cast<float>(2 * uniform() - 1));
    result[3].values.push_back(static_cast<float>(std::max(normal(), 0.0)));
    result[4].values.push_back(static_cast<float>(normal() * (i % 1000 == 0 ? 30 : 1)));
  }
  return result;
}

/// `size` values of the standard normal distribution.
inline std::vector<double> drawNormal(std::mt19937 &generator, int64_t size) {
  std::normal_distribution<double> normal;
  std::vector<double> numbers(size);
  for (double &number : numbers)
    number = normal(generator);
  return numbers;
}

#endif // QCC_TEST_UNIT_QUANTIZE_DISTRIBUTIONS_H
