/* Entry and traps for qemu's `virt` board. */
  .option arch, +zicsr
  .section .text.start, "ax"
  .globl _start
_start:
  .option push
  .option norelax
  la gp, __global_pointer$
  .option pop
  la sp, stack_top
  la t0, trap
  csrw mtvec, t0
  /* mstatus: FS and VS to "initial", which turns the FPU and the vector unit on. */
  li t0, 0x2200
  csrs mstatus, t0
  call semihosting_start

  .balign 4
trap:
  call semihosting_fault
