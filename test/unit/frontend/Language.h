// Parses texts of the model language in tests, with weights in memory.
#ifndef QCC_TEST_UNIT_FRONTEND_LANGUAGE_H
#define QCC_TEST_UNIT_FRONTEND_LANGUAGE_H

#include "catch2/catch.hpp"
#include "compiler/frontend/Formats.h"
#include "compiler/frontend/Frontend.h"
#include "dialects/qnn/QnnOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "test/unit/DiagnosticText.h"

/// An array whose elements count up from 1 (floats in quarters), in the range of `kind` and width.
inline qcc::NamedArray makeArray(llvm::StringRef name, char kind, unsigned width, llvm::ArrayRef<int64_t> shape) {
  qcc::NamedArray array{name.str(), kind, width, llvm::SmallVector<int64_t>(shape), {}};
  for (int64_t i = 0, count = array.size(); i < count; ++i) {
    uint64_t code = kind == 'b' ? i % 2 : i % 7 + 1;
    if (kind == 'f')
      code = width == 8 ? llvm::bit_cast<uint64_t>(double(code) / 4) : llvm::bit_cast<uint32_t>(float(code) / 4);
    for (unsigned byte = 0; byte < width; ++byte)
      array.bytes.push_back(static_cast<char>(code >> (8 * byte)));
  }
  return array;
}

inline qcc::NamedArray makeFloats(llvm::StringRef name, llvm::ArrayRef<int64_t> shape) {
  return makeArray(name, 'f', 4, shape);
}

class Language {
public:
  /// Parses `text` as the file `m.qm`; it must be right, and the module must verify.
  qcc::ParsedModel parse(llvm::StringRef text) {
    INFO(text.str());
    auto parsed = qcc::parseModel(context, "m.qm", text, options);
    INFO(diagnostics.take());
    REQUIRE(mlir::succeeded(parsed));
    REQUIRE(mlir::succeeded(mlir::verify(*parsed->module)));
    return std::move(*parsed);
  }
  /// The one diagnostic of a text that must be wrong.
  std::string errorFor(llvm::StringRef text) {
    INFO(text.str());
    CHECK(mlir::failed(qcc::parseModel(context, "m.qm", text, options)));
    return diagnostics.take();
  }
  /// The types of the results of a model.
  std::string resultsOf(llvm::StringRef text) {
    qcc::ParsedModel parsed = parse(text);
    std::string types;
    for (mlir::Type type : (*parsed.module->getOps<mlir::func::FuncOp>().begin()).getResultTypes())
      types += (types.empty() ? "" : ", ") + qcc::frontend::showType(type);
    return types;
  }
  /// The operators of a model in generic form without locations, constants left out.
  std::string opsOf(llvm::StringRef text) {
    qcc::ParsedModel parsed = parse(text);
    std::string ops;
    llvm::raw_string_ostream stream(ops);
    (*parsed.module)->walk([&](mlir::Operation *op) {
      if (llvm::isa_and_nonnull<qcc::qnn::QnnDialect>(op->getDialect()) && !llvm::isa<qcc::qnn::ConstantOp>(op))
        stream << *op << '\n';
    });
    return ops;
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  DiagnosticText diagnostics{&context};
  qcc::FrontendOptions options;
};

#endif // QCC_TEST_UNIT_FRONTEND_LANGUAGE_H
