// Values inside a model: those of compiled code are the interpreter's.
#include "compiler/emit/ObserveCompiled.h"
#include "test/unit/emit/TestModels.h"

using namespace mlir;
using namespace qcc;

namespace {
struct Loaded {
  explicit Loaded(StringRef path) {
    DialectRegistry registry;
    qnn::registerDialects(registry);
    qk::registerDialect(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    auto loaded = loadModel(context, path, {});
    REQUIRE(succeeded(loaded));
    module = std::move(loaded->module);
    model = *findModel(*module);
    values.append(model.getArguments().begin(), model.getArguments().end());
    for (Operation &op : model.getBody().getOps())
      if (!op.hasTrait<OpTrait::ConstantLike>())
        llvm::append_range(values, op.getResults());
  }

  /// What is shown of some samples, in order.
  std::vector<std::pair<Value, interpret::Tensor>> observe(const quantize::PrepareModel &prepare) {
    auto observable = prepare(model, values);
    REQUIRE(succeeded(observable));
    std::vector<std::pair<Value, interpret::Tensor>> shown;
    for (const std::vector<HostTensor> &sample : makeRandomSamples(modelInputs(model), 6, 1))
      REQUIRE(succeeded((*observable)->run(sample, [&](Value value, const interpret::Tensor &tensor) {
        shown.push_back({value, tensor});
      })));
    return shown;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  func::FuncOp model;
  SmallVector<Value> values;
};
} // namespace

TEST_CASE("compiled code shows the values of the interpreter") {
  for (StringRef path :
       {"test/unit/emit/convolutions.mlir", "test/unit/emit/rows.mlir", "test/unit/emit/floats.mlir"}) {
    INFO(path.str());
    Loaded loaded(test::inTree(path));
    auto expected = loaded.observe(quantize::prepareInterpreted), got = loaded.observe(prepareCompiled);
    REQUIRE(expected.size() == 6 * loaded.values.size());
    REQUIRE(got.size() == expected.size());
    for (auto [e, g] : llvm::zip_equal(expected, got)) {
      REQUIRE(e.first == g.first);
      CHECK(e.second.codes == g.second.codes);
      REQUIRE(e.second.floats.size() == g.second.floats.size());
      for (auto [x, y] : llvm::zip_equal(e.second.floats, g.second.floats))
        CHECK(y == Approx(x).epsilon(1e-5).margin(1e-5));
    }
  }
}

TEST_CASE("only the chosen values are shown") {
  Loaded loaded(test::inTree("test/unit/emit/floats.mlir"));
  loaded.values = {loaded.values.back(), loaded.values.front()};
  for (const quantize::PrepareModel &prepare :
       {quantize::PrepareModel(quantize::prepareInterpreted), quantize::PrepareModel(prepareCompiled)}) {
    auto shown = loaded.observe(prepare);
    REQUIRE(shown.size() == 12);
    CHECK(shown[0].first == loaded.values.back());
    CHECK(shown[1].first == loaded.values.front());
  }
}
