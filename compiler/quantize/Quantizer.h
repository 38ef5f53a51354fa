// How the parameters of a format are chosen: plug-ins behind one interface.
//
// A quantizer knows neither operators nor kernels. To add one, write its class in a file of its own and list
// it in Quantizer.cpp. Most choose a range and leave the rest to RangeQuantizer.h.
#ifndef QCC_COMPILER_QUANTIZE_QUANTIZER_H
#define QCC_COMPILER_QUANTIZE_QUANTIZER_H

#include "compiler/quantize/Precision.h"
#include "compiler/quantize/Statistics.h"
#include "mlir/IR/Types.h"

namespace qcc::quantize {

/// What a format must be like.
struct FormatRequest {
  mlir::MLIRContext *context;
  Precision precision;
  /// Zero point 0 and as many positive as negative codes, as weights have them.
  bool symmetric = false;
  /// The scale is a power of two.
  bool powerOfTwoScale = false;
};

struct FittedFormat {
  /// An element type per tensor that represents 0 exactly (`!qnn.binary` does not).
  mlir::Type type;
  /// The mean of the squared rounding and clipping errors of the values that it was fitted to.
  double squaredError;
};

class Quantizer {
public:
  virtual ~Quantizer() = default;
  /// The name by which a user chooses it.
  virtual llvm::StringRef getName() const = 0;
  /// How it chooses the range of affine formats, in a few words.
  virtual llvm::StringRef getDescription() const = 0;
  /// The format for values like those in `statistics`, which has at least one finite value.
  virtual FittedFormat fit(const Statistics &statistics, const FormatRequest &request) const = 0;
  /// True if weights of that precision have one format for a whole filter, whether or not channels may have their own.
  virtual bool sharesFormat(const Precision &weights) const { return false; }
  /// The numbers whose nearest codes a filter has: the filter's, unless networks are trained with others.
  virtual std::vector<float> toRound(std::vector<float> filter, const Precision &weights) const { return filter; }
};

/// The quantizer of that name, or null.
const Quantizer *findQuantizer(llvm::StringRef name);
/// All quantizers, the default first.
llvm::ArrayRef<const Quantizer *> getQuantizers();
/// Their names, for messages: `min_max, percentile`.
std::string listQuantizers();

/// The lowest and the highest code of an affine format with the given bits: `-2^(bits-1)` and `2^(bits-1) - 1`, one
/// less on the negative side if `symmetric`, or 0 and `2^bits - 1` if unsigned.
std::pair<int64_t, int64_t> affineCodes(const FormatRequest &request);

/// An affine format of these codes. The scale is rounded to f32 and kept within its normal numbers.
mlir::Type makeAffineFormat(const FormatRequest &request, double scale, int64_t zeroPoint);

/// The mean of the squared differences between values and what their codes stand for.
double meanSquaredError(llvm::ArrayRef<WeightedValue> values, mlir::Type format);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_QUANTIZER_H
