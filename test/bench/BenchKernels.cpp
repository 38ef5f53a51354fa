// Single contractions, as small models in kernels/, compiled for this machine: against oneDNN and the measured peaks.
#include "compiler/emit/Binary.h"
#include "compiler/pipeline/LoadModel.h"
#include "compiler/pipeline/Samples.h"
#include "compiler/support/Diagnostics.h"
#include "compiler/verify/HostModel.h"
#include "compiler/verify/Peaks.h"
#include "dialects/qnn/QnnOps.h"
#include "test/bench/OneDnn.h"

#include "llvm/Support/FileSystem.h"

#include <benchmark/benchmark.h>

using namespace mlir;
using namespace qcc;
using namespace qcc::bench;

namespace {

DialectRegistry makeRegistry() {
  DialectRegistry registry;
  qnn::registerDialects(registry);
  return registry;
}

ArrayRef<int64_t> shapeOf(Value value) { return llvm::cast<RankedTensorType>(value.getType()).getShape(); }

/// The model's one contraction.
std::optional<Contraction> findContraction(func::FuncOp model) {
  std::optional<Contraction> found;
  auto elementOf = [](qnn::NumberFormat format) {
    return format.isFloat()        ? (format.getBits() == 16 ? Element::Bfloat16 : Element::Float32)
           : format.getBits() == 1 ? Element::Bits
                                   : Element::Int8;
  };
  auto weightBits = [](Value weights) { return qnn::getFormat(weights.getType()).getBits(); };
  model.walk([&](qnn::Conv2dOp op) {
    ArrayRef<int64_t> output = shapeOf(op.getOutput()), filter = shapeOf(op.getFilter());
    found = Contraction{output[0],
                        output[1],
                        output[2],
                        filter[3],
                        filter[0],
                        filter[1],
                        filter[2],
                        op.getPads()[0],
                        elementOf(qnn::getFormat(op.getInput().getType())),
                        weightBits(op.getFilter())};
  });
  model.walk([&](qnn::DenseOp op) {
    ArrayRef<int64_t> filter = shapeOf(op.getFilter());
    int64_t rows = llvm::cast<RankedTensorType>(op.getOutput().getType()).getNumElements() / filter[0];
    found = Contraction{rows,
                        1,
                        1,
                        filter[1],
                        filter[0],
                        1,
                        1,
                        0,
                        elementOf(qnn::getFormat(op.getInput().getType())),
                        weightBits(op.getFilter())};
  });
  return found;
}

/// A model in this process, with its inputs in place.
class Kernel {
public:
  static std::unique_ptr<Kernel> load(MLIRContext &context, StringRef path);
  int call() { return host->call(); }
  const std::string &name() const { return result.report.name; }

  Contraction contraction;

private:
  CompileResult result;
  ModelBinary binary;
  std::unique_ptr<HostModel> host;
};

std::unique_ptr<Kernel> Kernel::load(MLIRContext &context, StringRef path) {
  FailureOr<LoadedModel> loaded = loadModel(context, path, LoadOptions());
  if (failed(loaded))
    return nullptr;
  func::FuncOp model = *findModel(*loaded->module);
  std::optional<Contraction> contraction = findContraction(model);
  if (!contraction) {
    emitError(model.getLoc()) << "has no contraction";
    return nullptr;
  }
  // The fourth sample is the first random one.
  Samples samples = makeRandomSamples(modelInputs(model), 4, 1);
  CompileOptions options;
  FailureOr<CompileResult> compiled = compileModel(*loaded->module, options, Emit::Object);
  if (failed(compiled))
    return nullptr;
  auto kernel = std::make_unique<Kernel>();
  kernel->contraction = *contraction;
  kernel->result = std::move(*compiled);
  kernel->binary = makeBinary(kernel->result, options);
  kernel->host = std::make_unique<HostModel>(UnknownLoc::get(&context), kernel->binary);
  RunStatistics statistics;
  if (failed(kernel->host->link()) || failed(kernel->host->run(samples.back(), 0, statistics)))
    return nullptr;
  return kernel;
}

/// Adds a benchmark of one contraction. Of its counters, `GMAC/s` and `peak` are for people: the share of the peak, or,
/// where each weight is used once, of the speed at which the weights can be read.
void addBenchmark(const std::string &name, const Contraction &contraction, std::optional<Peak> peak,
                  std::function<void()> run) {
  double work = peak && peak->kind == Peak::Kind::Memory ? contraction.weightBytes() : contraction.macs();
  double macs = contraction.macs(), share = peak ? work / peak->perSecond : 0;
  auto body = [=](benchmark::State &state) {
    for (auto _ : state)
      run();
    state.counters["GMAC/s"] = benchmark::Counter(macs / 1e9, benchmark::Counter::kIsIterationInvariantRate);
    if (share > 0)
      state.counters["peak"] = benchmark::Counter(share, benchmark::Counter::kIsIterationInvariantRate);
  };
  auto least = [](const std::vector<double> &values) { return *std::min_element(values.begin(), values.end()); };
  auto most = [](const std::vector<double> &values) { return *std::max_element(values.begin(), values.end()); };
  benchmark::RegisterBenchmark(name.c_str(), body)
      ->Unit(benchmark::kMicrosecond)
      ->MinTime(0.02)
      ->Repetitions(15)
      ->ReportAggregatesOnly()
      ->ComputeStatistics("min", least)
      ->ComputeStatistics("max", most);
}

/// The files of the kernels, sorted.
std::vector<std::string> listModels() {
  std::vector<std::string> models;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(QCC_BENCH_KERNELS, error), end; entry != end && !error;
       entry.increment(error))
    if (StringRef(entry->path()).ends_with(".qm"))
      models.push_back(entry->path());
  llvm::sort(models);
  return models;
}

