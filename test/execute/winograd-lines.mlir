// F(4, 3) along one axis, exactly, tap by tap and of f32: sizes that 4 divides and does not, one tile and many, channels
// that fill no step and no vector, groups, a batch, wide borders, all kinds of results, both kinds of points, shifts of
// each channel's own, factors, offsets, weights that are stated, and codes and weights as large as they can be.
!x = !quant.uniform<i8:f32, 5.0e-02:-3>
!u = !quant.uniform<u8:f32, 5.0e-02:255>
!w = !quant.uniform<i8:f32, 1.0e-02>
!wc = !quant.uniform<i8<-127:127>:f32:0, {1.0e-02, 3.0e-02, 2.0e-03}>
!wu = !quant.uniform<u8:f32, 1.0e-02:255>
!y = !quant.uniform<i8:f32, 1.5e-01:4>
!z = !quant.uniform<u8:f32, 9.0:7>
#f4 = #qnn.algorithm<winograd = F_4_3, exact>
#float = #qnn.algorithm<winograd = F_4_3, float>
#eight = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [4, 4, 4, 3, 3, 4], weights = [1, 0, 0, 1, 1, -1], fraction = 2>
#ten = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 10, codes = [2, 2, 2, 1, 1, 2], weights = [3, 2, 2, 3, 3, 1, 4, 2, 1, 3, 2, 0, 3, 3, 2, 4, 3, 1], fraction = -2>
#reciprocal = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [8, 9, 7, 8, 6, 8], weights = [4, 6, 5, 6, 6, 4], fraction = -6,
  points = reciprocal, factors = [1, 3, 5, 7, 1, 3], offsets = [-128, 127, 0, 5, -64, 33]>
#stated = #qnn.algorithm<winograd = F_4_3, tapwise, bits = 8, codes = [8, 8, 8, 8, 8, 8], weights = [5, 6, 6, 6, 6, 5], fraction = -7,
  points = reciprocal, transformed = dense<"0x02378E6EFF9AD0B93E70FE42B4FF86EE500FDD47D1A4C763C0C38082EBEED4D51420E5E8DDE444188B3854D4CA07A1291A812DA11E351C7621DE7671DA9D038B374E89563B40846797DCE4BCFD6C3035006CB73C17925DAEEA2E39CB2E0DAF1F221CDAA8CC1E77D298A94F90F930006957CA9C907C2BEAC2"> : tensor<5x6x4xi8>>

