// The examples of docs/language.md are complete models that parse, and its list of operators is complete.
#include "test/unit/frontend/Language.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace qcc;

static std::string readPage() {
  auto file = llvm::MemoryBuffer::getFile(std::string(QCC_ROOT) + "/docs/language.md");
  REQUIRE(file);
  return (*file)->getBuffer().str();
}

/// The tensors that the examples name.
static std::vector<NamedArray> exampleWeights() {
  std::vector<NamedArray> arrays;
  auto add = [&](const std::string &name, llvm::SmallVector<int64_t> shape) {
    arrays.push_back(makeFloats(name, shape));
  };
  auto addNorm = [&](const std::string &name, int64_t channels) {
    for (const char *part : {".gamma", ".beta", ".mean", ".variance"})
      add(name + part, {channels});
  };
  add("stem.weight", {64, 10, 4, 1});
  addNorm("stem_bn", 64);
  for (std::string block : {"b1", "b2", "b3", "b4"}) {
    add(block + ".dw.weight", {1, 3, 3, 64});
    add(block + ".pw.weight", {64, 1, 1, 64});
    addNorm(block + ".dw_bn", 64);
    addNorm(block + ".pw_bn", 64);
  }
  add("head.weight", {12, 64});
  add("head.bias", {12});
  arrays.push_back(makeArray("fc.weight", 'i', 1, {2, 4}));
  add("fc.weight.scale", {2});
  arrays.push_back(makeArray("fc.bias", 'i', 4, {2}));
  arrays.push_back(makeArray("out.weight", 'i', 1, {3, 2}));
  add("out.weight.scale", {});
  arrays.push_back(makeArray("c1.weight", 'b', 1, {8, 3, 3, 1}));
  arrays.push_back(makeArray("c2.weight", 'b', 1, {8, 3, 3, 8}));
  arrays.push_back(makeArray("score.weight", 'b', 1, {10, 14 * 14 * 8}));
  addNorm("c1_bn", 8);
  addNorm("c2_bn", 8);
  add("c2_q.thresholds", {1, 3});
  for (const char *parameter : {"a.shift", "a.slope", "a.offset", "b.shift"})
    add(parameter, {4});
  return arrays;
}

TEST_CASE("the examples of the language's page parse") {
  std::string page = readPage();
  Language language;
  language.options.weights = exampleWeights();
  int examples = 0;
  for (StringRef rest = page; rest.contains("```qm\n"); ++examples) {
    StringRef text;
    std::tie(text, rest) = rest.split("```qm\n").second.split("```");
    (void)language.parse(text);
  }
  CHECK(examples >= 6);
}

TEST_CASE("the language's page names every operator") {
  std::string page = readPage();
  for (const OpInfo &op : getLanguageOps()) {
    INFO(op.name);
    CHECK(StringRef(page).contains("`" + op.name + "`"));
  }
}
