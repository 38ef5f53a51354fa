// Modules are written as model files that read back as the same modules.
#include "compiler/frontend/ModelWriter.h"
#include "compiler/import/tflite/ImportTflite.h"
#include "mlir/Parser/Parser.h"
#include "test/unit/frontend/Language.h"
#include "test/unit/weights/TestFiles.h"

using namespace mlir;
using namespace qcc;

/// What makes up a model: signature, operators in their order, constants by their types and bytes; no names of
/// constants, no locations, no order of constants.
static std::string contentOf(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  func::FuncOp function = *module.getOps<func::FuncOp>().begin();
  stream << function.getName() << ' ' << function.getFunctionType() << ' ' << function.getArgAttrsAttr() << ' '
         << function.getResAttrsAttr() << '\n';
  DenseMap<Value, std::string> names;
  for (BlockArgument argument : function.getArguments())
    names[argument] = "arg" + std::to_string(argument.getArgNumber());
  int number = 0;
  for (Operation &op : function.getBody().front()) {
    if (auto constant = llvm::dyn_cast<qnn::ConstantOp>(op)) {
      SmallVector<int64_t> codes = constant.getCodes();
      llvm::raw_string_ostream name(names[constant.getOutput()]);
      name << constant.getOutput().getType() << '#' << llvm::hash_combine_range(codes);
      continue;
    }
    stream << op.getName() << ' ' << DictionaryAttr::get(op.getContext(), op.getAttrs());
    // Defaults that are not stored are the same as those that are.
    if (auto rescale = op.getAttrOfType<qnn::RescaleAttr>("rescale"))
      stream << rescale;
    for (Value operand : op.getOperands())
      stream << ' ' << names[operand];
    for (Value result : op.getResults()) {
      names[result] = "v" + std::to_string(number++);
      stream << " -> " << result.getType();
    }
    stream << '\n';
  }
  return text;
}

static void checkRoundTrip(MLIRContext &context, ModuleOp module) {
  TestFolder folder;
  REQUIRE(succeeded(writeModel(module, folder.path("a.qm"))));
  FailureOr<ParsedModel> once = parseModelFile(context, folder.path("a.qm"));
  INFO(readBytes(folder.path("a.qm")));
  REQUIRE(succeeded(once));
  REQUIRE(succeeded(mlir::verify(*once->module)));
  CHECK(contentOf(*once->module) == contentOf(module));
  // What is written from that is the same text, but for the name of the weight file, and the same bytes.
  REQUIRE(succeeded(writeModel(*once->module, folder.path("b.qm"))));
  std::string a = readBytes(folder.path("a.qm")), b = readBytes(folder.path("b.qm"));
  if (size_t at = b.find("\"b.safetensors\""); at != std::string::npos) {
    b[at + 1] = 'a';
    CHECK(readBytes(folder.path("a.safetensors")) == readBytes(folder.path("b.safetensors")));
  }
  CHECK(a == b);
}

static OwningOpRef<ModuleOp> parseIr(MLIRContext &context, StringRef text) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  REQUIRE(module);
  return module;
}

TEST_CASE("a model in the language is written as one that reads the same") {
  Language language;
  language.options.weights = {makeFloats("stem.weight", {6, 3, 3, 4}),
                              makeFloats("stem.bias", {6}),
                              makeFloats("n.gamma", {6}),
                              makeFloats("n.beta", {6}),
                              makeFloats("n.mean", {6}),
                              makeFloats("n.variance", {6}),
                              makeFloats("d.weight", {1, 2, 3, 12}),
                              makeFloats("k", {12}),
                              makeFloats("head.weight", {5, 12})};
  ParsedModel parsed = language.parse(R"(
    model m(x "image:0": f32[1, 9, 8, 4]) -> "p{}\"": f32[1, 5], top: i32[1] {
      weights "w.npz"
      y = conv2d(x, "stem", stride: [2, 1], padding: [1, 0, 2, 0], activation: relu6) |> batch_norm("n", epsilon: 0.1)
      y = depthwise2d(y, "d", dilation: [1, 2], padding: valid) |> leaky_relu(0.3) |> relu(activation: none)
      y = relu6(y) - constant("k") * constant("k") + 0.1
      a, b, c = split(y, axis: 3, sizes: [4, 6, 2])
      only = split(a, axis: 0, parts: 1)
      y = concat([b, only[0], c], axis: -1) |> max_pool([2, 1], stride: 1, padding: same) |> avg_pool(2, padding: valid)
      y = pad(y, [0, 1, 0, 0], [0, 0, 2, 0], value: -inf) |> slice([0, 1, 0, 0], stride: [1, 2, 1, 1])
      y = resize_nearest(y, [3, 5], align_corners: true) |> transpose([0, 2, 1, 3]) |> relu_n1_to_1
      y = mean(y, [1, 2]) |> dense("head") |> sigmoid |> tanh |> softmax(beta: 0.7)
      z = matmul(reshape(y, [1, 5]), reshape(y, [5, 1])) + log_softmax(y)
      return y, argmax(z)
    })");
  checkRoundTrip(language.context, *parsed.module);
}

