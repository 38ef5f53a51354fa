// The header that stands beside an object: sizes, formats and places of the interface, as plain C.
// RUN: %qcc compile %s --target=cortex-m4 --emit=header | FileCheck %s
// RUN: %qcc compile %s --target=cortex-m4 --emit=header -o %t.h
// RUN: clang-22 -std=c99 -pedantic -Wall -Wextra -Werror -fsyntax-only -x c %t.h
// RUN: clang-22 -std=c++20 -Wall -Wextra -Werror -fsyntax-only -x c++ %t.h
// RUN: %qcc compile %s --target=rv32imc --emit=header | FileCheck %s --check-prefix=SOFT

// CHECK: /* net.h: the model net, compiled by qcc for cortex-m4.
// CHECK-NOT: soft-float
// CHECK: #ifndef NET_H
// CHECK: #define NET_HASH "{{[0-9a-f]+}}"
// CHECK: #define NET_ARENA_BYTES [[#BYTES:]]
// CHECK-NEXT: #define NET_ARENA_ALIGN 16
// CHECK: #define NET_STACK_BYTES {{[1-9][0-9]*}}
// CHECK: /* Input "int": int8 [1, 4], real number = NET_INT__SCALE * (integer - NET_INT__ZERO). */
// CHECK-NEXT: #define NET_INT__RANK 2
// CHECK-NEXT: #define NET_INT__SHAPE { 1, 4 }
// CHECK-NEXT: #define NET_INT__ELEMENTS 4
// CHECK-NEXT: #define NET_INT__BYTES 4
// CHECK-NEXT: #define NET_INT__SCALE 0.10000000000000001
// CHECK-NEXT: #define NET_INT__ZERO (-3)
// CHECK: #define NET_INT__IN(arena) ((int8_t *)((char *)(arena) + {{[0-9]+}}))
// A port called arena does not define the arena's size again.
// CHECK: /* Input "arena": {{.*}} [3]
// CHECK: 4 bits an element, packed densely, the lowest bits of a byte first
// CHECK: #define NET_ARENA_1_ELEMENTS 3
// CHECK-NEXT: #define NET_ARENA_1_BYTES 2
// CHECK: /* Input "x?/y": f32 [2]. */
// CHECK-NEXT: #define NET_X__Y_RANK 1
// CHECK-NOT: NET_X__Y_SCALE
// CHECK: #define NET_X__Y_IN(arena) ((float *)
// CHECK: /* Output "output0": int8 [1, 2]
// CHECK: /* Output "output1":
// CHECK: /* Output "output2":
// CHECK: typedef struct net_inputs {
// CHECK-NEXT: const int8_t *int_;
// CHECK-NEXT: const uint8_t *arena_1;
// CHECK-NEXT: const float *x__y;
// CHECK-NEXT: } net_inputs;
// CHECK: typedef struct net_outputs {
// CHECK-NEXT: int8_t *output0;
// CHECK-NEXT: uint8_t *output1;
// CHECK-NEXT: float *output2;
// CHECK-NEXT: } net_outputs;
// CHECK: int net_run(const net_inputs *in, const net_outputs *out, void *arena);

// SOFT: soft-float library

!q = !quant.uniform<i8:f32, 1.0e-01:-3>
!w = !quant.uniform<i8:f32, 5.0e-01>
!four = !quant.uniform<i4:f32, 1.0>
func.func @net(%x: tensor<1x4x!q> {qnn.name = "int"}, %y: tensor<3x!four> {qnn.name = "arena"}, %z: tensor<2xf32> {qnn.name = "x*/y"})
    -> (tensor<1x2x!q>, tensor<3x!four>, tensor<2xf32>) {
  %w = qnn.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8> : tensor<2x4x!w>
  %0 = qnn.dense %x, %w : (tensor<1x4x!q>, tensor<2x4x!w>) -> tensor<1x2x!q>
  %1 = qnn.relu %y : (tensor<3x!four>) -> tensor<3x!four>
  %2 = qnn.relu %z : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1, %2 : tensor<1x2x!q>, tensor<3x!four>, tensor<2xf32>
}
