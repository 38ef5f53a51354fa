#include "compiler/verify/Compare.h"

#include "dialects/qnn/QnnOps.h"
#include "llvm/Support/FormatVariadic.h"

#include <limits>

using namespace mlir;
using namespace qcc;

using Samples = ArrayRef<std::vector<HostTensor>>;

/// The largest difference that floats of an output may have.
static double floatBound(Samples expected, size_t output, double ulps, bool roundsToBfloat) {
  double largest = std::numeric_limits<float>::min();
  for (const std::vector<HostTensor> &sample : expected)
    for (int64_t code : sample[output].codes())
      if (double value = std::abs(sample[output].format().decode(code)); std::isfinite(value))
        largest = std::max(largest, value);
  double bound = std::ldexp(largest, -23) * ulps;
  return roundsToBfloat ? std::max(bound, std::ldexp(largest, -7)) : bound;
}

bool qcc::roundsToBfloat(func::FuncOp model) {
  llvm::DenseSet<Value> sums; // and all that is computed from them
  bool rounds = false;
  for (Operation &op : model.getBody().getOps()) {
    bool isExact =
        llvm::isa<qnn::ConstantOp, qnn::QuantizeOp, qnn::DequantizeOp, qnn::ReshapeOp, qnn::TransposeOp, qnn::PadOp,
                  qnn::SliceOp, qnn::GatherOp, qnn::ConcatOp, qnn::SplitOp, qnn::MaxPool2dOp>(op);
    if (isExact && llvm::none_of(op.getOperands(), [&](Value operand) { return sums.contains(operand); }))
      continue;
    sums.insert_range(op.getResults());
    rounds |= llvm::any_of(op.getResultTypes(), [](Type type) { return getElementTypeOrSelf(type).isBF16(); });
  }
  return rounds;
}

static std::string show(qnn::NumberFormat format, int64_t code) {
  return format.isFloat() ? llvm::formatv("{0:e9}", format.decode(code)).str() : std::to_string(code);
}

/// The first element that differs, and its codes.
static std::optional<Difference> compareTensors(const HostTensor &expected, const HostTensor &got, double bound) {
  if (expected.bytes == got.bytes)
    return std::nullopt;
  qnn::NumberFormat format = expected.format();
  std::vector<int64_t> wanted = expected.codes(), codes = got.codes();
  for (size_t index = 0; index < wanted.size(); ++index) {
    bool same = wanted[index] == codes[index];
    if (format.isFloat()) {
      double a = format.decode(wanted[index]), b = format.decode(codes[index]);
      same = a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= bound;
    }
    if (!same)
      return Difference{0, 0, static_cast<int64_t>(index), show(format, wanted[index]), show(format, codes[index])};
  }
  return std::nullopt;
}

Comparison qcc::compareOutputs(Samples expected, Samples got, double ulps, bool roundsToBfloat) {
  Comparison result;
  SmallVector<double> bounds;
  for (size_t output = 0; !expected.empty() && output < expected.front().size(); ++output)
    bounds.push_back(expected.front()[output].format().isFloat() ? floatBound(expected, output, ulps, roundsToBfloat)
                                                                 : 0);
  for (size_t sample = 0; sample < expected.size(); ++sample) {
    std::optional<Difference> difference;
    for (size_t output = 0; output < bounds.size() && !difference; ++output)
      if ((difference = compareTensors(expected[sample][output], got[sample][output], bounds[output])))
        difference->output = output;
    if (!difference) {
      ++result.identical;
    } else if (!result.first) {
      result.first = std::move(difference);
      result.first->sample = sample;
    }
  }
  return result;
}
