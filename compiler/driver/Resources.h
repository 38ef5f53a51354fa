// What compiled models take, and limits of it.
#ifndef QCC_COMPILER_DRIVER_RESOURCES_H
#define QCC_COMPILER_DRIVER_RESOURCES_H

#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstdint>

namespace qcc::driver {

/// What budgets are for.
enum class Resource { Flash, Ram, Time, Bops, Weights };
inline constexpr llvm::StringLiteral resourceNames[] = {"flash", "ram", "time", "bops", "weights"};
inline constexpr size_t resourceCount = std::size(resourceNames);

inline llvm::StringRef nameOf(Resource resource) { return resourceNames[static_cast<size_t>(resource)]; }

using Costs = std::array<int64_t, resourceCount>;

/// `flash<=64K`.
struct Budget {
  Resource resource;
  int64_t limit;
};

/// A model with some precisions.
struct Measurement {
  double noise = 0;      ///< power of the outputs' error over that of the outputs
  double divergence = 0; ///< of their softmax: Kullback-Leibler, in nats, the mean over samples
  Costs costs = {};
  int64_t cost(Resource resource) const { return costs[static_cast<size_t>(resource)]; }
};

/// Which number of a measurement is to be least.
using Loss = double Measurement::*;

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_RESOURCES_H