TEST_CASE("quantized operators and every format keep their bits") {
  Language language;
  (void)language.parse("model m(x: f32[4]) { return x }"); // Loads the dialects.
  OwningOpRef<ModuleOp> module = parseIr(language.context, R"(
    !in = tensor<1x4x4x3x!quant.uniform<i8:f32, 0.1:-128>>
    !out = tensor<1x4x4x2x!quant.uniform<i8:f32, 3.0000000000000003e-1:5>>
    func.func @quantized(%x: !in {qnn.name = "x"}, %m: tensor<1x2x3x!quant.uniform<u8:f32, 0.25:7>> {qnn.name = "relu"})
        -> (!out {qnn.name = "output"}, tensor<1x2x2x!quant.uniform<i16:f32, 0.5>> {qnn.name = "o1"},
            tensor<1x4x4x2x!qnn.binary<alpha = [0.3]>> {qnn.name = "o2"}) {
      %signs = qnn.constant dense<[1, -1]> : tensor<2xi8> : tensor<8x!qnn.ternary<axis = 0, alpha = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]>>
      %reals = qnn.dequantize %signs : (tensor<8x!qnn.ternary<axis = 0, alpha = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]>>) -> tensor<8xf32>
      %steps = qnn.constant dense<[[-0.5, 0.0, 0.1]]> : tensor<1x3xf32> : tensor<1x3xf32>
      %code = qnn.threshold %reals, %steps : (tensor<8xf32>, tensor<1x3xf32>) -> tensor<8x!quant.uniform<u2:f32, 0.5>>
      %w = qnn.constant dense<[[[[1, -127, 3]]], [[[4, 5, 127]]]]> : tensor<2x1x1x3xi8>
           : tensor<2x1x1x3x!quant.uniform<i8<-127:127>:f32:0, {1.0e-1, 2.0e-1:3}>>
      %b = qnn.constant dense<[1, -2147483648]> : tensor<2xi32> : tensor<2xi32>
      %0 = qnn.conv2d %x, %w bias %b {activation = #qnn.activation<relu>,
           rescale = #qnn.rescale<rounding = single, product = f32, overflow = wrap>}
           : (!in, tensor<2x1x1x3x!quant.uniform<i8<-127:127>:f32:0, {1.0e-1, 2.0e-1:3}>>, tensor<2xi32>) -> !out
      %w4 = qnn.constant dense<[33, 20, 3]> : tensor<3xi8> : tensor<2x1x1x3x!qnn.grouped<bits = 4, group = 2>>
      %s4 = qnn.constant dense<[[[[0.5, 0.1]]], [[[3.0, 4.0]]]]> : tensor<2x1x1x2xf32> : tensor<2x1x1x2xf32>
      %1 = qnn.conv2d %x, %w4 scales %s4
           : (!in, tensor<2x1x1x3x!qnn.grouped<bits = 4, group = 2>>, tensor<2x1x1x2xf32>) -> !out
      %wb = qnn.constant dense<37> : tensor<1xi8> : tensor<2x1x1x3x!qnn.binary<axis = 0, alpha = [0.1, 0.7]>>
      %2 = qnn.conv2d %x, %wb : (!in, tensor<2x1x1x3x!qnn.binary<axis = 0, alpha = [0.1, 0.7]>>) -> !out
      %wc = qnn.constant dense<[33, 5]> : tensor<2xi8> : tensor<2x1x1x3x!qnn.codebook<table = [-60, -17, 0, 22], axis = 0, alpha = [0.1, 0.7]>>
      %book = qnn.conv2d %x, %wc
            : (!in, tensor<2x1x1x3x!qnn.codebook<table = [-60, -17, 0, 22], axis = 0, alpha = [0.1, 0.7]>>) -> !out
      %twice = qnn.add %book, %book : (!out, !out) -> !out
      %wp = qnn.constant dense<5> : tensor<1x1x1x6xi8> : tensor<1x1x1x6xi8>
      %3 = qnn.depthwise_conv2d %x, %wp : (!in, tensor<1x1x1x6xi8>) -> tensor<1x4x4x6xi32>
      %4 = qnn.add %0, %1 : (!out, !out) -> !out
      %5 = qnn.sub %4, %2 : (!out, !out) -> !out
      %6 = qnn.dequantize %5 : (!out) -> tensor<1x4x4x2xf32>
      %7 = qnn.quantize %6 : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2x!qnn.binary<alpha = [0.3]>>
      %8 = qnn.add %3, %3 : (tensor<1x4x4x6xi32>, tensor<1x4x4x6xi32>) -> tensor<1x4x4x6xi32>
      %9 = qnn.matmul %m, %m {transpose_rhs} : (tensor<1x2x3x!quant.uniform<u8:f32, 0.25:7>>,
           tensor<1x2x3x!quant.uniform<u8:f32, 0.25:7>>) -> tensor<1x2x2x!quant.uniform<i16:f32, 0.5>>
      %10 = qnn.quantize %6 : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2x!quant.uniform<i5:f32:3, {1.0e-1, 2.0e-1:3}>>
      %w5 = qnn.constant dense<[-12, 15, 3]> : tensor<3xi8> : tensor<4x!quant.uniform<u6:f32:0, {0.1, 0.2:3, 1.0, 1.0e-9}>>
      %11 = qnn.softmax %0 : (!out) -> tensor<1x4x4x2x!quant.uniform<i8:f32, 0.00390625:-128>>
      %12 = qnn.requantize %11 {rescale = #qnn.rescale<rounding = single>}
            : (tensor<1x4x4x2x!quant.uniform<i8:f32, 0.00390625:-128>>) -> !out
      %13 = qnn.mean %12 {axes = array<i64: 1>, keep_dims} : (!out) -> tensor<1x1x4x2x!quant.uniform<i8:f32, 0.5:1>>
      return %5, %9, %7 : !out, tensor<1x2x2x!quant.uniform<i16:f32, 0.5>>, tensor<1x4x4x2x!qnn.binary<alpha = [0.3]>>
    })");
  checkRoundTrip(language.context, *module);
}

