// .npz and .npy files: what is read, and what is refused.
#include "compiler/import/weights/Npz.h"
#include "test/unit/DiagnosticText.h"
#include "test/unit/weights/TestFiles.h"

#include <random>
#include <zlib.h>

using namespace mlir;
using namespace qcc;

namespace {
struct Reader {
  FailureOr<std::vector<NamedArray>> operator()(StringRef bytes) { return parseNpz(&context, "t.npz", bytes); }
  std::string errorFor(StringRef bytes) {
    CHECK(failed((*this)(bytes)));
    return diagnostics.take();
  }
  MLIRContext context{MLIRContext::Threading::DISABLED};
  DiagnosticText diagnostics{&context};
};

std::string npy(StringRef header, StringRef data, int version = 1) {
  return "\x93NUMPY" + little(version, 1) + little(0, 1) + little(header.size(), version == 1 ? 2 : 4) + header.str() +
         data.str();
}

std::string npyOf(StringRef descr, StringRef shape, StringRef data, StringRef order = "False") {
  return npy(("{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n").str(), data);
}

std::string deflated(StringRef bytes) {
  z_stream stream = {};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), 0);
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
  stream.avail_in = bytes.size();
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = out.size();
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// A zip archive of one entry, every field of which a test may change.
struct Zip {
  std::string name = "x.npy", data;
  uint32_t crc, compressed, size, local = 0, directory = 0, directorySize = 0;
  int method = 0, flags = 0, entries = 1;
  std::string extra;

  explicit Zip(std::string content, bool deflate = false) : data(deflate ? deflated(content) : content) {
    crc = crc32(0, reinterpret_cast<const Bytef *>(content.data()), content.size());
    compressed = data.size();
    size = content.size();
    method = deflate ? 8 : 0;
    directory = 30 + name.size() + data.size();
  }
  std::string str() const {
    // Local sizes are zero, as with a data descriptor.
    std::string header = "PK\3\4" + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4) +
                         little(0, 12) + little(name.size(), 2) + little(0, 2) + name;
    std::string entry = "PK\1\2" + little(20, 2) + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4) +
                        little(crc, 4) + little(compressed, 4) + little(size, 4) + little(name.size(), 2) +
                        little(extra.size(), 2) + little(0, 10) + little(0, 0) + little(local, 4) + name + extra;
    std::string all;
    for (int i = 0; i < entries; ++i)
      all += entry;
    return header + data + all + "PK\5\6" + little(0, 4) + little(entries, 2) + little(entries, 2) +
           little(directorySize ? directorySize : all.size(), 4) + little(directory, 4) + little(0, 2);
  }
};
} // namespace

TEST_CASE("npz files give back what was written, byte for byte the same each time") {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  TestFolder folder;
  std::vector<NamedArray> arrays = someArrays();
  REQUIRE(succeeded(writeNpz(&context, folder.path("a.npz"), arrays)));
  REQUIRE(succeeded(writeNpz(&context, folder.path("b.npz"), arrays)));
  CHECK(readBytes(folder.path("a.npz")) == readBytes(folder.path("b.npz")));
  CHECK(folder.list() == std::vector<std::string>{"a.npz", "b.npz"});
  auto read = readNpz(&context, folder.path("a.npz"));
  REQUIRE(succeeded(read));
  CHECK(*read == arrays);
}

TEST_CASE("an array that is read in parts, in any order, is the same as whole") {
  Reader reader;
  std::string content = npyOf("<i2", "(400, 50)", [] {
    std::string data;
    for (int i = 0; i < 400 * 50; ++i)
      data += little(i * 40503u, 2);
    return data;
  }());
  for (bool deflate : {false, true}) {
    std::string zip = Zip(content, deflate).str();
    FailureOr<std::vector<ArrayReader>> arrays = openNpz(&reader.context, "t.npz", {zip});
    REQUIRE(succeeded(arrays));
    NamedArray whole = *arrays->front().readAll();
    CHECK(arrays->front().getForm().describe() == "i16[400, 50]");
    for (auto [first, count] : {std::pair(0, 1), {1, 2}, {399, 1}, {7, 0}, {3, 396}, {0, 400}}) {
      FailureOr<NamedArray> part = arrays->front().read(first, count);
      REQUIRE(succeeded(part));
      CHECK(part->shape == SmallVector<int64_t>{count, 50});
      CHECK(ArrayRef(part->bytes) == ArrayRef(whole.bytes).slice(first * 100, count * 100));
    }
  }
}

