// Which number formats the layers of a model are to have.
#ifndef QCC_COMPILER_QUANTIZE_PRECISION_H
#define QCC_COMPILER_QUANTIZE_PRECISION_H

#include "mlir/IR/Location.h"
#include "mlir/IR/Operation.h"

#include <optional>
#include <string>
#include <vector>

namespace qcc::quantize {

/// The bits of codes that count thresholds (`qnn.threshold`).
inline constexpr unsigned mostThresholdBits = 4;

/// What the magnitudes of binary activations are: 1; their mean on the samples; or, for each position of a
/// contraction's result, the mean magnitude of what its window reads (XNOR-Net, Rastegari et al. 2016, section 3.2).
enum class InputScale { Scalar, None, Map };

/// A format without its parameters: affine integers of 2 to 8 bits, one bit for +alpha and -alpha, a learned basis of 1
/// to 8 bits, for activations integers from 0 of 1 to 8 bits, or, for weights, two bits for -alpha, 0 and +alpha, or 2
/// to 8 bits for the numbers of a code book. Activations of 32 bits are f32, and floats of 16 bits bf16.
struct Precision {
  static Precision bfloat() {
    Precision precision{16};
    precision.isBfloat = true;
    return precision;
  }
  unsigned bits = 8;
  bool isTernary = false;
  /// Of weights of convolutions and dense layers: so many neighbouring input channels of an output share a scale
  /// (`!qnn.grouped`); 0 if all do. Depthwise layers have one scale per channel in any case.
  int64_t group = 0;
  /// With a group: weights are sums of `bits` signed magnitudes (BinaryCoding.h), not integers of `bits` bits. A group
  /// longer than a row is the row.
  bool isBinaryCoded = false;
  /// Of weights: codes of a table of integers, which k-means chooses (Codebook.h).
  bool isCodebook = false;
  /// Of weights of dense layers: the columns of the input whose magnitude reaches this on the samples are multiplied in
  /// f32 (OutlierColumns.h).
  std::optional<double> outliers = std::nullopt;
  /// Of activations: codes are integers from 0, and 0 is the least number that they stand for.
  bool isUnsigned = false;
  /// A basis that is learned (LearnedBasis.h): of weights with both signs, of activations, with at most 4 bits, from 0.
  bool isBasis = false;
  /// Of activations from 0 of at most 4 bits: the file of the thresholds at which their codes begin
  /// (GivenThresholds.h), or empty for those of the nearest number.
  std::string thresholds = "";
  /// Of binary activations.
  InputScale inputScale = InputScale::Scalar;
  /// Of activations: the quantizer that chooses their range, or empty for the model's.
  std::string clip = "";
  /// Numbers are rounded to bf16, and no samples are asked for that.
  bool isBfloat = false;
  bool isFloat() const { return bits == 32; }
  bool isBinary() const { return bits == 1 && !isBinaryCoded && !isUnsigned && !isBasis; }
  /// Whether 0 is one of the weights, whatever they are.
  bool hasZero() const { return bits > 1 && !isBinaryCoded && !isCodebook && !isBasis; }
  bool canHaveThresholds() const { return isUnsigned && bits <= mostThresholdBits; }
  /// Of activations: codes that integers are not rescaled to; they are found from numbers in f32.
  bool isFromFloats() const { return isBasis || !thresholds.empty() || inputScale == InputScale::Map; }
  bool operator==(const Precision &) const = default;
};

/// Precisions of the layers whose whole name matches a POSIX extended regular expression. What is not set
/// stays as it is.
struct PrecisionRule {
  std::string pattern;
  std::optional<Precision> weights, activations;
  mlir::Location location;
};

/// `none`, `scalar` or `map`.
std::optional<InputScale> parseInputScale(llvm::StringRef text);

/// The group of weights that share a scale with all others of their row.
inline constexpr int64_t wholeRow = INT64_MAX;

/// Reads `regex=w4a8`, `regex=w2`, `regex=a4`, `regex=wt`, `regex=w4g32a8`; 1 bit is binary, `t` ternary, `g` the
/// weights that share a scale, `wb3g128` three signed magnitudes for each 128 weights, `wb3` for a row, `wc4` a code
/// book of 16 numbers, `a32` activations of f32, `au2` ones of two bits from 0, `wl2` and `al2` a learned basis of two
/// bits, `regex=bf16` weights and activations of bf16, and `wbf16` and `abf16` either. What has weights may end in
/// `(outliers: 6.0)`, what has activations from 0 in `(thresholds: FILE)`, and what has binary ones in `(input_scale:
/// none)`, `scalar` or `map`. Errors are reported at `location`.
mlir::FailureOr<PrecisionRule> parsePrecisionRule(llvm::StringRef text, mlir::Location location);

/// The name of the layer that an operator belongs to (the name in its location), or an empty string.
llvm::StringRef getLayerName(mlir::Operation *op);

/// Calls `visit` for the operators of a region whose layer's whole name matches a POSIX extended regular expression.
/// Errors at `location`: it is none, or matches no layer.
mlir::LogicalResult forEachLayer(llvm::StringRef pattern, mlir::Location location, mlir::Region &body,
                                 llvm::function_ref<void(mlir::Operation *)> visit);

struct LayerPrecision {
  Precision weights, activations;
  bool isBfloat() const { return weights.isBfloat && activations.isBfloat; }
};

/// The precision of each operator of a function: the defaults, changed by the rules in their order. Fails,
/// with a diagnostic, if a pattern is not a regular expression or matches no layer.
mlir::FailureOr<llvm::DenseMap<mlir::Operation *, LayerPrecision>>
assignPrecisions(mlir::Region &body, LayerPrecision defaults, llvm::ArrayRef<PrecisionRule> rules);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_PRECISION_H
