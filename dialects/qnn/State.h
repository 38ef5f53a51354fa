// What a model keeps from one run to the next: its last arguments and results, marked by `qnn.state`.
#ifndef QCC_DIALECTS_QNN_STATE_H
#define QCC_DIALECTS_QNN_STATE_H

#include "mlir/Interfaces/FunctionInterfaces.h"

namespace qcc::qnn {

/// Of an argument: a number, the first value of all its elements. Of a result: a unit attribute.
inline constexpr llvm::StringLiteral stateAttrName = "qnn.state";

/// How many of the last arguments, and as many of the last results, are state.
unsigned stateCount(mlir::FunctionOpInterface model);

/// The number that the elements of argument `argument`, which is state, have in the first run.
double initialState(mlir::FunctionOpInterface model, unsigned argument);

} // namespace qcc::qnn

#endif // QCC_DIALECTS_QNN_STATE_H
