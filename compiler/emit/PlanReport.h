// What a planned model tells about its memory and its kernels.
#ifndef QCC_COMPILER_EMIT_PLANREPORT_H
#define QCC_COMPILER_EMIT_PLANREPORT_H

#include "compiler/pipeline/ModelReport.h"
#include "compiler/target/Target.h"

namespace qcc {

/// Fills what the plan fixed: the arena and what lies in it, the places of inputs and outputs, kernels with their
/// operations, and streams. `model` is as `qk-plan-arena` leaves it for `target`, and the report has the ports and the
/// layers.
void readPlan(mlir::func::FuncOp model, const target::Target &target, ModelReport &report);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_PLANREPORT_H
