// Weight files: where they may lie, and the tensors that are looked up in them.
#include "compiler/import/weights/Npz.h"
#include "compiler/import/weights/Safetensors.h"
#include "test/unit/frontend/Language.h"
#include "test/unit/weights/TestFiles.h"

using namespace mlir;
using namespace qcc;

static std::string modelOf(StringRef expression, StringRef input = "f32[1, 8, 8, 4]") {
  return ("model m(x: " + input + ") {\n  weights \"w.npz\"\n  return " + expression + "\n}\n").str();
}

TEST_CASE("missing and wrong tensors") {
  Language language;
  language.options.weights = {makeFloats("stem.weight", {6, 4, 3, 3}),
                              makeFloats("keras.weight", {3, 3, 4, 6}),
                              makeFloats("dw.weight", {8, 1, 3, 3}),
                              makeFloats("head.weight", {4, 5}),
                              makeFloats("head.bias", {7}),
                              makeArray("i.weight", 'i', 1, {6, 3, 3, 4}),
                              makeArray("d.weight", 'f', 8, {5, 4}),
                              makeFloats("n.gamma", {3})};
  auto error = [&](StringRef expression) { return language.errorFor(modelOf(expression)); };
  CHECK(error("conv2d(x, \"stam\", filters: 6, kernel: 3)") ==
        "m.qm:3:10: error: the tensor 'stam.weight' of shape [6, 3, 3, 4] is not in 'w.npz'; did you mean "
        "'stem.weight'?\n");
  CHECK(error("conv2d(x, \"stem\", filters: 6, kernel: 3)") ==
        "m.qm:3:10: error: expects the tensor 'stem.weight' of shape [6, 3, 3, 4] ([filters, height, width, channels "
        "per group]), but it is f32[6, 4, 3, 3], which would fit if it is in PyTorch's [out, in, height, width]; store "
        "it with w.permute(0, 2, 3, 1)\n");
  CHECK(error("conv2d(x, \"keras\", filters: 6, kernel: 3)") ==
        "m.qm:3:10: error: expects the tensor 'keras.weight' of shape [6, 3, 3, 4] ([filters, height, width, channels "
        "per group]), but it is f32[3, 3, 4, 6], which would fit if it is in Keras' [height, width, in, out]; store it "
        "with numpy.transpose(w, (3, 0, 1, 2))\n");
  CHECK(
      error("depthwise2d(x, \"dw\", multiplier: 2, kernel: 3)") ==
      "m.qm:3:10: error: expects the tensor 'dw.weight' of shape [1, 3, 3, 8] ([1, height, width, channels * "
      "multiplier]), but it is f32[8, 1, 3, 3], which would fit if it is in PyTorch's depthwise [channels, 1, height, "
      "width]; store it with w.permute(1, 2, 3, 0)\n");
  CHECK(error("dense(x, \"head\", units: 5)") ==
        "m.qm:3:10: error: expects the tensor 'head.weight' of shape [5, 4] ([units, features]), but it is f32[4, 5], "
        "which would fit if it is transposed, as Keras' [features, units]; store it with w.T\n");
  CHECK(error("dense(x, \"head\", units: 9)") == "m.qm:3:10: error: expects the tensor 'head.weight' of shape [9, 4] "
                                                 "([units, features]), but it is f32[4, 5]\n");
  CHECK(error("dense(x, \"d\", units: 5)") == "m.qm:3:10: error: expects codes of the format f32 in the tensor "
                                              "'d.weight', but it is f64[5, 4]\n");
  CHECK(error("conv2d(x, \"i\", out: int8(scale: 1))") ==
        "m.qm:3:10: error: conv2d: expects a result of floats for an input of floats, but got '!quant.uniform<i8:f32, "
        "1.000000e+00>'\n");
  CHECK(error("conv2d(x, \"stem\", weight: int4, filters: 6, kernel: [4, 3], padding: valid)") ==
        "m.qm:3:10: error: expects the tensor 'stem.weight' of shape [6, 4, 3, 4] ([filters, height, width, channels "
        "per group]), but it is f32[6, 4, 3, 3]\n");
  CHECK(error("batch_norm(x, \"n\")") ==
        "m.qm:3:10: error: expects the tensor 'n.gamma' of shape [4], but it is f32[3]\n");
  CHECK(error("conv2d(x, \"stem\", filters: 0)") ==
        "m.qm:3:37: error: conv2d: expects 'filters' of at least 1, but got "
        "0\n");
  CHECK(error("conv2d(x, \"stem\", groups: 3)") ==
        "m.qm:3:36: error: conv2d: expects groups that divide the input's 4 channels, but got 3\n");
  CHECK(error("conv2d(x, \"\")") == "m.qm:3:20: error: conv2d: expects a layer name that is not empty\n");
  CHECK(language.errorFor("model m(x: f32[1, 4]) { return dense(x, \"head\") }") ==
        "m.qm:1:32: error: the tensor 'head.weight' of shape [?, 4] is needed, but the model names no weights; add "
        "weights \"file.safetensors\"\n");
}