Peak::Kind peakOf(Element element) {
  switch (element) {
  case Element::Int8:
    return Peak::Kind::Int8;
  case Element::Bits:
    return Peak::Kind::Bits;
  case Element::Float32:
    return Peak::Kind::Float32;
  case Element::Bfloat16:
    return Peak::Kind::Bfloat16;
  }
  llvm_unreachable("no other elements");
}

/// What limits a contraction: multiplying, or reading weights that are used only once. Nothing if it is not known.
FailureOr<std::optional<Peak>> findLimit(Location loc, const Contraction &contraction, ArrayRef<Peak> peaks) {
  auto copy = [](const Peak *peak) { return peak ? std::optional(*peak) : std::nullopt; };
  if (contraction.batch * contraction.height * contraction.width > 1)
    return copy(findPeak(peaks, peakOf(contraction.element)));
  FailureOr<std::vector<Peak>> reading = measurePeaks(loc, "host", contraction.weightBytes());
  if (failed(reading))
    return failure();
  return copy(findPeak(*reading, Peak::Kind::Memory));
}

/// Adds both benchmarks of a model; the kernel is kept in `kernels`.
LogicalResult addModel(MLIRContext &context, StringRef path, ArrayRef<Peak> peaks,
                       std::vector<std::unique_ptr<Kernel>> &kernels) {
  std::unique_ptr<Kernel> &kernel = kernels.emplace_back(Kernel::load(context, path));
  if (!kernel)
    return failure();
  FailureOr<std::optional<Peak>> limit = findLimit(UnknownLoc::get(&context), kernel->contraction, peaks);
  if (failed(limit))
    return failure();
  addBenchmark("qcc/" + kernel->name(), kernel->contraction, *limit, [kernel = kernel.get()] { kernel->call(); });
#ifdef QCC_BENCH_HAS_ONEDNN
  if (kernel->contraction.element != Element::Bits)
    addBenchmark("oneDNN/" + kernel->name(), kernel->contraction, *limit, makeOneDnn(kernel->contraction));
#endif
  return success();
}

/// The measured peaks, among the facts that the report begins with.
void addContext(ArrayRef<Peak> peaks) {
  for (const Peak &peak : peaks)
    benchmark::AddCustomContext(
        llvm::formatv("peak {0} {1}", kindName(peak.kind), peak.instructions),
        llvm::formatv("{0:f1} {1}", peak.perSecond / 1e9, peak.kind == Peak::Kind::Memory ? "GB/s" : "GMAC/s"));
}

} // namespace

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  MLIRContext context(makeRegistry());
  DiagnosticPrinter printer(&context);
  FailureOr<std::vector<Peak>> peaks = measurePeaks(UnknownLoc::get(&context), "host");
  if (failed(peaks))
    return 1;
  addContext(*peaks);
  std::vector<std::unique_ptr<Kernel>> kernels;
  for (const std::string &path : listModels())
    if (failed(addModel(context, path, *peaks, kernels)))
      return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
