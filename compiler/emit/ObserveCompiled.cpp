#include "compiler/emit/ObserveCompiled.h"

#include "compiler/emit/Binary.h"
#include "compiler/pipeline/Model.h"
#include "compiler/verify/HostModel.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;

namespace {
class CompiledModel : public quantize::ObservableModel {
public:
  /// Compiles and links; the diagnostics of what cannot be compiled are the compiler's.
  LogicalResult prepare(func::FuncOp model, ArrayRef<Value> values) {
    for (Value value : values)
      if (auto argument = llvm::dyn_cast<BlockArgument>(value))
        arguments.push_back(argument);
      else
        results.push_back(value);
    OwningOpRef<ModuleOp> module = returnResults(model);
    FailureOr<CompileResult> result = compileModel(*module, options, Emit::Object);
    if (failed(result))
      return failure();
    compiled = std::move(*result);
    binary = makeBinary(compiled, options);
    host.emplace(model.getLoc(), binary);
    return host->link();
  }

  LogicalResult run(ArrayRef<HostTensor> inputs, quantize::ValueObserver observe) override {
    for (BlockArgument argument : arguments)
      observe(argument, interpret::Tensor(inputs[argument.getArgNumber()]));
    RunStatistics unused;
    FailureOr<std::vector<HostTensor>> outputs = host->run(inputs, sample++, unused);
    if (failed(outputs))
      return failure();
    for (auto [value, output] : llvm::zip_equal(results, ArrayRef(*outputs).take_back(results.size())))
      observe(value, interpret::Tensor(output));
    return success();
  }

private:
  /// A module of a clone of the model that returns `results` after its own.
  OwningOpRef<ModuleOp> returnResults(func::FuncOp model) {
    OwningOpRef<ModuleOp> module = ModuleOp::create(model.getLoc());
    IRMapping mapping;
    auto clone = llvm::cast<func::FuncOp>(model->clone(mapping));
    module->push_back(clone);
    Operation *terminator = clone.getBody().front().getTerminator();
    SmallVector<Value> returned(terminator->getOperands());
    for (Value result : results)
      returned.push_back(mapping.lookup(result));
    terminator->setOperands(returned);
    clone.setType(FunctionType::get(model.getContext(), clone.getArgumentTypes(), TypeRange(ValueRange(returned))));
    clone.removeResAttrsAttr();
    return module;
  }

  SmallVector<BlockArgument> arguments;
  SmallVector<Value> results;
  const CompileOptions options;
  CompileResult compiled;
  ModelBinary binary;
  std::optional<HostModel> host;
  int64_t sample = 0;
};
} // namespace

FailureOr<std::unique_ptr<quantize::ObservableModel>> qcc::prepareCompiled(func::FuncOp model, ArrayRef<Value> values) {
  std::string problem;
  {
    ScopedDiagnosticHandler handler(model.getContext(), [&](Diagnostic &diagnostic) {
      if (problem.empty() && diagnostic.getSeverity() == DiagnosticSeverity::Error)
        problem = diagnostic.str();
    });
    auto compiled = std::make_unique<CompiledModel>();
    if (succeeded(compiled->prepare(model, values)))
      return std::unique_ptr<quantize::ObservableModel>(std::move(compiled));
  }
  model.emitWarning() << "is run by the interpreter, which is slow, because it cannot be compiled: " << problem;
  return quantize::prepareInterpreted(model, values);
}
