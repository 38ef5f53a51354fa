// Passes that lower qnn to qk.
#ifndef QCC_COMPILER_LAYOUT_PASSES_H
#define QCC_COMPILER_LAYOUT_PASSES_H

#include "compiler/target/Target.h"
#include "mlir/Pass/Pass.h"

namespace qcc::layout {

/// `qnn-unsigned-activations`: signed 8-bit activations that no caller sees become unsigned ones of the same values.
std::unique_ptr<mlir::Pass> createUnsignedActivationsPass();

/// `convert-qnn-to-qk`: each qnn operator becomes kernels on storage; formats leave the types and become
/// attributes, changes of scale become fixed-point multipliers, and functions of one code of at most 8
/// bits become tables.
std::unique_ptr<mlir::Pass> createConvertQnnToQkPass();

/// `qk-fit-regions`: the integer arithmetic of maps and pools of few codes becomes one sum of products, one shift and a
/// clamp, with numbers that were tried on every code. A remark says with which, or that there are none.
std::unique_ptr<mlir::Pass> createFitRegionsPass();

/// `qk-round-products`: on machines that round products once, the rescaling of a contraction's sums becomes one product
/// of floats, with numbers that were tried on every step from one code to the next. A remark says where there are none.
std::unique_ptr<mlir::Pass> createRoundProductsPass(const target::Machine *machine = nullptr);

/// `qk-pack-weights`: constant weights of contractions whose schedule names a block tile are put into the order in
/// which it reads them, and zero points go into the bias. With `consumesConstants`, the memory of the constants before
/// is given up.
std::unique_ptr<mlir::Pass> createPackWeightsPass(const target::Machine *machine = nullptr,
                                                  bool consumesConstants = false);

void registerPasses();

} // namespace qcc::layout

#endif // QCC_COMPILER_LAYOUT_PASSES_H
