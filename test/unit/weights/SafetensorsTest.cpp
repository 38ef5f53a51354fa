// safetensors files: what is read, and what is refused.
#include "compiler/import/weights/Safetensors.h"
#include "test/unit/DiagnosticText.h"
#include "test/unit/weights/TestFiles.h"

using namespace mlir;
using namespace qcc;

namespace {
struct Reader {
  FailureOr<std::vector<NamedArray>> operator()(StringRef header, StringRef data) {
    return parseSafetensors(&context, "t", little(header.size(), 8) + header.str() + data.str());
  }
  std::string errorFor(StringRef header, StringRef data) {
    CHECK(failed((*this)(header, data)));
    return diagnostics.take();
  }
  MLIRContext context{MLIRContext::Threading::DISABLED};
  DiagnosticText diagnostics{&context};
};

std::string entry(StringRef type, StringRef shape, StringRef offsets) {
  return ("{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}").str();
}
} // namespace

TEST_CASE("safetensors files give back what was written, byte for byte the same each time") {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  TestFolder folder;
  std::vector<NamedArray> arrays = someArrays();
  REQUIRE(succeeded(writeSafetensors(&context, folder.path("a.safetensors"), arrays)));
  REQUIRE(succeeded(writeSafetensors(&context, folder.path("b.safetensors"), arrays)));
  CHECK(readBytes(folder.path("a.safetensors")) == readBytes(folder.path("b.safetensors")));
  CHECK(folder.list() == std::vector<std::string>{"a.safetensors", "b.safetensors"});
  auto read = readSafetensors(&context, folder.path("a.safetensors"));
  REQUIRE(succeeded(read));
  auto byName = [](const NamedArray &a, const NamedArray &b) { return a.name < b.name; };
  llvm::sort(arrays, byName);
  llvm::sort(*read, byName);
  CHECK(*read == arrays);
}

TEST_CASE("safetensors: names are escaped, 16-bit floats widened, metadata ignored") {
  Reader reader;
  auto arrays = reader("{\"__metadata__\":{\"format\":\"pt\"},\"a\\\"b\":" + entry("BF16", "[1]", "[2,4]") +
                           ",\"h\":" + entry("F16", "[1]", "[0,2]") + "}  ",
                       little(0x3c00, 2) + little(0x4000, 2));
  REQUIRE(succeeded(arrays));
  REQUIRE(arrays->size() == 2);
  CHECK((*arrays)[0].name == "h");
  CHECK((*arrays)[0].getFloat(0) == 1.0);
  CHECK((*arrays)[1].name == "a\"b");
  CHECK((*arrays)[1].getFloat(0) == 2.0);
  CHECK((*arrays)[1].describe() == "f32[1]");
}

TEST_CASE("safetensors: floats of 2 bytes are written as bfloat16, and read as f32") {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  TestFolder folder;
  REQUIRE(succeeded(writeSafetensors(&context, folder.path("a.safetensors"),
                                     NamedArray{"a", 'f', 2, {2}, {'\x80', '\x3f', '\x20', '\xc0'}})));
  CHECK(readBytes(folder.path("a.safetensors")).find("BF16") != std::string::npos);
  auto read = readSafetensors(&context, folder.path("a.safetensors"));
  REQUIRE(succeeded(read));
  CHECK(read->front().isFloat32());
  CHECK(read->front().getFloat(0) == 1);
  CHECK(read->front().getFloat(1) == -2.5);
}

