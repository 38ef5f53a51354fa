// Independent pieces of work in several processes of this program.
#ifndef QCC_COMPILER_DRIVER_WORKERPROCESSES_H
#define QCC_COMPILER_DRIVER_WORKERPROCESSES_H

#include "compiler/driver/Driver.h"

namespace qcc::driver {

/// Calls `work(index)` once for each index below `count`, in at most `jobs` processes that are forked from this one:
/// they see all that was made before and leave nothing behind but files. Calls `onStep` here as often. With one job,
/// all is done in this process. Fails if a call fails, which has been diagnosed, or if a process is killed; the others
/// then end after the piece that they are at, as they do when this process dies.
mlir::LogicalResult runInProcesses(Session &session, size_t count, int64_t jobs,
                                   llvm::function_ref<mlir::LogicalResult(size_t index)> work,
                                   llvm::function_ref<void()> onStep);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_WORKERPROCESSES_H
