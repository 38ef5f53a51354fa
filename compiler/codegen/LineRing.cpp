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
