// One convolution by tap-wise Winograd F(4x4, 3x3), or F(4, 3) along one axis, on samples of its input, and the search
// for its shifts.
#ifndef QCC_COMPILER_ALGORITHM_TAPWISELAYER_H
#define QCC_COMPILER_ALGORITHM_TAPWISELAYER_H

#include "compiler/algorithm/ChooseAlgorithm.h"
#include "dialects/qnn/Winograd.h"

namespace qcc::algorithm {

/// The integers of a tile, 6x6, 1x6 or 6x1, for each input channel, [row][column][channel].
using CodeTile = std::vector<int32_t>;

class TapwiseLayer {
public:
  /// `op` has a constant filter, and there is at least one tile. `direct` are the same tiles in the model whose layers
  /// are all direct; its results are what those of `tiles` have to come near.
  TapwiseLayer(qnn::Conv2dOp op, llvm::ArrayRef<CodeTile> tiles, llvm::ArrayRef<CodeTile> direct,
               const TapwiseOptions &options);

  /// Chooses the shifts, and what else the fit has.
  void fit();
  /// The algorithm with these shifts and the largest fraction that is of use and whose sums fit 32 bits; none if no
  /// fraction does.
  std::optional<qnn::AlgorithmAttr> algorithm();
  /// What to add to the bias of each channel so that its results are right in the mean; empty if they have to stay as
  /// they come.
  llvm::ArrayRef<int32_t> biasCorrections() const { return corrections; }
  /// The power of the layer's results on the samples over that of what is wrong with them, in dB; infinite if nothing
  /// is.
  double signalToNoise() const;

private:
  void transformCodes(llvm::ArrayRef<CodeTile> tiles);
  void transformWeights();
  void findScales();
  void computeResults();
  /// The step of a tap's codes: 2^shift / factor.
  struct CodeStep {
    int64_t shift, factor;
    double size() const { return std::ldexp(1.0 / static_cast<double>(factor), static_cast<int>(shift)); }
  };
  CodeStep codeStep(int64_t number) const;
  int64_t codeStepCount() const;
  int64_t codeStepOf(int64_t first, int64_t last) const;
  void fitOffset(int64_t tap);
  bool isRefined() const { return options.fit == TapwiseFit::Refined; }
  bool hasOffsets() const { return isRefined() && options.points == qnn::WinogradPoints::Reciprocal; }
  int64_t weightShiftOf(int64_t firstTap, int64_t lastTap, int64_t first, int64_t last) const;
  void fitApart();
  void refine();
  bool refineCodes(int64_t tap);
  bool refineWeights(int64_t tap, int64_t first, int64_t last);
  void fitWeights();
  void fitWeightsOf(int64_t group, int64_t first, int64_t last);
  void correctBias();
  bool improve(int64_t tap, int64_t first, int64_t last);

  void quantizeCodes(int64_t tap);
  void quantizeWeights(int64_t tap, int64_t first, int64_t last);
  std::vector<float> errorsOf(int64_t tap, int64_t o) const;
  double errorWith(int64_t tap, int64_t o, llvm::ArrayRef<float> fresh) const;
  double errorWithOffset(int64_t o, float offset) const;
  double weightScale(int64_t tap, int64_t o) const;
  mlir::DenseIntElementsAttr transformedWeights() const;
  void accept(int64_t tap, int64_t o, std::vector<float> fresh, double error);
  float clamp(float result) const { return std::clamp(result, lowest, highest); }

  qnn::Conv2dOp op;
  TapwiseOptions options;
  qnn::winograd::Transforms transforms;
  int64_t taps, pixels; // of a tile
  qnn::winograd::Shifts mostShifts;
  int64_t count, inputs, channels, depth, channelsOfGroup;
  std::vector<int64_t> filters; // the filter's integers less their zero, as they lie
  int64_t largestCode;
  template <typename Number> using OfTaps = std::vector<std::vector<Number>>;
  OfTaps<int32_t> exactCodes;   // [tile][input channel]
  OfTaps<int32_t> exactWeights; // [output channel][input channel of its group], times filterScale
  OfTaps<int16_t> codes, weights;
  OfTaps<float> exactSums;                      // [output channel][tile]
  OfTaps<float> tapErrors;                      // what sums are wrong by, likewise
  std::vector<float> results, residuals;        // exact ones, and what they are wrong by: [output channel][tile][pixel]
  std::vector<double> channelErrors;            // the sums of squares, after clamping
  std::vector<int64_t> codeSteps, weightShifts; // the step's number for [tap], and [output channel][tap]
  std::vector<int64_t> codeOffsets;             // [tap]
  std::vector<int32_t> corrections;
  std::vector<float> multipliers;
  float lowest, highest;
};

} // namespace qcc::algorithm

#endif // QCC_COMPILER_ALGORITHM_TAPWISELAYER_H
