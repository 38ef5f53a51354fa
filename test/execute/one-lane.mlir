// The last vector of channels has one of them, so that only one lane is stored: LLVM 22 selects no instructions for vectors of
// AVX-512 then ("Cannot select: zero_extend_vector_inreg").
!x = !quant.uniform<u8:f32, 5.0e-02:131>
!w = !quant.uniform<i12:f32, 1.0e-02>
!y = !quant.uniform<i8:f32, 4.0e-01:-3>
func.func @net(%one: tensor<4x1x!x>, %many: tensor<5x1x!x>) -> (tensor<4x1x!y>, tensor<5x17x!y>) {
  %w_one = qnn.constant dense<"0xF305"> : tensor<2xi8> : tensor<1x1x!w>
  %one_out = qnn.dense %one, %w_one {rescale = #qnn.rescale<rounding = single, overflow = saturate>} : (tensor<4x1x!x>, tensor<1x1x!w>) -> tensor<4x1x!y>
  %w_many = qnn.constant dense<77> : tensor<26xi8> : tensor<17x1x!w>
  %bias = qnn.constant dense<-1234> : tensor<17xi32> : tensor<17xi32>
  %many_out = qnn.dense %many, %w_many bias %bias {rescale = #qnn.rescale<rounding = single, overflow = saturate>} : (tensor<5x1x!x>, tensor<17x1x!w>, tensor<17xi32>) -> tensor<5x17x!y>
  return %one_out, %many_out : tensor<4x1x!y>, tensor<5x17x!y>
}