TEST_CASE("npz: damage is found where it is read, at the latest with the last byte") {
  Reader reader;
  Zip zip(npyOf("|u1", "(20000,)", std::string(20000, 'a')), /*deflate=*/true);
  zip.crc ^= 1;
  std::string bytes = zip.str();
  FailureOr<std::vector<ArrayReader>> arrays = openNpz(&reader.context, "t.npz", {bytes});
  REQUIRE(succeeded(arrays));
  CHECK(succeeded(arrays->front().read(0, 19999)));
  CHECK(failed(arrays->front().read(19999, 1)));
  CHECK(reader.diagnostics.take().find("'x.npy' should have the checksum") != std::string::npos);
}

TEST_CASE("npz: what cannot be written is refused before anything is") {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  DiagnosticText diagnostics(&context);
  TestFolder folder;
  std::vector<NamedArray> twice(2, someArrays().front());
  CHECK(failed(writeNpz(&context, folder.path("a.npz"), twice)));
  CHECK(diagnostics.take() == folder.path("a.npz") + ": error: cannot hold two arrays named 'a0.weight'\n");
  CHECK(folder.list().empty());
}

TEST_CASE("npy: types, versions, orders") {
  Reader reader;
  auto single = [&](StringRef bytes) {
    auto arrays = reader(bytes);
    INFO(reader.diagnostics.take());
    REQUIRE(succeeded(arrays));
    REQUIRE(arrays->size() == 1);
    return arrays->front();
  };
  NamedArray array = single(npyOf("<i2", "(2, 3)", little(0x000600050004, 6) + little(0x000300020001, 6)));
  CHECK(array.name == "t");
  CHECK(array.describe() == "i16[2, 3]");
  CHECK(array.getInteger(0) == 4);
  CHECK(single(npyOf("|u1", "()", "a")).describe() == "u8[]");
  CHECK(single(npyOf("?", "(3,)", "aaa")).describe() == "bool[3]");
  CHECK(single(npyOf("<f2", "(1,)", little(0x3c00, 2))).getFloat(0) == 1.0);
  CHECK(single(npyOf("<i8", "(0, 7)", "")).describe() == "i64[0, 7]");
  CHECK(single(npy("{\"shape\":(1,),\"fortran_order\":False,\"descr\":\"|i1\"}", "a", 2)).describe() == "i8[1]");
  CHECK(single(npy("{'shape':(1,),'fortran_order':False,'descr':'|i1'}  \n", "a", 3)).describe() == "i8[1]");
  // Columns first in the file: 1 2 | 3 4 | 5 6.
  NamedArray fortran = single(npyOf("|i1", "(2, 3)", "\1\2\3\4\5\6", "True"));
  CHECK(fortran.bytes == std::vector<char>{1, 3, 5, 2, 4, 6});
  NamedArray deep = single(npyOf("|i1", "(2, 2, 2)", "\1\2\3\4\5\6\7\10", "True"));
  CHECK(deep.bytes == std::vector<char>{1, 5, 3, 7, 2, 6, 4, 8});
}

