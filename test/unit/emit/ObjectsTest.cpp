// What every object promises: no symbols but memcpy and memset, nothing writable, the same bytes every time.
#include "compiler/target/Target.h"
#include "compiler/verify/ObjectInfo.h"
#include "test/unit/emit/TestModels.h"

using namespace qcc;
using namespace qcc::test;

static constexpr llvm::StringLiteral targets[] = {"cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33",
                                                  "cortex-m55",    "rv32imc",   "rv64gcv",   "aarch64",   "x86-64-v3"};

/// Soft-float routines of libgcc and compiler-rt: `__addsf3`, `__fixsfsi`, `__ltdf2`, `__aeabi_fadd` and so on.
static bool isSoftFloat(llvm::StringRef symbol) {
  return symbol.starts_with("__") && (symbol.contains("sf") || symbol.contains("df") || symbol.starts_with("__aeabi_"));
}

static void checkObject(const CompiledModel &model, bool allowsSoftFloat) {
  auto info =
      readObjectInfo(mlir::UnknownLoc::get(const_cast<mlir::MLIRContext *>(&model.context)), model.result.object);
  REQUIRE(succeeded(info));
  for (const std::string &symbol : info->undefinedSymbols) {
    INFO("undefined symbol " << symbol);
    CHECK((symbol == "memcpy" || symbol == "memset" || (allowsSoftFloat && isSoftFloat(symbol))));
  }
  CHECK(info->bytes(ObjectSection::Kind::Writable) == 0);
  CHECK(info->bytes(ObjectSection::Kind::Text) > 0);
}

TEST_CASE("objects of integer models need memcpy and memset, and nothing is writable") {
  for (const std::string &path : integerModels())
    for (llvm::StringRef target : targets)
      for (RoundingProfile rounding : {RoundingProfile::Tflm, RoundingProfile::Litert}) {
        // Only an imported model has its rounding from a profile; one machine of scalars and one of vectors show what
        // the other profile needs.
        bool isImported = llvm::StringRef(path).ends_with(".tflite");
        if (rounding != RoundingProfile::Tflm && (!isImported || (target != "cortex-m4" && target != "x86-64-v3")))
          continue;
        INFO(path << " for " << target.str());
        CompiledModel model(path, target, isImported ? std::optional(rounding) : std::nullopt);
        checkObject(model, /*allowsSoftFloat=*/false);
      }
}

TEST_CASE("objects of float models need the soft-float library where there is no FPU, and say so") {
  for (const std::string &path : floatModels())
    for (llvm::StringRef target : targets) {
      INFO(path << " for " << target.str());
      CompiledModel model(path, target);
      bool isSoft = !target::findTarget(target)->hasFloat;
      checkObject(model, /*allowsSoftFloat=*/isSoft);
      CHECK(llvm::StringRef(model.result.header).contains("soft-float library") == isSoft);
    }
}

TEST_CASE("objects are reproducible") {
  for (const std::string &path : integerModels())
    for (llvm::StringRef target : {"cortex-m4", "x86-64-v3"}) {
      INFO(path << " for " << target.str());
      CompiledModel first(path, target), second(path, target);
      CHECK(first.result.object == second.result.object);
      CHECK(first.result.header == second.result.header);
    }
}
