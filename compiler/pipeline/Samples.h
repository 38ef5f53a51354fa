// Between the arrays of a file and the packed tensors of a model.
//
// An array holds all samples of one port: a leading sample axis, then the model's shape without its batch of 1 (a
// larger batch stays), with the codes in the narrowest of int8, uint8, int16, uint16, int32, int64 that the format
// fits.
#ifndef QCC_COMPILER_PIPELINE_SAMPLES_H
#define QCC_COMPILER_PIPELINE_SAMPLES_H

#include "compiler/import/weights/Arrays.h"
#include "compiler/pipeline/Model.h"
#include "compiler/support/SampleSource.h"

namespace qcc {

/// One tensor per port, for each sample.
using Samples = std::vector<std::vector<HostTensor>>;

/// The shape of one sample in an array: the tensor's without a leading batch of 1.
llvm::ArrayRef<int64_t> sampleShape(mlir::RankedTensorType type);

/// One array per port.
std::vector<NamedArray> arraysFromSamples(llvm::ArrayRef<ModelPort> ports, const Samples &samples);

/// How arrays of data stand for the inputs of a model, where they are not its codes.
struct DataOptions {
  /// The array with the samples; if empty, the first that fits the model and is not `labels`.
  std::string input, labels;
  /// A stored number times this is the real value.
  double scale = 1;
};

/// The array that holds samples for a port, one per index of its first axis; dimensions of 1 do not count.
mlir::FailureOr<const NamedArray *> findData(mlir::Location loc, llvm::ArrayRef<NamedArray> arrays,
                                             const ModelPort &port, const DataOptions &options);

/// The real values of such an array in the port's format.
Samples samplesFromData(const NamedArray &array, const ModelPort &port, double scale);

/// The labels of `count` samples: an array of this name, with one integer from 0 to `classes` - 1 for each.
mlir::FailureOr<std::vector<int64_t>> readLabels(mlir::Location loc, llvm::ArrayRef<NamedArray> arrays,
                                                 llvm::StringRef name, int64_t count, int64_t classes);

/// The samples of a file's arrays, each read when it is wanted.
class SampleReader : public SampleSource {
public:
  /// Arrays that are named as `ports`, or `input0`, `input1`, ... A missing or surplus array, another shape or element
  /// type and a different number of samples are errors at `loc`; so are, of a sample that is read, codes out of range.
  static mlir::FailureOr<SampleReader> create(mlir::Location loc, llvm::ArrayRef<ModelPort> ports,
                                              std::vector<ArrayReader> arrays);
  /// The array that `findData` finds, as `samplesFromData` reads it.
  static mlir::FailureOr<SampleReader> createForData(mlir::Location loc, const ModelPort &port,
                                                     std::vector<ArrayReader> arrays, const DataOptions &options);

  /// From now on, a sample of floats with one that is not finite is an error.
  void requireFinite() { isFinite = true; }
  int64_t size() const override { return count; }
  mlir::FailureOr<std::vector<HostTensor>> get(int64_t index) override;

private:
  /// A port and its array.
  struct Input {
    ModelPort port;
    ArrayReader array;
  };
  SampleReader(mlir::Location loc, int64_t count) : loc(loc), count(count) {}
  mlir::FailureOr<HostTensor> read(const Input &input, int64_t index) const;

  mlir::Location loc;
  int64_t count;
  std::vector<Input> inputs;
  std::optional<double> scale; ///< of data
  bool isFinite = false;
};

/// The first `count` samples, or all if there are fewer.
mlir::FailureOr<Samples> readFirst(SampleSource &source, int64_t count);
mlir::FailureOr<Samples> readAll(SampleSource &source);

/// The same real numbers in the ports' formats.
Samples convertSamples(const Samples &samples, llvm::ArrayRef<ModelPort> ports);

/// Samples of another source, converted so.
class ConvertedSamples : public SampleSource {
public:
  /// The source outlives it.
  ConvertedSamples(SampleSource &source, std::vector<ModelPort> ports) : source(source), ports(std::move(ports)) {}
  int64_t size() const override { return source.size(); }
  mlir::FailureOr<std::vector<HostTensor>> get(int64_t index) override;

private:
  SampleSource &source;
  std::vector<ModelPort> ports;
};

/// An error at `loc` with a note that lists the arrays.
mlir::InFlightDiagnostic errorWithArrays(mlir::Location loc, llvm::ArrayRef<NamedArray> arrays,
                                         const llvm::Twine &text);

/// Inputs to try a model with: the smallest codes, the largest, zeros, then codes that are equally likely over the
/// whole range. Floats lie between -1 and 1. Equal seeds give equal samples.
Samples makeRandomSamples(llvm::ArrayRef<ModelPort> ports, int64_t count, uint64_t seed);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_SAMPLES_H