TEST_CASE("missing and wrong scales") {
  Language language;
  NamedArray nan = makeFloats("n.weight.scale", {});
  nan.bytes = {0, 0, char(0xc0), char(0x7f)};
  language.options.weights = {makeArray("a.weight", 'i', 1, {3, 4}),
                              makeArray("b.weight", 'i', 1, {3, 4}),
                              makeFloats("b.weight.scale", {4}),
                              makeArray("n.weight", 'i', 1, {3, 4}),
                              nan,
                              makeArray("c.weight", 'i', 1, {3, 4}),
                              makeFloats("c.weight.scale", {3}),
                              makeArray("c.weight.zero", 'i', 1, {2}),
                              makeFloats("f.weight", {3, 4}),
                              makeArray("w.weight", 'i', 1, {3, 4}),
                              makeFloats("w.weight.scale", {})};
  auto error = [&](StringRef arguments) {
    return language.errorFor(modelOf(("dense(x, " + arguments + ", out: i32)").str(), "int8(scale: 1)[1, 4]"));
  };
  CHECK(error("\"a\", weight: int8") == "m.qm:3:10: error: expects the scales of 'a.weight', which is i8[3, 4], in the "
                                        "tensor 'a.weight.scale', which is missing\n");
  CHECK(error("\"b\"") == "m.qm:3:10: error: expects the tensor 'b.weight.scale' to be f32[] or f32[3], but it is "
                          "f32[4]\n");
  CHECK(error("\"n\"") == "m.qm:3:10: error: the tensor 'n.weight' expects positive scales within the range of f32, "
                          "but got nan\n");
  CHECK(error("\"c\"") == "m.qm:3:10: error: expects the tensor 'c.weight.zero' to be an integer, or one for each "
                          "scale, but it is i8[2]\n");
  CHECK(error("\"f\", weight: int8") == "m.qm:3:10: error: expects codes of the format int8 in the tensor 'f.weight', "
                                        "but it is f32[3, 4]; a scheme quantizes float weights\n");
  CHECK(error("\"a\", weight: uint8(1)") == "m.qm:3:10: error: expects codes of the format uint8 in the tensor "
                                            "'a.weight', but it is i8[3, 4]\n");
  CHECK(error("\"a\", weight: int16(1)") == "m.qm:3:10: error: expects codes of the format int16 in the tensor "
                                            "'a.weight', but it is i8[3, 4]\n");
  CHECK(error("\"a\", weight: int3(1)") == "m.qm:3:10: error: expects codes of the format int3 from -4 to 3 in the "
                                           "tensor 'a.weight', but element 3 is 4\n");
  CHECK(error("\"a\", weight: int8(scale: [1, 2], axis: 0)") ==
        "m.qm:3:10: error: expects one scale for each index of axis 0 of the tensor 'a.weight', but it is i8[3, 4] and "
        "has 2 scales\n");
  CHECK(error("\"o\", filter: constant(\"w.weight.scale\"), bias: constant(\"w.weight\")") ==
        "m.qm:3:66: error: the tensor 'w.weight.scale' is used already as a constant, so not as parameter of another "
        "tensor\n");
}

TEST_CASE("weight files lie beside the model file or below") {
  TestFolder folder;
  Language language;
  std::string path = folder.path("m.qm");
  std::vector<NamedArray> arrays = {makeFloats("head.weight", {2, 4})};
  REQUIRE(succeeded(writeNpz(&language.context, folder.path("w.npz"), arrays)));
  REQUIRE(!llvm::sys::fs::create_directory(folder.path("sub")));
  REQUIRE(succeeded(writeSafetensors(&language.context, folder.path("sub/w.safetensors"), arrays)));
  auto parse = [&](StringRef file) {
    return parseModel(language.context, path,
                      ("model m(x: f32[1, 4]) { weights \"" + file + "\" return dense(x, \"head\") }").str());
  };
  CHECK(succeeded(parse("w.npz")));
  CHECK(succeeded(parse("sub/w.safetensors")));
  CHECK(language.diagnostics.take() == "");
  for (std::string file : {"../w.npz", "sub/../w.npz", "/etc/passwd", ""}) {
    CHECK(failed(parse(file)));
    CHECK(language.diagnostics.take() ==
          path + ":1:33: error: expects a file in the folder of the model file or below, but got '" + file + "'\n");
  }
  CHECK(failed(parse("none.npz")));
  CHECK(language.diagnostics.take() ==
        path + ":1:33: error: cannot read '" + folder.path("none.npz") + "': no such file or directory\n");
  CHECK(failed(parse("w.pt")));
  CHECK(StringRef(language.diagnostics.take()).contains("expects a .npz, .npy or .safetensors file, but got '"));
  CHECK(failed(parseModelFile(language.context, folder.path("none.qm"))));
  CHECK(language.diagnostics.take() ==
        "error: cannot read '" + folder.path("none.qm") + "': no such file or directory\n");
}

TEST_CASE("a tensor in two files is an error") {
  Language language;
  language.options.weights = {makeFloats("head.weight", {2, 4})};
  CHECK(language.errorFor("model m(x: f32[1, 4]) { weights \"a.npz\" weights \"b.npz\" return x }") ==
        "m.qm:1:49: error: the tensor 'head.weight' is in two weight files, the second of which is 'b.npz'\n");
}