TEST_CASE("safetensors: what is refused") {
  Reader reader;
  CHECK(failed(parseSafetensors(&reader.context, "t", "abc")));
  CHECK(reader.diagnostics.take() == "t: error: is not a safetensors file: has only 3 bytes\n");
  CHECK(failed(parseSafetensors(&reader.context, "t", little(9, 8) + "{}")));
  CHECK(reader.diagnostics.take() == "t: error: is not a safetensors file, or is truncated: the header should have 9 "
                                     "bytes, but 2 follow\n");
  CHECK(StringRef(reader.errorFor("{", "")).starts_with("t: error: has a header that is not valid JSON: "));
  CHECK(reader.errorFor("[]", "") == "t: error: expects an object as header\n");
  CHECK(reader.errorFor(std::string(100000, '['), "") ==
        "t: error: has a header nested deeper than 8 levels at byte 16\n");
  std::string one = entry("I8", "[2]", "[0,2]");
  CHECK(reader.errorFor("{\"a\":" + one + ",\"\\u0061\":" + one + "}", "aa") ==
        "t: error: has two tensors named 'a'\n");
  CHECK(reader.errorFor("{\"a\":" + one + ",\"b\":" + one + "}", "aa") ==
        "t: error: tensor 'b': expects its data from byte 2, where the tensor before it ends, but they begin at 0\n");
  CHECK(reader.errorFor("{\"a\":" + entry("I8", "[2]", "[1,3]") + "}", "aaa") ==
        "t: error: tensor 'a': expects its data from byte 0, where the tensor before it ends, but they begin at 1\n");
  CHECK(reader.errorFor("{\"a\":" + one + "}", "aaa") == "t: error: has 3 bytes of data, but its tensors cover 2\n");
  CHECK(reader.errorFor("{\"a\":" + one + "}", "a") ==
        "t: error: tensor 'a': expects data_offsets within the file's 1 bytes of data, but got 0 to 2\n");
  CHECK(reader.errorFor("{\"a\":" + entry("I8", "[2]", "[2,0]") + "}", "aa") ==
        "t: error: tensor 'a': expects data_offsets within the file's 2 bytes of data, but got 2 to 0\n");
  CHECK(reader.errorFor("{\"a\":" + entry("I16", "[2]", "[0,2]") + "}", "aa") ==
        "t: error: tensor 'a': has 2 bytes of data, which do not fit I16[2]\n");
  CHECK(reader.errorFor("{\"a\":" + entry("I8", "[4294967296,4294967296,4294967296]", "[0,0]") + "}", "") ==
        "t: error: tensor 'a': has 0 bytes of data, which do not fit I8[4294967296, 4294967296, 4294967296]\n");
  CHECK(reader.errorFor("{\"a\":" + entry("F8_E4M3", "[2]", "[0,2]") + "}", "aa") ==
        "t: error: tensor 'a': has the dtype 'F8_E4M3', which is not supported; expects F64, F32, F16, BF16, I8 to "
        "I64, U8 to U64 or BOOL\n");
  for (const char *shape : {"[-1]", "[1.5]", "2", "[\"2\"]", "[18446744073709551615]"})
    CHECK(reader.errorFor("{\"a\":" + entry("I8", shape, "[0,2]") + "}", "aa") ==
          "t: error: tensor 'a': expects a shape of at most 64 integers of at least 0\n");
  for (const char *offsets : {"[0]", "[0,1,2]", "[-1,1]", "0"})
    CHECK(reader.errorFor("{\"a\":" + entry("I8", "[2]", offsets) + "}", "aa") ==
          "t: error: tensor 'a': expects data_offsets of two integers of at least 0\n");
  for (const char *value : {"1", "{}", "{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2],\"more\":1}"})
    CHECK(reader.errorFor("{\"a\":" + std::string(value) + "}", "aa") ==
          "t: error: tensor 'a': expects exactly the keys dtype, shape and data_offsets\n");
}

TEST_CASE("safetensors: what cannot be written is refused before anything is") {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  DiagnosticText diagnostics(&context);
  TestFolder folder;
  std::string path = folder.path("a.safetensors");
  std::vector<NamedArray> twice(2, someArrays().front());
  CHECK(failed(writeSafetensors(&context, path, twice)));
  CHECK(diagnostics.take() == path + ": error: cannot hold two arrays named 'a0.weight'\n");
  twice.resize(1);
  twice.front().name = "__metadata__";
  CHECK(failed(writeSafetensors(&context, path, twice)));
  CHECK(diagnostics.take() == path + ": error: cannot hold an array named '__metadata__'\n");
  CHECK(folder.list().empty());
}
