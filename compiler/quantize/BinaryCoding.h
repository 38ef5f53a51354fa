// Binary coding: weights as sums of a few signed magnitudes.
#ifndef QCC_COMPILER_QUANTIZE_BINARYCODING_H
#define QCC_COMPILER_QUANTIZE_BINARYCODING_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace qcc::quantize {

/// w_k ~ sum over planes i of magnitudes[i] * signs[i][k], where signs are -1 and 1.
struct BinaryCode {
  std::vector<float> magnitudes; ///< positive
  std::vector<std::vector<int8_t>> signs;
  double error = 0; ///< the sum of squares of what is missing
};

/// Fits `planes` (1 to 8) magnitudes and all signs to finite weights, of which there is at least one, by alternating
/// minimisation (Xu et al. 2018, Alternating multi-bit quantization, algorithm 2; as BCQ in Jeon et al. 2020 and Park
/// et al. 2023, LUT-GEMM): plane by plane, a = mean |r| and b = sign(r) of what is left; then, up to 15 times,
/// magnitudes by least squares for the signs, and signs by the nearest of the 2^planes sums. No round raises the error.
BinaryCode fitBinaryCode(llvm::ArrayRef<float> weights, unsigned planes);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_BINARYCODING_H
