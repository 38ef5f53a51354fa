// RUN: not %qcc-opt %s --qk-fuse-maps="target=z80" 2>&1 | FileCheck %s
// CHECK: error: unknown target 'z80'; the targets are host,
func.func @nothing(%x: tensor<4xi8>) -> tensor<4xi8> {
  return %x : tensor<4xi8>
}
