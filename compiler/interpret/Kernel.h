// What one operator does, prepared once and run many times.
#ifndef QCC_COMPILER_INTERPRET_KERNEL_H
#define QCC_COMPILER_INTERPRET_KERNEL_H

#include "compiler/interpret/Tensor.h"
#include "dialects/qnn/QnnOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <functional>
#include <memory>

namespace qcc::interpret {

/// Computes results from operands. The results come with their types and zeros. Holds only what does not
/// change, so that several threads may call it at once.
using Kernel = std::function<void(llvm::ArrayRef<const Tensor *> operands, llvm::MutableArrayRef<Tensor> results)>;

/// The tensors that are known before a run.
using Constants = llvm::DenseMap<mlir::Value, std::shared_ptr<const Tensor>>;

/// Each gives the kernel of an operator of its family, or none if the operator belongs to another.
/// Contractions fail, with a diagnostic, if the scales of a grouped filter are not positive constants.
mlir::FailureOr<Kernel> prepareContraction(mlir::Operation *op, const Constants &constants);
Kernel prepareElementwise(mlir::Operation *op);
Kernel prepareFormat(mlir::Operation *op);
Kernel preparePool(mlir::Operation *op);
Kernel prepareRow(mlir::Operation *op);
Kernel prepareShape(mlir::Operation *op);

/// Row-major positions that are sums of one offset per dimension: `offsets[d][i]` is what index `i` of
/// dimension `d` adds, or -1 if the position does not exist; then the result is -1, too.
std::vector<int64_t> combineOffsets(llvm::ArrayRef<std::vector<int64_t>> offsets);

/// Distance, in elements, of neighbours along each dimension.
llvm::SmallVector<int64_t> stridesOf(llvm::ArrayRef<int64_t> shape);

} // namespace qcc::interpret

#endif // QCC_COMPILER_INTERPRET_KERNEL_H
