#include "RunModel.h"

#include <thread>

using namespace mlir;
using namespace qcc;
using interpret::Interpreter;

static const char *const chain = R"(func.func @f(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %c = qnn.constant dense<[1.0, -8.0]> : tensor<2xf32> : tensor<2xf32>
  %y = qnn.add %x, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %z = qnn.relu %y : (tensor<2xf32>) -> tensor<2xf32>
  return %z, %c, %x : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
})";

TEST_CASE("results may be operators, constants and arguments") {
  CHECK(runModel(chain, {{3, 4}}) == std::vector<Numbers>{{4, 0}, {1, -8}, {3, 4}});
}

TEST_CASE("the observer sees arguments and results in order") {
  Session session;
  func::FuncOp model = session.parse(chain);
  FailureOr<Interpreter> interpreter = Interpreter::create(model);
  REQUIRE(succeeded(interpreter));
  std::string seen;
  auto observe = [&](Operation *op, unsigned index, const interpret::Tensor &tensor) {
    seen += (op->getName().getStringRef() + " " + Twine(index) + " " + Twine(int(tensor.floats[1])) + ";").str();
  };
  REQUIRE(succeeded(interpreter->run(makeTensor(model.getArgumentTypes()[0], {3, 4}), observe)));
  CHECK(seen == "func.func 0 4;qnn.add 0 -4;qnn.relu 0 0;");
}

TEST_CASE("inputs are checked") {
  Session session;
  func::FuncOp model = session.parse(chain);
  FailureOr<Interpreter> interpreter = Interpreter::create(model);
  REQUIRE(succeeded(interpreter));
  CHECK(failed(interpreter->run({})));
  CHECK(session.takeErrors() == "expects 1 inputs, but got 0\n");
  CHECK(failed(interpreter->run(makeTensor(RankedTensorType::get({1}, Float32Type::get(&session.context)), {1}))));
  CHECK(session.takeErrors() == "expects input 0 to be of type 'tensor<2xf32>', but got 'tensor<1xf32>'\n");
  HostTensor tooShort = makeTensor(model.getArgumentTypes()[0], {1, 2});
  tooShort.bytes.pop_back();
  CHECK(failed(interpreter->run(tooShort)));
  CHECK(session.takeErrors() == "expects 8 bytes for input 0, but got 7\n");
}

TEST_CASE("only operators of qnn are interpreted") {
  Session session;
  func::FuncOp model = session.parse(R"(func.func private @g(tensor<2xf32>) -> tensor<2xf32>
    func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
      %y = func.call @g(%x) : (tensor<2xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    })");
  CHECK(failed(Interpreter::create(model)));
  CHECK(session.takeErrors() == "expects a model of one block, but it has 0\n");
  CHECK(failed(Interpreter::create(*std::next(session.module->getOps<func::FuncOp>().begin()))));
  CHECK(session.takeErrors() == "cannot interpret 'func.call'; expects operators of the qnn dialect\n");
}

TEST_CASE("several threads may run one interpreter") {
  Session session;
  func::FuncOp model = session.parse(chain);
  FailureOr<Interpreter> interpreter = Interpreter::create(model);
  REQUIRE(succeeded(interpreter));
  std::vector<Numbers> results(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    HostTensor input = makeTensor(model.getArgumentTypes()[0], {double(t), 10});
    threads.emplace_back([&, t, input] {
      for (int repeat = 0; repeat < 100; ++repeat)
        if (auto outputs = interpreter->run(input); succeeded(outputs))
          results[t] = numbersOf((*outputs)[0]);
    });
  }
  for (std::thread &thread : threads)
    thread.join();
  for (int t = 0; t < 4; ++t)
    CHECK(results[t] == Numbers{t + 1.0, 2});
}

TEST_CASE("state goes from one step to the next") {
  Session session;
  func::FuncOp model = session.parse(R"(func.func @f(%x: tensor<2xf32>, %sum: tensor<2xf32> {qnn.state = 10.0 : f64},
                                                     %old: tensor<2xf32> {qnn.state = -1.0 : f64})
      -> (tensor<2xf32>, tensor<2xf32> {qnn.state}, tensor<2xf32> {qnn.state}) {
    %y = qnn.add %x, %sum : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    return %old, %y, %sum : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  })");
  FailureOr<Interpreter> interpreter = Interpreter::create(model);
  REQUIRE(succeeded(interpreter));
  std::vector<HostTensor> state = interpreter->initialState();
  std::vector<Numbers> outputs;
  for (double x : {1, 2, 4}) {
    auto results = interpreter->step(makeTensor(model.getArgumentTypes()[0], {x, 10 * x}), state);
    REQUIRE(succeeded(results));
    REQUIRE(results->size() == 1);
    outputs.push_back(numbersOf(results->front()));
  }
  CHECK(outputs == std::vector<Numbers>{{-1, -1}, {10, 10}, {11, 20}});
  REQUIRE(state.size() == 2);
  CHECK(numbersOf(state[0]) == Numbers{17, 80});
  CHECK(numbersOf(state[1]) == Numbers{13, 40});
}
