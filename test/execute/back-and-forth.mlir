// Overlapping inputs and outputs: upwards, each layer begins some pixels before its input; others descend, back to where the
// first one began.
!a = !quant.uniform<i8:f32, 5.0e-02>
!w = !quant.uniform<i8:f32, 1.0e-02>

func.func @back_and_forth(%x: tensor<1x9x7x8x!a>, %y: tensor<1x16x16x16x!a>) -> (tensor<1x9x7x8x!a>, tensor<1x16x16x16x!a>) {
  %dw = qnn.constant dense<"0x06FE05FC04FBF5FDF4F6F70705F5FA01FD07FCF80AF5FEFEFFF8000002040008070905F7070D04FC01080B0AFBFD01FC04FD05FEF40D0106FEF400070608F8F50808FE02FF09FF07"> : tensor<1x3x3x8xi8> : tensor<1x3x3x8x!w>
  %pw = qnn.constant dense<"0x0AFC0B03F406F509F4FFFC0802FD0607FEF9FFF9FE0CFF07FCFD0D00F70C0EF406090BF8FD04FB080DFCFBFEF90901080AF7F707FEFE090EFB020DF9F6FE0B08"> : tensor<8x1x1x8xi8> : tensor<8x1x1x8x!w>
  %0 = qnn.depthwise_conv2d %x, %dw {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x7x8x!a>, tensor<1x3x3x8x!w>) -> tensor<1x9x7x8x!a>
  %1 = qnn.conv2d %0, %pw : (tensor<1x9x7x8x!a>, tensor<8x1x1x8x!w>) -> tensor<1x9x7x8x!a>
  %2 = qnn.depthwise_conv2d %1, %dw {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x7x8x!a>, tensor<1x3x3x8x!w>) -> tensor<1x9x7x8x!a>
  %3 = qnn.conv2d %2, %pw : (tensor<1x9x7x8x!a>, tensor<8x1x1x8x!w>) -> tensor<1x9x7x8x!a>
  %4 = qnn.depthwise_conv2d %3, %dw {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x9x7x8x!a>, tensor<1x3x3x8x!w>) -> tensor<1x9x7x8x!a>
  // Half the channels, then as many as before: one of the two descends, in rows that are staged, too.
  %h0 = qnn.constant dense<"0xFB0605F8FF07030806F607F40E03FC05FBFA0A03050E05030008F8FB08F804000BF4090CF6F90C06F5FD0CF40EFC03070B000A0D01000B0D0602F8FFF7F5F803"> : tensor<4x1x1x16xi8> : tensor<4x1x1x16x!w>
  %d0 = qnn.constant dense<"0xFAFC09010C08FD01040E0006FF05060106FBFE09F4FC07090AF90AFE050606F70A08FA080E06FCFDF7F6030803F6FF0DF601F8F4FD010C01F7F507070CF5000A"> : tensor<16x1x1x4xi8> : tensor<16x1x1x4x!w>
  %h1 = qnn.constant dense<3> : tensor<4x3x3x16xi8> : tensor<4x3x3x16x!w>
  %d1 = qnn.constant dense<-4> : tensor<16x3x3x4xi8> : tensor<16x3x3x4x!w>
  %5 = qnn.conv2d %y, %h0 : (tensor<1x16x16x16x!a>, tensor<4x1x1x16x!w>) -> tensor<1x16x16x4x!a>
  %6 = qnn.conv2d %5, %d0 : (tensor<1x16x16x4x!a>, tensor<16x1x1x4x!w>) -> tensor<1x16x16x16x!a>
  %7 = qnn.conv2d %6, %h1 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x16x16x16x!a>, tensor<4x3x3x16x!w>) -> tensor<1x16x16x4x!a>
  %8 = qnn.conv2d %7, %d1 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x16x16x4x!a>, tensor<16x3x3x4x!w>) -> tensor<1x16x16x16x!a>
  return %4, %8 : tensor<1x9x7x8x!a>, tensor<1x16x16x16x!a>
}
