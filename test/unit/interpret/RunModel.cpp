#include "RunModel.h"

#include "mlir/Parser/Parser.h"

#include <cstring>

using namespace mlir;
using namespace qcc;

Session::Session() {
  DialectRegistry registry;
  qnn::registerDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) { errors += diagnostic.str() + "\n"; });
}

func::FuncOp Session::parse(StringRef function) {
  module = parseSourceString<ModuleOp>(function, &context);
  INFO(function.str() << "\n" << errors);
  REQUIRE(module);
  return *module->getOps<func::FuncOp>().begin();
}

std::string Session::takeErrors() { return std::exchange(errors, {}); }

HostTensor makeTensor(Type type, const Numbers &numbers) {
  auto tensorType = llvm::cast<RankedTensorType>(type);
  REQUIRE(static_cast<int64_t>(numbers.size()) == tensorType.getNumElements());
  std::vector<int64_t> codes;
  for (double number : numbers)
    codes.push_back(qnn::getFormat(type).isFloat() ? llvm::bit_cast<uint32_t>(static_cast<float>(number))
                                                   : static_cast<int64_t>(number));
  return HostTensor(tensorType, codes);
}

Numbers numbersOf(const HostTensor &tensor) {
  Numbers numbers;
  for (int64_t code : tensor.codes())
    numbers.push_back(tensor.format().isFloat() ? llvm::bit_cast<float>(static_cast<uint32_t>(code)) : double(code));
  return numbers;
}

std::vector<Numbers> runModel(StringRef function, const std::vector<Numbers> &inputs) {
  Session session;
  func::FuncOp model = session.parse(function);
  FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
  INFO(session.errors);
  REQUIRE(succeeded(interpreter));
  std::vector<HostTensor> tensors;
  REQUIRE(inputs.size() == model.getNumArguments());
  for (auto [type, numbers] : llvm::zip(model.getArgumentTypes(), inputs))
    tensors.push_back(makeTensor(type, numbers));
  FailureOr<std::vector<HostTensor>> outputs = interpreter->run(tensors);
  REQUIRE(succeeded(outputs));
  std::vector<Numbers> results;
  for (const HostTensor &output : *outputs)
    results.push_back(numbersOf(output));
  return results;
}

Numbers runOp(StringRef name, StringRef attributes, const std::vector<std::string> &types, StringRef result,
              const std::vector<Numbers> &inputs, StringRef operands) {
  std::string arguments, list, signature;
  for (auto [i, type] : llvm::enumerate(types)) {
    std::string separator = i ? ", " : "", argument = "%a" + std::to_string(i);
    arguments += separator + argument + ": " + type;
    list += separator + argument;
    signature += separator + type;
  }
  if (!operands.empty())
    list = operands.str();
  std::string text = "func.func @f(" + arguments + ") -> " + result.str() + " {\n  %r = " + name.str() + " " + list +
                     " " + attributes.str() + " : (" + signature + ") -> " + result.str() +
                     "\n  return %r : " + result.str() + "\n}";
  return runModel(text, inputs).front();
}
