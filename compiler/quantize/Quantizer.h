// How the parameters of a format are chosen: plug-ins behind one interface.
//
// A quantizer knows neither operators nor kernels. To add one, write its class in a file of its own and list
// it in Quantizer.cpp.
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
};

struct FittedFormat {
  /// An element type per tensor that represents 0 exactly (`!qnn.binary` does not).
  mlir::Type type;
  /// The expected mean of the squared rounding and clipping errors.
  double squaredError;
};

class Quantizer {
public:
  virtual ~Quantizer() = default;
  /// The name by which a user chooses it.
  virtual llvm::StringRef getName() const = 0;
  /// How many values of a tensor it wants to see, at most, for a format of that kind; 0 if ranges and means are enough.
  virtual int64_t getSampleLimit(Precision) const { return 0; }
  /// The format for values like those in `statistics`, which has at least one finite value, and as many samples.
  virtual FittedFormat fit(const Statistics &statistics, const FormatRequest &request) const = 0;
};

/// The quantizer of that name, or null.
const Quantizer *findQuantizer(llvm::StringRef name);
/// All quantizers, the default first.
llvm::ArrayRef<const Quantizer *> getQuantizers();

/// The whole range of the values: the plainest quantizer, `min_max`.
const Quantizer &getMinMaxQuantizer();

/// Activations in [0, 1], whatever their values are, as networks have them that were trained with DoReFa-Net's
/// quantizer (Zhou et al. 2016): `dorefa`. All else as `min_max`.
const Quantizer &getDoReFaQuantizer();

/// An affine format of signed codes with the given bits whose codes are `-2^(bits-1)` to `2^(bits-1) - 1`, or one
/// less on the negative side if `symmetric`. The scale is rounded to f32 and kept within its normal numbers.
mlir::Type makeAffineFormat(const FormatRequest &request, double scale, int64_t zeroPoint);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_QUANTIZER_H
