#include "compiler/codegen/LineRing.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

Val LineRing::stage(Val n, Val y, Val firstMissing, Convert convert, Fill fill) const {
  Val first = y * window.getStrides()[0], last = first + lines;
  k.loop(k.max(first, firstMissing), last, ArrayRef<Val>(), [&](Val r, ArrayRef<Val>) {
    Val inside = r - window.getPads()[0], height = k.index(window.getInput()[0]);
    // As an unsigned number, a row above the image is large, too.
    Val isInside = k.val(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, inside, height));
    k.ifThenElse(
        isInside, [&] { convert(k.advance(lhs, (n * height + inside) * rowBytes), lineOf(r)); },
        [&] { fill(lineOf(r)); });
    return SmallVector<Val>();
  });
  return last;
}

void LineRing::forEachRow(Convert convert, Fill fill, llvm::function_ref<void(Val n, Val y)> body) const {
  k.loop(k.index(window.getBatch()), [&](Val n) {
    k.loop(k.index(0), k.index(window.getOutput()[0]), k.index(0), [&](Val y, Val firstMissing) {
      Val next = lines ? stage(n, y, firstMissing, convert, fill) : firstMissing;
      body(n, y);
      return next;
    });
  });
}

Val codegen::stageCodes(KernelBuilder &k, Val codes, qnn::NumberFormat from, qnn::NumberFormat to, int64_t offset) {
  if (to.getBits() > from.getBits())
    codes = k.widen(codes, to.getUnpackedType(), from.isSignedCode());
  return offset ? codes + offset : codes;
}
