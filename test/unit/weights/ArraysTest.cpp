// Named arrays and the files around them.
#include "compiler/import/weights/Npz.h"
#include "compiler/support/Files.h"
#include "test/unit/DiagnosticText.h"
#include "test/unit/weights/TestFiles.h"

using namespace mlir;
using namespace qcc;

TEST_CASE("byte sizes are checked for overflow") {
  CHECK(checkedByteSize({}, 4) == 4);
  CHECK(checkedByteSize({2, 3}, 4) == 24);
  CHECK(checkedByteSize({0}, 8) == 0);
  CHECK(checkedByteSize({-1}, 1) == std::nullopt);
  CHECK(checkedByteSize({INT64_MAX, 2}, 1) == std::nullopt);
  CHECK(checkedByteSize({INT64_MAX}, 2) == std::nullopt);
  CHECK(checkedByteSize({INT64_MAX, 0, 2}, 1) == std::nullopt);
}

TEST_CASE("elements are read by kind and width") {
  NamedArray bytes{"a", 'i', 1, {2}, {char(0xff), 5}};
  CHECK(bytes.getInteger(0) == -1);
  CHECK(bytes.getInteger(1) == 5);
  bytes.kind = 'u';
  CHECK(bytes.getInteger(0) == 255);
  NamedArray shorts{"a", 'i', 2, {1}, {char(0x00), char(0x80)}};
  CHECK(shorts.getInteger(0) == -32768);
  NamedArray floats{"a", 'f', 4, {1}, {0, 0, char(0xc0), char(0x3f)}};
  CHECK(floats.getFloat(0) == 1.5);
  CHECK(floats.describe() == "f32[1]");
  NamedArray doubles{"a", 'f', 8, {}, {0, 0, 0, 0, 0, 0, char(0xf8), char(0x3f)}};
  CHECK(doubles.getFloat(0) == 1.5);
  CHECK(doubles.describe() == "f64[]");
  CHECK(NamedArray{"a", 'b', 1, {2, 3}, {}}.describe() == "bool[2, 3]");
}

TEST_CASE("half and bfloat16 widen exactly") {
  auto widened = [](uint16_t code, bool isBfloat16) {
    NamedArray array{"a", 'f', 2, {1}, {char(code), char(code >> 8)}};
    widenToFloat32(array, isBfloat16);
    return array.getFloat(0);
  };
  CHECK(widened(0x3c00, false) == 1.0);
  CHECK(widened(0x0001, false) == 0x1p-24);
  CHECK(widened(0xfbff, false) == -65504.0);
  CHECK(widened(0x7c00, false) == HUGE_VAL);
  CHECK(std::isnan(widened(0x7e00, false)));
  CHECK(widened(0x3f80, true) == 1.0);
  CHECK(widened(0xc2ff, true) == -127.5);
}

TEST_CASE("a file that cannot be read or written says why, and leaves nothing behind") {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  DiagnosticText diagnostics(&context);
  TestFolder folder;
  Location loc = UnknownLoc::get(&context);
  CHECK(failed(readArrays(loc, folder.path("none.npz"))));
  CHECK(diagnostics.take() == "error: cannot read '" + folder.path("none.npz") + "': no such file or directory\n");
  CHECK(failed(readFile(loc, folder.path(""))));
  CHECK(diagnostics.take() == "error: cannot read '" + folder.path("") + "': not a regular file\n");
  CHECK(failed(readArrays(loc, "model.pt")));
  CHECK(diagnostics.take() == "error: expects a .npz, .npy or .safetensors file, but got 'model.pt'\n");
  CHECK(failed(writeNpz(&context, folder.path("no/such.npz"), someArrays())));
  CHECK(diagnostics.take() == "error: cannot write '" + folder.path("no/such.npz") + "': no such file or directory\n");
  CHECK(failed(writeNpz(&context, folder.path(""), someArrays())));
  CHECK(diagnostics.take() == "error: cannot write '" + folder.path("") + "': is a directory\n");
  CHECK(failed(writeNpz(&context, "/dev/full", someArrays())));
  CHECK(diagnostics.take() == "error: cannot write '/dev/full': no space left on device\n");
  CHECK(folder.list().empty());
}
