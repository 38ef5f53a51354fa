// Two models whose layers are compared: which belong together, and how far numbers are apart.
#ifndef QCC_COMPILER_DRIVER_COMPAREDMODELS_H
#define QCC_COMPILER_DRIVER_COMPAREDMODELS_H

#include "compiler/pipeline/Model.h"
#include "llvm/ADT/MapVector.h"

#include <cmath>

namespace qcc::driver {

/// Sums over the elements of a tensor, of what the reference has and the model has.
struct SignalSums {
  double signal = 0, power = 0, product = 0, noise = 0;

  void add(double expected, double got) {
    signal += expected * expected;
    power += got * got;
    product += expected * got;
    noise += (expected - got) * (expected - got);
  }
  double noiseRatio() const { return noise > 0 ? noise / signal : 0; }
  /// Infinite without noise.
  double decibels() const { return -10 * std::log10(noiseRatio()); }
  double cosine() const {
    if (signal == 0 || power == 0)
      return signal == power ? 1 : 0;
    return product / std::sqrt(signal * power);
  }
};

/// The name that an operator shares with those of its layer, whatever file the model comes from: of names that
/// TensorFlow Lite has joined by semicolons, a model file keeps the first; of several operators with one name, it calls
/// the later ones `name#2`, `name#3`, and so on.
llvm::StringRef nameOfLayer(mlir::Operation *op);

/// The last operator of each layer, by its name.
using Layers = llvm::MapVector<llvm::StringRef, mlir::Operation *>;
Layers findLayers(mlir::func::FuncOp model);

struct ComparedModels {
  mlir::OwningOpRef<mlir::ModuleOp> model, reference;
};

/// Clones of both, simplified alike if the reference is one of floats. Fails, with a diagnostic, if a model has state,
/// or if the inputs differ in number or shape.
mlir::FailureOr<ComparedModels> cloneToCompare(mlir::ModuleOp model, mlir::ModuleOp reference);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_COMPAREDMODELS_H
