// What precisions of a model's layers do to its outputs, and what they cost.
#ifndef QCC_COMPILER_DRIVER_PRECISIONSEARCH_H
#define QCC_COMPILER_DRIVER_PRECISIONSEARCH_H

#include "compiler/driver/Driver.h"
#include "compiler/driver/SearchJournal.h"
#include "compiler/pipeline/ApplyScheme.h"
#include "compiler/quantize/Knapsack.h"
#include "compiler/quantize/QuantizeModel.h"

#include "llvm/Support/FileUtilities.h"

namespace qcc::driver {

struct SearchSettings {
  /// As in `--precision`, without a name: `w4a8`, `w4`.
  std::vector<std::string> candidates;
  CompileOptions compile;
  std::string journal; ///< a path, or empty
  int64_t jobs = 1;    ///< processes
  /// Of the measurements, every `parts`-th, from number `part` on.
  int64_t part = 0, parts = 1;
};

/// A convolution or dense layer, by its name, which may be several operators'.
struct SearchLayer {
  std::string name;
  quantize::LayerPrecision base = {};
  bool isDense = false;                               ///< and may have outliers
  bool isFixed = false;                               ///< by a rule
  std::vector<quantize::LayerPrecision> choices = {}; ///< of layers that are not fixed, by candidate
  int64_t results = 0;                                ///< elements of the largest
};

/// `w4a8`; ternary weights are `wt`; with outliers `w4a8(outliers: 6)`.
std::string showPrecision(const quantize::LayerPrecision &precision);

/// Measures a float model, quantized on samples with one or several layers' precisions other than the options say:
/// how far its outputs are from the float model's on these samples, and what the compiled model takes.
class PrecisionSearch {
public:
  /// Runs the float model, and calibrates it if that has not been done. All arguments outlive the search. Fails, with a
  /// diagnostic, if there is nothing to choose.
  static mlir::FailureOr<std::unique_ptr<PrecisionSearch>> create(Session &session, mlir::ModuleOp floatModel,
                                                                  const quantize::QuantizeOptions &options,
                                                                  SampleSource &samples, Calibration &calibration,
                                                                  const SearchSettings &settings);

  llvm::ArrayRef<SearchLayer> getLayers() const { return layers; }
  /// The numbers of the layers that are not fixed.
  llvm::ArrayRef<size_t> getItems() const { return items; }
  /// Softmax or its logarithm ends the model, so its outputs are a distribution.
  bool isClassifier() const { return endsInSoftmax; }

  /// The model as it is.
  mlir::FailureOr<Measurement> measureBase() { return measure(Changes()); }
  /// Measures, in `jobs` processes, the model as it is and with each choice for each layer, as far as that is in the
  /// part and not in the journal.
  mlir::LogicalResult measureAll();
  /// The model as it is, after either; and with one other choice, after `measureAll`.
  const Measurement &getBase() const { return *journal->find(""); }
  const Measurement &get(size_t item, size_t choice) const;
  /// What a choice adds to the bytes of the layer's results.
  int64_t addedResultBytes(size_t item, size_t choice) const;
  /// The choices of all items, with what each alone adds to the loss and to the costs; budgets of 0.
  quantize::Knapsack makeKnapsack(Loss loss, llvm::ArrayRef<Resource> resources) const;
  /// The model with a choice for each item.
  mlir::FailureOr<Measurement> measure(llvm::ArrayRef<unsigned> choices) { return measure(changesFor(choices)); }
  /// What the options' rules are to be followed by for these choices.
  std::vector<quantize::PrecisionRule> rulesFor(llvm::ArrayRef<unsigned> choices) const;

private:
  /// A layer with another precision than it has by the options.
  struct Change {
    size_t layer;
    quantize::LayerPrecision precision;
  };
  using Changes = std::vector<Change>;

  PrecisionSearch(Session &session, mlir::ModuleOp floatModel, const quantize::QuantizeOptions &options,
                  SampleSource &samples, Calibration &calibration, const SearchSettings &settings)
      : session(session), floatModel(floatModel), options(options), samples(samples), calibration(calibration),
        settings(settings) {}
  mlir::LogicalResult findLayers();
  mlir::LogicalResult fixLayers(mlir::func::FuncOp model);
  mlir::LogicalResult runFloatModel();
  mlir::LogicalResult openJournal();
  mlir::FailureOr<Measurement> measure(const Changes &changes);
  Changes changesFor(llvm::ArrayRef<unsigned> choices) const;
  std::string nameOf(const Changes &changes) const;
  std::vector<quantize::PrecisionRule> rulesFor(const Changes &changes) const;
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> quantized(const Changes &changes);
  mlir::FailureOr<Measurement> measureNow(const Changes &changes);
  mlir::LogicalResult measureLoss(mlir::func::FuncOp model, Measurement &measurement);

  Session &session;
  mlir::ModuleOp floatModel;
  const quantize::QuantizeOptions &options;
  SampleSource &samples;
  Calibration &calibration;
  const SearchSettings &settings;
  std::vector<SearchLayer> layers;
  std::vector<size_t> items;
  bool endsInSoftmax = false;
  std::vector<std::vector<double>> reference; // of each sample, the outputs
  llvm::FileRemover temporary;                ///< a journal that is not kept
  std::optional<SearchJournal> journal;
};

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_PRECISIONSEARCH_H
