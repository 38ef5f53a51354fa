// The same contractions by oneDNN.
#ifndef QCC_TEST_BENCH_ONEDNN_H
#define QCC_TEST_BENCH_ONEDNN_H

#include <cstdint>
#include <functional>

namespace qcc::bench {

/// What is multiplied: u8 by s8 with a scale per channel, to s8; binary by binary, which oneDNN does not have; floats.
enum class Element { Int8, Bits, Float32, Bfloat16 };

/// A convolution of NHWC pixels, or with `size` and `kernel` of 1 a product of `batch` rows with a matrix.
struct Contraction {
  int64_t batch = 1, height = 1, width = 1, inputs = 1, outputs = 1;
  int64_t kernelHeight = 1, kernelWidth = 1, pad = 0; ///< on each side; strides are 1
  Element element = Element::Int8;
  int64_t weightBits = 8; ///< of one; oneDNN always has s8 in bytes

  int64_t macs() const { return batch * height * width * outputs * inputs * kernelHeight * kernelWidth; }
  int64_t weightBytes() const { return inputs * outputs * kernelHeight * kernelWidth * weightBits / 8; }
};

/// Runs it once, on one thread, in the layouts that oneDNN likes best: what it takes to bring data into them is not
/// in the time.
std::function<void()> makeOneDnn(const Contraction &contraction);

} // namespace qcc::bench

#endif // QCC_TEST_BENCH_ONEDNN_H