TEST_CASE("npy: what is refused") {
  Reader reader;
  CHECK(reader.errorFor(npyOf(">f4", "(1,)", "aaaa")) ==
        "t.npz: error: array 't': is big-endian ('>f4'); save it with array.astype('<f4')\n");
  CHECK(reader.errorFor(npyOf("<c8", "(1,)", "aaaaaaaa")) ==
        "t.npz: error: array 't': has the element type '<c8', but only floats, integers and bools are supported\n");
  CHECK(reader.errorFor(npyOf("|O", "(1,)", "")) ==
        "t.npz: error: array 't': has the element type '|O', which is not supported\n");
  CHECK(reader.errorFor(npyOf("=f4", "(1,)", "aaaa")) ==
        "t.npz: error: array 't': expects a byte order of '<' or '|', but its element type is '=f4'\n");
  CHECK(reader.errorFor(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "")) ==
        "t.npz: error: array 't': has a structured element type, which is not supported\n");
  CHECK(reader.errorFor(npyOf("<f4", "(2,)", "aaaa")) ==
        "t.npz: error: array 't': expects 8 bytes for f32[2], but has 4\n");
  CHECK(reader.errorFor(npyOf("<f4", "(1,)", "aaaaa")) ==
        "t.npz: error: array 't': expects 4 bytes for f32[1], but has 5\n");
  CHECK(reader.errorFor(npyOf("<f4", "(9223372036854775807, 9)", "")) ==
        "t.npz: error: array 't': the shape [9223372036854775807, 9] is too large\n");
  CHECK(reader.errorFor(npyOf("<f4", "(9223372036854775808,)", "")) ==
        "t.npz: error: array 't': expects a dimension below 2^63 in its header, but found '922337203685'\n");
  CHECK(reader.errorFor(npyOf("<f4", "(-1,)", "")) ==
        "t.npz: error: array 't': expects a dimension below 2^63 in its header, but found '-1,), }'\n");
  CHECK(reader.errorFor(npyOf("<f4", "(1 2)", "")) ==
        "t.npz: error: array 't': expects ',' or ')' in its header, but found '2), }'\n");
  CHECK(reader.errorFor(npyOf("<f4", "(1,)", "aaaa", "0")) ==
        "t.npz: error: array 't': expects True or False in its header, but found '0, 'shape': '\n");
  CHECK(reader.errorFor(npy("{'descr': '<f4', 'shape': (1,)}", "aaaa")) ==
        "t.npz: error: array 't': expects the keys 'descr', 'fortran_order' and 'shape' in its header, but one is "
        "missing\n");
  CHECK(reader.errorFor(npy("{'descr': '<f4', 'descr': '<f4'}", "aaaa")) ==
        "t.npz: error: array 't': has the unexpected or repeated key 'descr' in its header\n");
  CHECK(reader.errorFor(npy("{'a': 1}", "")) ==
        "t.npz: error: array 't': has the unexpected or repeated key 'a' in its header\n");
  CHECK(reader.errorFor(npy("", "")) == "t.npz: error: array 't': expects '{' in its header, but found the end\n");
  CHECK(reader.errorFor(StringRef("\x93NUMPY\x09\0\0\0", 10)) ==
        "t.npz: error: array 't': expects .npy version 1, 2 or 3, but got 9\n");
  CHECK(reader.errorFor(StringRef("\x93NUMPY\x01\0\xff\0", 10)) ==
        "t.npz: error: array 't': is truncated: the header has 255 bytes, but only 0 follow\n");
  std::string manyDimensions = "(";
  for (int i = 0; i < 65; ++i)
    manyDimensions += "1,";
  CHECK(reader.errorFor(npyOf("|i1", manyDimensions + ")", "a")) ==
        "t.npz: error: array 't': expects at most 64 dimensions\n");
}

TEST_CASE("zip: stored, deflated, zip64") {
  Reader reader;
  std::string content = npyOf("|i1", "(1000,)", std::string(1000, 'a'));
  for (bool deflate : {false, true}) {
    Zip zip(content, deflate);
    auto arrays = reader(zip.str());
    INFO(reader.diagnostics.take());
    REQUIRE(succeeded(arrays));
    CHECK(arrays->front().name == "x");
    CHECK(arrays->front().bytes == std::vector<char>(1000, 'a'));
    zip.extra = little(1, 2) + little(16, 2) + little(zip.size, 8) + little(zip.compressed, 8);
    zip.size = zip.compressed = 0xffffffff;
    CHECK(succeeded(reader(zip.str())));
    zip.extra.resize(12);
    CHECK(reader.errorFor(zip.str()) == "t.npz: error: is a damaged zip archive: 'x.npy' has no valid zip64 sizes\n");
  }
}

