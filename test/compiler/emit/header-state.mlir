// The header of a model with state: a struct that the caller keeps, and the function that begins it.
// RUN: %qcc compile %s --target=cortex-m4 --emit=header --profile | FileCheck %s
// RUN: %qcc compile %s --target=cortex-m4 --emit=header -o %t.h
// RUN: clang-22 -std=c99 -pedantic -Wall -Wextra -Werror -fsyntax-only -x c %t.h
// RUN: clang-22 -std=c++20 -Wall -Wextra -Werror -fsyntax-only -x c++ %t.h
// RUN: echo '#include "%t.h"' > %t.c
// RUN: echo '_Static_assert(sizeof(net_state) == NET_STATE_BYTES, "");' >> %t.c
// RUN: echo '_Static_assert(__builtin_offsetof(net_state, sum_of_all) == 8 && _Alignof(net_state) == 4, "");' >> %t.c
// RUN: clang-22 -fsyntax-only %t.c && clang-22 --target=thumbv7em-none-eabi -ffreestanding -fsyntax-only %t.c

// CHECK: #define NET_ARENA_BYTES
// An input called state does not define the state's size again.
// CHECK: #define NET_STATE_1_BYTES 5
// CHECK: #define NET_STATE_BYTES 20
// CHECK-NEXT: typedef struct net_state {
// CHECK-NEXT: /* "state0": int8 [1, 5], real number = 0.5 * (integer - (-3)), begins with 0. */
// CHECK-NEXT: union {
// CHECK-NEXT: int8_t codes[5];
// CHECK-NEXT: uint32_t align;
// CHECK-NEXT: } state0;
// CHECK-NEXT: /* "sum of all": f32 [2], begins with 1.5. */
// CHECK-NEXT: union {
// CHECK-NEXT: float codes[2];
// CHECK-NEXT: uint32_t align;
// CHECK-NEXT: } sum_of_all;
// CHECK-NEXT: /* "state2": int4 [3], {{.*}}, begins with 0. */
// CHECK-NEXT: union {
// CHECK-NEXT: uint8_t codes[2];
// CHECK: } net_state;
// CHECK-NEXT: void net_reset(net_state *state);
// CHECK: `state` is what the run before left,
// CHECK-NEXT: * or net_reset wrote. Several runs may go on at a
// CHECK-NEXT: * time, each with its own arena and state.
// CHECK: int net_run(const net_inputs *in, const net_outputs *out, void *arena, net_state *state);
// CHECK: int net_run_profiled(const net_inputs *in, const net_outputs *out, void *arena, net_state *state,

!q = !quant.uniform<i8:f32, 5.0e-01:-3>
!four = !quant.uniform<i4:f32, 1.0>
func.func @net(%x: tensor<1x5x!q> {qnn.name = "state"}, %f: tensor<2xf32>, %i: tensor<3x!four>,
               %s: tensor<1x5x!q> {qnn.state = 0.0 : f64}, %t: tensor<2xf32> {qnn.state = 1.5 : f64, qnn.name = "sum of all"},
               %u: tensor<3x!four> {qnn.state = 0.0 : f64})
    -> (tensor<1x5x!q>, tensor<1x5x!q> {qnn.state}, tensor<2xf32> {qnn.state}, tensor<3x!four> {qnn.state}) {
  %0 = qnn.add %x, %s : (tensor<1x5x!q>, tensor<1x5x!q>) -> tensor<1x5x!q>
  %1 = qnn.add %f, %t : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0, %x, %1, %i : tensor<1x5x!q>, tensor<1x5x!q>, tensor<2xf32>, tensor<3x!four>
}