func.func @net(%x: tensor<1x5x7x3x!x>, %even: tensor<2x6x8x4x!x>, %one: tensor<1x1x2x6x!x>, %u: tensor<1x9x10x16x!u>,
               %row: tensor<1x1x9x1x!u>, %f: tensor<1x7x6x5xf32>)
    -> (tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<2x6x6x5x!y>, tensor<2x6x6x5x!y>, tensor<2x6x6x5x!y>, tensor<2x6x6x5x!y>, tensor<2x6x8x4x!y>, tensor<1x1x2x9xi32>, tensor<1x9x10x17xi32>, tensor<1x9x10x17x!z>, tensor<1x9x10x8xf32>, tensor<1x3x12x1x!y>, tensor<2x6x8x4x!y>, tensor<1x1x2x9xi32>, tensor<1x9x10x17xi32>, tensor<1x9x10x17x!z>, tensor<1x9x10x8xf32>, tensor<1x3x12x1x!y>, tensor<1x7x6x7xf32>, tensor<1x7x6x7xf32>) {
  %cut3 = qnn.constant dense<"0x7C3C1174A222664AEA9CACF0E0A79059ECCCA5F56D1F5BAC7A06F5"> : tensor<3x1x3x3xi8> : tensor<3x1x3x3x!wc>
  %cut3d = qnn.constant dense<"0x76FD313BD2FBC7CBF9E867A69DE1537E0976AE2170005FD7AF97FE"> : tensor<3x3x1x3xi8> : tensor<3x3x1x3x!wc>
  %b3 = qnn.constant dense<[1000, -70000, 12]> : tensor<3xi32> : tensor<3xi32>
  %most = qnn.constant dense<127> : tensor<5x1x3x4xi8> : tensor<5x1x3x4x!w>
  %pair = qnn.constant dense<"0x0B38A036911C3A0F7807162EDB857200260C6D1336320C30"> : tensor<4x3x1x2xi8> : tensor<4x3x1x2x!w>
  %small = qnn.constant dense<-37> : tensor<9x1x3x6xi8> : tensor<9x1x3x6x!w>
  %least = qnn.constant dense<-128> : tensor<17x1x3x16xi8> : tensor<17x1x3x16x!w>
  %leastd = qnn.constant dense<-128> : tensor<17x3x1x16xi8> : tensor<17x3x1x16x!w>
  %far = qnn.constant dense<0> : tensor<8x3x1x16xi8> : tensor<8x3x1x16x!wu>
  %single = qnn.constant dense<[[[[-128], [127], [5]]]]> : tensor<1x1x3x1xi8> : tensor<1x1x3x1x!w>
  %real = qnn.constant dense<"0x0389F33E5808283FC48D99BEEA8D2F3F02653D3F67DBC03E4AC6733F87BC693F2599143D9C5A703D6CEB2ABF7E592C3F7EF05F3F6B753ABD1205C43E7EF5E03EC5E1EB3E530628BFDF8C0F3F3992253E9287A93ECA3722BEE0697D3E1AA60C3FC7268C3E55B4E13E87DB71BF75112EBF3F62F1BD4AB8993E3BDA0FBF936BBE3E8401863E1A916ABF84C568BDEE290CBF5E4764BF5DA23BBF6208BBBE3E0C23BFE8FF1CBF4BBE6DBFF5018EBDE02575BE3AF4643E1DA8383EFF3806BFEA6D4E3F69A97FBF5CCA41BE8AC9E2BEBC3B38BEF71445BF56A9293FB12581BE44896DBF4A94683E89734FBF8339B93D537BA4BEEDAC253E5DA66A3F5115233FE4AD25BE3540203F2FB6913ECFB085BE083D37BFF47A443E94C8023EC5176A3F4B9D6F3FDD6E5E3E077598BE8274493FD0837FBFEDBE48BF73C8063E39DD6B3E1BF637BF3190843E1656483F3F437EBE5EE90BBEB51D0CBF7282D5BE93E5713FA03576BE6C1A6C3FAFD6533F0638443E87F0F5BE1643763F581FF2BBAE122DBE1330B9BE17F3773F391787BC64BADABE58F13CBD289841BFD636793E7C8EE7BDC8DCD3BECF3B103F"> : tensor<7x1x3x5xf32> : tensor<7x1x3x5xf32>
  %reald = qnn.constant dense<"0x0653273F6B3D79BF8362853D38A4E7BE80D95E3F2556103FD43802BF10E3EDBE8EC230BF4C477A3F75C6D3BED0425D3EC2D14FBD8A5A943E43B1543E0C51F93E0B7E43BFFA52053FFC17CCBE1D35893DBACFA7BEDA0DD0BEB4AC743DA31392BDB14B8EBEC9E5FA3ED0F7393E30596DBFD784FDBE63CEB5BD1649553F26A0463FFABEBA3D868B78BF2C880E3F7D0114BE15EA1A3E752DD53EB468873E5D7214BD59CC523F0E8D6ABE85755DBE6B2C343F87681BBFC76FD0BED8F8283F222E5EBFB72C2C3FDB4AC73E9D9509BE29C4DABEBBBB0F3F1344523F19F236BF09D830BD3218C93DE1EA97BB4753ADBED06431BF4DD32F3E45A71F3F25F85CBFEA3A0ABFCAA1233F5360153F2087A73EACEA72BFE2F0E33E5516753FB2257F3FFF13CE3E82F766BFD6222F3FCFC00FBF313C953EA98C673FC18AD93E51123BBFBD7CD4BED003563F975633BF8388623E314230BED4792DBF7FAF7A3E20B269BF159848BF7C6677BE4D225BBF558762BFAA1F1A3E5B27F83E22C5413FB9383BBF56F00BBE76E1BDBEE63E4D3EA5B9AABC0E88603F30D280BE937463BF0908CA3ED0A132BF8C7F863E"> : tensor<7x3x1x5xf32> : tensor<7x3x1x5xf32>
  %0 = qnn.conv2d %x, %cut3 bias %b3 {pads = array<i64: 0, 0, 1, 1>, algorithm = #f4, activation = #qnn.activation<relu>}
    : (tensor<1x5x7x3x!x>, tensor<3x1x3x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %1 = qnn.conv2d %x, %cut3d bias %b3 {pads = array<i64: 1, 1, 0, 0>, algorithm = #f4}
    : (tensor<1x5x7x3x!x>, tensor<3x3x1x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %2 = qnn.conv2d %x, %cut3 bias %b3 {pads = array<i64: 0, 0, 1, 1>, algorithm = #eight, activation = #qnn.activation<relu>}
    : (tensor<1x5x7x3x!x>, tensor<3x1x3x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %3 = qnn.conv2d %x, %cut3d bias %b3 {pads = array<i64: 1, 1, 0, 0>, algorithm = #eight}
    : (tensor<1x5x7x3x!x>, tensor<3x3x1x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %4 = qnn.conv2d %x, %cut3 bias %b3 {pads = array<i64: 0, 0, 1, 1>, algorithm = #ten, activation = #qnn.activation<relu>}
    : (tensor<1x5x7x3x!x>, tensor<3x1x3x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %5 = qnn.conv2d %x, %cut3d bias %b3 {pads = array<i64: 1, 1, 0, 0>, algorithm = #ten}
    : (tensor<1x5x7x3x!x>, tensor<3x3x1x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %6 = qnn.conv2d %x, %cut3d bias %b3 {pads = array<i64: 1, 1, 0, 0>, algorithm = #reciprocal, activation = #qnn.activation<relu>}
    : (tensor<1x5x7x3x!x>, tensor<3x3x1x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %7 = qnn.conv2d %x, %cut3 bias %b3 {pads = array<i64: 0, 0, 1, 1>, algorithm = #reciprocal}
    : (tensor<1x5x7x3x!x>, tensor<3x1x3x3x!wc>, tensor<3xi32>) -> tensor<1x5x7x3x!y>
  %8 = qnn.conv2d %even, %most {pads = array<i64: 0, 0, 0, 0>, algorithm = #f4}
    : (tensor<2x6x8x4x!x>, tensor<5x1x3x4x!w>) -> tensor<2x6x6x5x!y>
  %9 = qnn.conv2d %even, %most {pads = array<i64: 0, 0, 0, 0>, algorithm = #eight}
    : (tensor<2x6x8x4x!x>, tensor<5x1x3x4x!w>) -> tensor<2x6x6x5x!y>
  %10 = qnn.conv2d %even, %most {pads = array<i64: 0, 0, 0, 0>, algorithm = #reciprocal}
    : (tensor<2x6x8x4x!x>, tensor<5x1x3x4x!w>) -> tensor<2x6x6x5x!y>
  %11 = qnn.conv2d %even, %most {pads = array<i64: 0, 0, 0, 0>, algorithm = #stated}
    : (tensor<2x6x8x4x!x>, tensor<5x1x3x4x!w>) -> tensor<2x6x6x5x!y>
  %12 = qnn.conv2d %even, %pair {pads = array<i64: 1, 1, 0, 0>, algorithm = #f4, groups = 2}
    : (tensor<2x6x8x4x!x>, tensor<4x3x1x2x!w>) -> tensor<2x6x8x4x!y>
  %13 = qnn.conv2d %one, %small {pads = array<i64: 0, 0, 1, 1>, algorithm = #f4}
    : (tensor<1x1x2x6x!x>, tensor<9x1x3x6x!w>) -> tensor<1x1x2x9xi32>
  %14 = qnn.conv2d %u, %least {pads = array<i64: 0, 0, 1, 1>, algorithm = #f4}
    : (tensor<1x9x10x16x!u>, tensor<17x1x3x16x!w>) -> tensor<1x9x10x17xi32>
  %15 = qnn.conv2d %u, %leastd {pads = array<i64: 1, 1, 0, 0>, algorithm = #f4, rescale = #qnn.rescale<rounding = single>}
    : (tensor<1x9x10x16x!u>, tensor<17x3x1x16x!w>) -> tensor<1x9x10x17x!z>
  %16 = qnn.conv2d %u, %far {pads = array<i64: 1, 1, 0, 0>, algorithm = #f4}
    : (tensor<1x9x10x16x!u>, tensor<8x3x1x16x!wu>) -> tensor<1x9x10x8xf32>
  %17 = qnn.conv2d %row, %single {pads = array<i64: 1, 1, 2, 3>, algorithm = #f4}
    : (tensor<1x1x9x1x!u>, tensor<1x1x3x1x!w>) -> tensor<1x3x12x1x!y>
  %18 = qnn.conv2d %even, %pair {pads = array<i64: 1, 1, 0, 0>, algorithm = #eight, groups = 2}
    : (tensor<2x6x8x4x!x>, tensor<4x3x1x2x!w>) -> tensor<2x6x8x4x!y>
  %19 = qnn.conv2d %one, %small {pads = array<i64: 0, 0, 1, 1>, algorithm = #eight}
    : (tensor<1x1x2x6x!x>, tensor<9x1x3x6x!w>) -> tensor<1x1x2x9xi32>
  %20 = qnn.conv2d %u, %least {pads = array<i64: 0, 0, 1, 1>, algorithm = #eight}
    : (tensor<1x9x10x16x!u>, tensor<17x1x3x16x!w>) -> tensor<1x9x10x17xi32>
  %21 = qnn.conv2d %u, %leastd {pads = array<i64: 1, 1, 0, 0>, algorithm = #eight, rescale = #qnn.rescale<rounding = single>}
    : (tensor<1x9x10x16x!u>, tensor<17x3x1x16x!w>) -> tensor<1x9x10x17x!z>
  %22 = qnn.conv2d %u, %far {pads = array<i64: 1, 1, 0, 0>, algorithm = #eight}
    : (tensor<1x9x10x16x!u>, tensor<8x3x1x16x!wu>) -> tensor<1x9x10x8xf32>
  %23 = qnn.conv2d %row, %single {pads = array<i64: 1, 1, 2, 3>, algorithm = #eight}
    : (tensor<1x1x9x1x!u>, tensor<1x1x3x1x!w>) -> tensor<1x3x12x1x!y>
  %24 = qnn.conv2d %f, %real {pads = array<i64: 0, 0, 1, 1>, algorithm = #float, activation = #qnn.activation<relu>}
    : (tensor<1x7x6x5xf32>, tensor<7x1x3x5xf32>) -> tensor<1x7x6x7xf32>
  %25 = qnn.conv2d %f, %reald {pads = array<i64: 1, 1, 0, 0>, algorithm = #float}
    : (tensor<1x7x6x5xf32>, tensor<7x3x1x5xf32>) -> tensor<1x7x6x7xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25 : tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<1x5x7x3x!y>, tensor<2x6x6x5x!y>, tensor<2x6x6x5x!y>, tensor<2x6x6x5x!y>, tensor<2x6x6x5x!y>, tensor<2x6x8x4x!y>, tensor<1x1x2x9xi32>, tensor<1x9x10x17xi32>, tensor<1x9x10x17x!z>, tensor<1x9x10x8xf32>, tensor<1x3x12x1x!y>, tensor<2x6x8x4x!y>, tensor<1x1x2x9xi32>, tensor<1x9x10x17xi32>, tensor<1x9x10x17x!z>, tensor<1x9x10x8xf32>, tensor<1x3x12x1x!y>, tensor<1x7x6x7xf32>, tensor<1x7x6x7xf32>
}