TEST_CASE("zip: what is refused") {
  Reader reader;
  const Zip good(npyOf("|i1", "(5,)", "abcde"));
  CHECK(reader.errorFor("") == "t.npz: error: is not a zip archive: has 0 bytes, but needs at least 22\n");
  CHECK(reader.errorFor(std::string(100, 'a')) ==
        "t.npz: error: is not a zip archive, or is truncated: has no end record\n");
  Zip zip = good;
  zip.crc = 0x12;
  CHECK(
      StringRef(reader.errorFor(zip.str()))
          .starts_with("t.npz: error: is a damaged zip archive: 'x.npy' should have the checksum 00000012, but has "));
  zip = good;
  zip.flags = 1;
  CHECK(reader.errorFor(zip.str()) == "t.npz: error: has the encrypted entry 'x.npy', which is not supported\n");
  zip = good;
  zip.method = 12;
  CHECK(reader.errorFor(zip.str()) == "t.npz: error: expects entries stored or deflated (methods 0 and 8), but "
                                      "'x.npy' has compression method 12\n");
  zip = good;
  zip.size += 1;
  CHECK(reader.errorFor(zip.str()) == "t.npz: error: is a damaged zip archive: 'x.npy' cannot have 74 bytes from 73 "
                                      "stored bytes\n");
  zip = good;
  zip.size = zip.compressed = 1000;
  CHECK(reader.errorFor(zip.str()) ==
        "t.npz: error: is truncated: 'x.npy' has 1000 bytes from byte 35, but the file has 181\n");
  zip = good;
  zip.local = 5;
  CHECK(reader.errorFor(zip.str()) == "t.npz: error: is a damaged zip archive: 'x.npy' has no header at byte 5\n");
  zip = good;
  zip.entries = 2;
  CHECK(reader.errorFor(zip.str()) == "t.npz: error: is a damaged zip archive: 'x.npy' and 'x.npy' overlap\n");
  zip = good;
  zip.directory = 1000;
  CHECK(reader.errorFor(zip.str()) == "t.npz: error: is a damaged zip archive: its directory of 51 bytes from byte "
                                      "1000 does not lie in the 181 bytes of the file\n");
  zip = good;
  zip.directory += 1;
  CHECK(reader.errorFor(zip.str()) ==
        "t.npz: error: is a damaged zip archive: expects a directory entry at byte 109\n");
  zip = good;
  zip.name = "x.txt";
  CHECK(reader.errorFor(zip.str()) == "t.npz: error: expects entries whose names end in .npy, but found 'x.txt'\n");
}

TEST_CASE("zip: no more is inflated than a machine may be expected to hold") {
  Reader reader;
  std::mt19937 random(1);
  std::string noise(9 << 20, '\0');
  for (char &byte : noise)
    byte = static_cast<char>(random());
  Zip zip(noise, /*deflate=*/true);
  zip.extra = little(1, 2) + little(16, 2) + little(9000000000, 8) + little(zip.compressed, 8);
  zip.size = zip.compressed = 0xffffffff;
  CHECK(reader.errorFor(zip.str()) ==
        "t.npz: error: expects at most 8589934592 bytes of deflated arrays, but they say they have 9000000000; store "
        "larger ones uncompressed, as numpy.savez does\n");
}

TEST_CASE("zip: deflated data must give exactly their size") {
  Reader reader;
  const Zip good(npyOf("|i1", "(1000,)", std::string(1000, 'a')), /*deflate=*/true);
  for (int change : {-1000, -1, 1, 1000}) {
    Zip zip = good;
    zip.size += change;
    CHECK(reader.errorFor(zip.str()) == "t.npz: error: is a damaged zip archive: 'x.npy' does not inflate to its " +
                                            std::to_string(zip.size) + " bytes\n");
  }
  Zip bomb = good;
  bomb.size = 0xfffffffe;
  CHECK(StringRef(reader.errorFor(bomb.str()))
            .starts_with("t.npz: error: is a damaged zip archive: 'x.npy' cannot have 4294967294 bytes from "));
  Zip damaged = good;
  damaged.data[4] ^= 0x55;
  CHECK(failed(reader(damaged.str())));
}

TEST_CASE("no truncation of an npz file is read, none crashes") {
  Reader reader;
  std::string whole = Zip(npyOf("|i1", "(1000,)", std::string(1000, 'a')), /*deflate=*/true).str();
  for (size_t size = 0; size < whole.size(); ++size)
    REQUIRE(failed(reader(StringRef(whole).take_front(size))));
}
