// What operators make of known codes: asked of the reference interpreter.
#ifndef QCC_COMPILER_INTERPRET_EVALUATE_H
#define QCC_COMPILER_INTERPRET_EVALUATE_H

#include "compiler/support/HostTensor.h"
#include "mlir/IR/Builders.h"

namespace qcc::interpret {

/// The format of some channels, in the order given and with repetitions: its parameters per channel, if it has any,
/// belong to `axis` of the new tensor.
mlir::Type selectChannels(mlir::Type format, llvm::ArrayRef<int64_t> channels, int64_t axis);

/// The codes (floats: bit patterns) of a value that `build` makes of arguments with the given codes.
llvm::SmallVector<int64_t> evaluate(mlir::Location loc, llvm::ArrayRef<HostTensor> arguments,
                                    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange)> build);

} // namespace qcc::interpret

#endif // QCC_COMPILER_INTERPRET_EVALUATE_H
