// Samples of a model's inputs, one at a time.
#ifndef QCC_COMPILER_SUPPORT_SAMPLESOURCE_H
#define QCC_COMPILER_SUPPORT_SAMPLESOURCE_H

#include "compiler/support/HostTensor.h"

namespace qcc {

class SampleSource {
public:
  virtual ~SampleSource() = default;
  virtual int64_t size() const = 0;
  /// One tensor per input; `index` is below `size()`. Fails with a diagnostic. Fastest in ascending order.
  virtual mlir::FailureOr<std::vector<HostTensor>> get(int64_t index) = 0;
};

/// Those of a list, which outlives it.
class SampleList : public SampleSource {
public:
  explicit SampleList(llvm::ArrayRef<std::vector<HostTensor>> samples) : samples(samples) {}
  int64_t size() const override { return static_cast<int64_t>(samples.size()); }
  mlir::FailureOr<std::vector<HostTensor>> get(int64_t index) override { return samples[index]; }

private:
  llvm::ArrayRef<std::vector<HostTensor>> samples;
};

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_SAMPLESOURCE_H
