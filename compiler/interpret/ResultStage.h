// From a 32-bit accumulator to the code of a result.
#ifndef QCC_COMPILER_INTERPRET_RESULTSTAGE_H
#define QCC_COMPILER_INTERPRET_RESULTSTAGE_H

#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/Rescale.h"

namespace qcc::interpret {

/// The last step of every operator with an integer result: change of scale, zero point, clamp.
class ResultStage {
public:
  /// `multipliers[c]` is the accumulator's scale divided by the result's, for channel `c` of the accumulator;
  /// zero point and scale of the result are those of its `outputChannel`.
  ResultStage(qnn::NumberFormat output, qnn::Activation activation, qnn::RescaleAttr rescale,
              llvm::ArrayRef<double> multipliers, int64_t outputChannel = 0);

  /// Makes the stage that of a mean: all multipliers are divided by the number of elements.
  void divideBy(int64_t count);

  /// The code for an accumulator.
  int64_t operator()(int32_t accumulator, int64_t channel = 0) const;
  /// The code for a number in units of the output's scale divided by 256.
  int64_t fromUnits256(int32_t units) const;

private:
  int64_t fromUnits(int32_t units) const;
  /// Of the activation's clamp of a real number.
  int64_t nearest(double real) const;

  qnn::NumberFormat output;
  int64_t outputChannel;
  bool affine;
  qnn::Overflow overflow;
  qnn::Rounding rounding;
  double scale;
  int64_t zero, lowest, highest;
  std::pair<double, double> bounds;
  std::vector<double> multipliers;
  std::vector<qnn::Multiplier> fixedPoint;
};

/// The code of an integer format after an activation's clamp.
int64_t clampCode(int64_t code, qnn::NumberFormat format, qnn::Activation activation);
/// The number after an activation's clamp; NaN stays.
float clampFloat(float value, qnn::Activation activation);

} // namespace qcc::interpret

#endif // QCC_COMPILER_INTERPRET_RESULTSTAGE_H
