// What readObjectInfo sees in ELF and WebAssembly objects.
#include "compiler/verify/ObjectInfo.h"
#include "test/unit/verify/TestModel.h"

using namespace qcc;
using namespace qcc::test;
using Kind = ObjectSection::Kind;

TEST_CASE("sections are counted by kind, in ELF and WebAssembly") {
  constexpr llvm::StringRef source = R"(
    void *memcpy(void *, const void *, __SIZE_TYPE__);
    int elsewhere(void);
    static const char weights[100] __attribute__((section(".rodata.qcc.weights.w"))) = {1};
    static const char table[20] = {2};
    static char state[12];
    int m_run(const int *in, void *out, void *arena) {
      const volatile char *w = weights, *t = table;
      volatile char *s = state;
      memcpy(out, arena, *in);
      return w[*in] + t[*in] + s[*in]++ + elsewhere();
    }
  )";
  for (llvm::StringRef target : {"host", "cortex-m4", "rv64gcv", "wasm32"}) {
    INFO(target.str());
    TestModel test("m", source, target);
    auto info = readObjectInfo(mlir::UnknownLoc::get(&test.context), test.model.object);
    REQUIRE(succeeded(info));
    CHECK(info->bytes(Kind::Weights) == 100);
    CHECK(info->bytes(Kind::Writable) == 12);
    CHECK(info->bytes(Kind::Text) > 20);
    // Beside the table there may be unwind tables.
    CHECK(info->bytes(Kind::Rodata) >= 20);
    CHECK(llvm::is_contained(info->undefinedSymbols, "elsewhere"));
    CHECK(llvm::is_contained(info->undefinedSymbols, "memcpy"));
    CHECK(!llvm::is_contained(info->undefinedSymbols, "m_run"));
  }
}

TEST_CASE("what is no object is an error") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  DiagnosticText diagnostics(&context);
  std::string garbage = "this is text", truncated("\x7f"
                                                  "ELF\x02\x01\x01",
                                                  7);
  for (const std::string &bytes : {garbage, truncated, std::string()}) {
    CHECK(failed(readObjectInfo(mlir::UnknownLoc::get(&context), bytes)));
    CHECK_THAT(diagnostics.take(), Catch::StartsWith("error: cannot read the object: "));
  }
}