/// A model whose one constant, of 3 elements of the packed `bytes`, has the format `element`.
static std::string constantModel(StringRef element, StringRef storage, StringRef bytes) {
  std::string type = ("tensor<3x" + element + ">").str();
  return llvm::formatv(R"(
    func.func @m(%x: tensor<1xf32> {{qnn.name = "x"}) -> (tensor<1xf32> {{qnn.name = "y"}) {{
      %c = qnn.constant dense<{2}> : {1} : {0}
      %d = qnn.relu %x : (tensor<1xf32>) -> tensor<1xf32>
      return %d : tensor<1xf32>
    })",
                       type, storage, bytes);
}

TEST_CASE("constants of all widths keep their codes") {
  Language language;
  (void)language.parse("model m(x: f32[4]) { return x }");
  for (auto [element, storage, bytes] :
       {std::tuple("!quant.uniform<i2:f32, 0.5>", "tensor<1xi8>", "[27]"),
        std::tuple("!quant.uniform<i3:f32, 0.5:-2>", "tensor<2xi8>", "[-89, 1]"),
        std::tuple("!quant.uniform<u7<3:100>:f32, 0.5:1>", "tensor<3xi8>", "[-123, 3, 1]"),
        std::tuple("!quant.uniform<i8:f32, 1.0e-3>", "tensor<3xi8>", "[-128, 0, 127]"),
        std::tuple("!quant.uniform<si8:f32, 0.5>", "tensor<3xi8>", "[-128, 0, 127]"),
        std::tuple("!quant.uniform<u12:f32:0, {0.5, 0.1:4000, 0.3}>", "tensor<5xi8>", "[-1, 127, 1, 2, 3]"),
        std::tuple("!quant.uniform<u16:f32, 0.5:9>", "tensor<3xi16>", "[-1, 0, 5]"),
        std::tuple("!quant.uniform<i24:f32, 0.5>", "tensor<9xi8>", "[1, 2, -128, 4, 5, 6, -1, -1, 127]"),
        std::tuple("!quant.uniform<i32:f32, 0.5:7>", "tensor<3xi32>", "[-2147483648, 0, 2147483647]"),
        std::tuple("!quant.uniform<u32:f32, 0.5>", "tensor<3xi32>", "[-1, 0, 5]"),
        std::tuple("!qnn.binary<alpha = [0.1]>", "tensor<1xi8>", "[5]"),
        std::tuple("!qnn.grouped<bits = 5, group = 2>", "tensor<2xi8>", "[33, 20]"),
        std::tuple("!qnn.grouped<bits = 1, group = 2>", "tensor<1xi8>", "[5]"),
        std::tuple("i8", "tensor<3xi8>", "[-128, 0, 127]"), std::tuple("ui8", "tensor<3xi8>", "[-1, 0, 127]"),
        std::tuple("ui32", "tensor<3xi32>", "[-1, 0, 5]"), std::tuple("i64", "tensor<3xi64>", "[-1, 0, 5]"),
        std::tuple("ui64", "tensor<3xi64>", "[-1, 0, 5]")}) {
    INFO(element);
    checkRoundTrip(language.context, *parseIr(language.context, constantModel(element, storage, bytes)));
  }
}

TEST_CASE("names that the language could not take are changed") {
  Language language;
  (void)language.parse("model m(x: f32[4]) { return x }");
  OwningOpRef<ModuleOp> module = parseIr(language.context, R"(
    func.func @dim(%x: tensor<4xf32> {qnn.name = "for"}, %y: tensor<4xf32> {qnn.name = "a b"},
                   %z: tensor<4xf32>) -> (tensor<4xf32> {qnn.name = "\22{x}\0A"}) {
      %0 = qnn.relu %x : (tensor<4xf32>) -> tensor<4xf32> loc("same;rest")
      %1 = qnn.relu %0 : (tensor<4xf32>) -> tensor<4xf32> loc("same")
      %2 = qnn.add %1, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("{brace}\22")
      return %2 : tensor<4xf32>
    })");
  TestFolder folder;
  REQUIRE(succeeded(writeModel(*module, folder.path("a.qm"))));
  CHECK(readBytes(folder.path("a.qm")) ==
        R"(model "dim"(for_1 "for": f32[4], a_b "a b": f32[4], input2: f32[4]) -> "\"\{x\}\n": f32[4] {
  relu_1 = relu(for_1, activation: none, name: "same")
  relu_2 = relu(relu_1, activation: none, name: "same#2")
  add_1 = add(relu_2, a_b, name: "\{brace\}\"")
  return add_1
}
)");
  CHECK(folder.list() == std::vector<std::string>{"a.qm"});
}

TEST_CASE("what cannot be written is an error, and leaves no file") {
  Language language;
  (void)language.parse("model m(x: f32[4]) { return x }");
  TestFolder folder;
  auto error = [&](StringRef text) {
    OwningOpRef<ModuleOp> module = parseIr(language.context, text);
    CHECK(failed(writeModel(*module, folder.path("a.qm"))));
    CHECK(folder.list().empty());
    std::string message = language.diagnostics.take();
    return StringRef(message).drop_front(message.find("error: ") + 7).rtrim().str();
  };
  CHECK(error("module {}") == "expects a module with one function of one block, but it has 0 functions");
  CHECK(error("func.func @f(%x: tensor<4xi3>) -> tensor<4xi3> { return %x : tensor<4xi3> }") ==
        "the model language cannot say the type 'tensor<4xi3>'");
  for (StringRef element : {"si8", "i3", "ui1", "!quant.uniform<i8:f64, 5.000000e-01>", "i1"}) {
    StringRef storage = element.contains('8') ? "tensor<3xi8>" : element == "i3" ? "tensor<2xi8>" : "tensor<1xi8>";
    CHECK(error(constantModel(element, storage, "1")) ==
          ("the model language cannot say the format '" + element + "'").str());
  }
  CHECK(error("func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {\n"
              "%0 = qnn.tanh %x {more = 1} : (tensor<4xf32>) -> tensor<4xf32>\n return %0 : tensor<4xf32> }") ==
        "the model language cannot say the attribute 'more'");
}

TEST_CASE("real models read back as they were imported") {
  Language language;
  (void)language.parse("model m(x: f32[4]) { return x }");
  std::string root = llvm::sys::path::parent_path(QCC_ROOT).str() + "/shared/models";
  int found = 0;
  for (StringRef name : {"mlperf_tiny/ad01_int8", "mlperf_tiny/kws_ref_model", "mlperf_tiny/kws_ref_model_float32",
                         "mlperf_tiny/pretrainedResnet_quant", "mlperf_tiny/str_ww_ref_model",
                         "mlperf_tiny/vww_96_int8", "tflm/person_detect", "tflm/micro_speech_quantized",
                         "tflm/hello_world_int8", "tinyengine/ptq_mnist_lenet-300-100"}) {
    std::string path = root + "/" + name.str() + ".tflite";
    if (!llvm::sys::fs::exists(path))
      continue;
    ++found;
    INFO(path);
    for (RoundingProfile profile : {RoundingProfile::Tflm, RoundingProfile::Litert}) {
      OwningOpRef<ModuleOp> module = importTflite(language.context, path, {profile});
      REQUIRE(module);
      checkRoundTrip(language.context, *module);
    }
  }
  if (!found)
    WARN("skipped: no models in ../shared/models");
}
