// Targets of 32 bits compute indices in 32 bits. A transposition has no other arithmetic: it gets no add with carry, no
// long multiplication, and no 64-bit arithmetic in LLVM IR.
// RUN: %qcc compile %s --target=cortex-m0plus --emit=asm | FileCheck %s --check-prefix=ARM
// RUN: %qcc compile %s --target=cortex-m4 --emit=asm | FileCheck %s --check-prefix=ARM
// RUN: %qcc compile %s --target=cortex-m55 --emit=asm | FileCheck %s --check-prefix=ARM
// RUN: %qcc compile %s --target=rv32imc --emit=asm | FileCheck %s --check-prefix=RISCV
// RUN: %qcc compile %s --target=cortex-m4 --emit=llvm | FileCheck %s --check-prefix=LLVM
// RUN: %qcc compile %s --target=rv32imc --emit=llvm | FileCheck %s --check-prefix=LLVM
// RUN: %qcc compile %s --target=wasm32 --emit=llvm | FileCheck %s --check-prefix=LLVM

// ARM-LABEL: net.map0:
// ARM-NOT: {{[[:space:]]}}(adcs|adc|sbcs|sbc|umull|umlal|smull|smlal|__aeabi_l)
// ARM: .fnend

// RISCV-LABEL: net.map0:
// RISCV-NOT: {{[[:space:]]}}(sltu|mulhu|mulh|__muldi3)
// RISCV: ret

// LLVM-LABEL: define internal {{.*}}@net.map0(
// LLVM-NOT: = {{(add|sub|mul|shl|phi|sext|zext|icmp)}} {{.*}}i64
// LLVM: ret void

!q = !quant.uniform<i8:f32, 5.0e-01>
func.func @net(%x: tensor<7x5x3x!q>) -> tensor<3x7x5x!q> {
  %y = qnn.transpose %x {permutation = array<i64: 2, 0, 1>} : (tensor<7x5x3x!q>) -> tensor<3x7x5x!q>
  return %y : tensor<3x7x5x!q>
}
