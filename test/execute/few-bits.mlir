// Every width from one bit to seven, as input, weights and result: rows of 5 and 3 codes, so that most begin inside a byte.
!b = !qnn.binary
!t = !qnn.ternary<alpha = [5.0e-01]>
!u1 = !quant.uniform<u1:f32, 5.0e-01:0>
!u2 = !quant.uniform<u2:f32, 5.0e-01:1>
!i2 = !quant.uniform<i2:f32, 5.0e-01:1>
!u3 = !quant.uniform<u3:f32, 5.0e-01:5>
!i3 = !quant.uniform<i3:f32, 5.0e-01:-2>
!u4 = !quant.uniform<u4:f32, 5.0e-01:15>
!i4 = !quant.uniform<i4:f32, 5.0e-01:3>
!u5 = !quant.uniform<u5:f32, 5.0e-01:7>
!i5 = !quant.uniform<i5:f32, 5.0e-01:0>
!u6 = !quant.uniform<u6:f32, 5.0e-01:32>
!i6 = !quant.uniform<i6:f32, 5.0e-01:-9>
!u7 = !quant.uniform<u7:f32, 5.0e-01:64>
!i7 = !quant.uniform<i7:f32, 5.0e-01:20>
func.func @few_bits(
    %b: tensor<1x4x3x5x!b>, %t: tensor<1x4x3x5x!t>, %u1: tensor<1x4x3x5x!u1>, %u2: tensor<1x4x3x5x!u2>,
    %i2: tensor<1x4x3x5x!i2>, %u3: tensor<1x4x3x5x!u3>, %i3: tensor<1x4x3x5x!i3>, %u4: tensor<1x4x3x5x!u4>,
    %i4: tensor<1x4x3x5x!i4>, %u5: tensor<1x4x3x5x!u5>, %i5: tensor<1x4x3x5x!i5>, %u6: tensor<1x4x3x5x!u6>,
    %i6: tensor<1x4x3x5x!i6>, %u7: tensor<1x4x3x5x!u7>, %i7: tensor<1x4x3x5x!i7>)
    -> (
    tensor<1x3x2x3x!b>, tensor<1x3x2x3x!t>, tensor<1x3x2x3x!u1>, tensor<1x3x2x3x!u2>, tensor<1x3x2x3x!i2>,
    tensor<1x3x2x3x!u3>, tensor<1x3x2x3x!i3>, tensor<1x3x2x3x!u4>, tensor<1x3x2x3x!i4>, tensor<1x3x2x3x!u5>,
    tensor<1x3x2x3x!i5>, tensor<1x3x2x3x!u6>, tensor<1x3x2x3x!i6>, tensor<1x3x2x3x!u7>, tensor<1x3x2x3x!i7>) {
  %wb = qnn.constant dense<"0x4518214C843F7C6A3EF34D72EE0334E71B"> : tensor<17xi8> : tensor<3x3x3x5x!b>
  %yb = qnn.conv2d %b, %wb {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!b>, tensor<3x3x3x5x!b>) -> tensor<1x4x3x3x!b>
  %pb = qnn.max_pool2d %yb {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!b>) -> tensor<1x3x2x3x!b>
  %wt = qnn.constant dense<"0xCFD3DF4D7F1C040FC01F41F7711D1D3157744F1FF4C005C13F3335D14D337140F73F"> : tensor<34xi8> : tensor<3x3x3x5x!t>
  %yt = qnn.conv2d %t, %wt {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!t>, tensor<3x3x3x5x!t>) -> tensor<1x4x3x3x!t>
  %pt = qnn.max_pool2d %yt {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!t>) -> tensor<1x3x2x3x!t>
  %wu1 = qnn.constant dense<"0x0D449D23C890ECAA9354C65B7730DD5222"> : tensor<17xi8> : tensor<3x3x3x5x!u1>
  %yu1 = qnn.conv2d %u1, %wu1 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!u1>, tensor<3x3x3x5x!u1>) -> tensor<1x4x3x3x!u1>
  %pu1 = qnn.max_pool2d %yu1 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!u1>) -> tensor<1x3x2x3x!u1>
  %wu2 = qnn.constant dense<"0xE34624A5798A4037BF652D81079B5C8E6A98E16C8134A3D19E7104240F2D038BD50F"> : tensor<34xi8> : tensor<3x3x3x5x!u2>
  %yu2 = qnn.conv2d %u2, %wu2 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!u2>, tensor<3x3x3x5x!u2>) -> tensor<1x4x3x3x!u2>
  %pu2 = qnn.max_pool2d %yu2 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!u2>) -> tensor<1x3x2x3x!u2>
  %wi2 = qnn.constant dense<"0xE10E6C8607956392D1EB3072E5561C21422E604988F2C4646B4D7E01D094EF1DF53B"> : tensor<34xi8> : tensor<3x3x3x5x!i2>
  %yi2 = qnn.conv2d %i2, %wi2 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!i2>, tensor<3x3x3x5x!i2>) -> tensor<1x4x3x3x!i2>
  %pi2 = qnn.max_pool2d %yi2 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!i2>) -> tensor<1x3x2x3x!i2>
  %wu3 = qnn.constant dense<"0x4D570EB6671667B570F64D08FE11FFCBA43C80068A4EC299037876DF6002BBC3B93BEA7A60F671FBC85CBB21639001F94DD409"> : tensor<51xi8> : tensor<3x3x3x5x!u3>
  %yu3 = qnn.conv2d %u3, %wu3 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!u3>, tensor<3x3x3x5x!u3>) -> tensor<1x4x3x3x!u3>
  %pu3 = qnn.max_pool2d %yu3 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!u3>) -> tensor<1x3x2x3x!u3>
  %wi3 = qnn.constant dense<"0x2394CC65D1A857A072CF9E8CBA28AEC49B20440096EF26689E093F597AF92A17AB455F6DBEB51700027CF76F3C15FE8EE5BE10"> : tensor<51xi8> : tensor<3x3x3x5x!i3>
  %yi3 = qnn.conv2d %i3, %wi3 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!i3>, tensor<3x3x3x5x!i3>) -> tensor<1x4x3x3x!i3>
  %pi3 = qnn.max_pool2d %yi3 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!i3>) -> tensor<1x3x2x3x!i3>
  %wu4 = qnn.constant dense<"0x791366B2E508B316AB148661A0BD9562F12F3D4C528C9DD991DB0D6BCC065D3DC2EB4510C4B2459B5532FC9614AFC152C7F665C1C53B7416A1C39E9DD7BCEE05F07EEE05"> : tensor<68xi8> : tensor<3x3x3x5x!u4>
  %yu4 = qnn.conv2d %u4, %wu4 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!u4>, tensor<3x3x3x5x!u4>) -> tensor<1x4x3x3x!u4>
  %pu4 = qnn.max_pool2d %yu4 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!u4>) -> tensor<1x3x2x3x!u4>
  %wi4 = qnn.constant dense<"0x47AB3C356A99ACA2498CBACE17FD3AD002C6700E2F93DED420D4B039B64003343CA2F69D012198CF5135C9F78989133B5FC13ED78CCFB6CA40803976DF9889D4DFB9E80C"> : tensor<68xi8> : tensor<3x3x3x5x!i4>
  %yi4 = qnn.conv2d %i4, %wi4 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!i4>, tensor<3x3x3x5x!i4>) -> tensor<1x4x3x3x!i4>
  %pi4 = qnn.max_pool2d %yi4 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!i4>) -> tensor<1x3x2x3x!i4>
  %wu5 = qnn.constant dense<"0x9AE935C91C1EE0DD0B5FCE40274E85236E285B010A3EA628C3F561EF41D86EB64C5412E118655308020922C865049BD7DA11A2486F906992D60D8385725CEA65D0611BEB472B526DC0E400F69BBFBE854A36F7D501"> : tensor<85xi8> : tensor<3x3x3x5x!u5>
  %yu5 = qnn.conv2d %u5, %wu5 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!u5>, tensor<3x3x3x5x!u5>) -> tensor<1x4x3x3x!u5>
  %pu5 = qnn.max_pool2d %yu5 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!u5>) -> tensor<1x3x2x3x!u5>
  %wi5 = qnn.constant dense<"0xF559626C4A75C5D307581AF986A5219911DD18F0B8B4CFC3C8F913A33FE1C06ACB51CE63ACC0AD0D1D3509D3F2A2C50C12FC4B79BF6F5B0458F59306CBB5A83681E85909BAE6C6B6EEE229AAF59DAE9920A0342105"> : tensor<85xi8> : tensor<3x3x3x5x!i5>
  %yi5 = qnn.conv2d %i5, %wi5 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!i5>, tensor<3x3x3x5x!i5>) -> tensor<1x4x3x3x!i5>
  %pi5 = qnn.max_pool2d %yi5 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!i5>) -> tensor<1x3x2x3x!i5>
  %wu6 = qnn.constant dense<"0x75DD860D67CE9CBC6F1584603C27B5F45E427CDB8930685F3D30B69F99F6BEADB893191F4A1AB141A02525C848DD95B39336578B99FD9B823B4F587711FF1FFD2EF9DF5F0154BAFFE5FEDA7572B98350A84CEF4BC456432BE3AEBC46DEAB0D1A65D9FEB32A02"> : tensor<102xi8> : tensor<3x3x3x5x!u6>
  %yu6 = qnn.conv2d %u6, %wu6 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!u6>, tensor<3x3x3x5x!u6>) -> tensor<1x4x3x3x!u6>
  %pu6 = qnn.max_pool2d %yu6 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!u6>) -> tensor<1x3x2x3x!u6>
  %wi6 = qnn.constant dense<"0x8CFEBD0A8E18F05A4E9339192D58E2DC09C9EA5E6A367B93151B3EF11118774522E2657EE55B4D191A463347B52AB7CFA10586EFBABF30270E7F769B8EAC169F06986478866A741CB577220FC6D5B2EBD055176582520CA712CE87F54311D467049804824503"> : tensor<102xi8> : tensor<3x3x3x5x!i6>
  %yi6 = qnn.conv2d %i6, %wi6 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!i6>, tensor<3x3x3x5x!i6>) -> tensor<1x4x3x3x!i6>
  %pi6 = qnn.max_pool2d %yi6 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!i6>) -> tensor<1x3x2x3x!i6>
  %wu7 = qnn.constant dense<"0x8A24A964FC632BFCF06CF77494EFB4A0405CB76821BBB250AA9FC16CB18B4BC9DD9E4DBF85FFBBF9DA2927E8017B2C601034BE4D786C63E4A160C23A73812B8706C25BE743CA9E4B30BAB3905D72949787632582DAC78121DC3B32A56840C6846BF0D26F70FCF9EEC32B788F34B8C71228DCE43B926300"> : tensor<119xi8> : tensor<3x3x3x5x!u7>
  %yu7 = qnn.conv2d %u7, %wu7 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!u7>, tensor<3x3x3x5x!u7>) -> tensor<1x4x3x3x!u7>
  %pu7 = qnn.max_pool2d %yu7 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!u7>) -> tensor<1x3x2x3x!u7>
  %wi7 = qnn.constant dense<"0xA2E2746691EC75DD0E998277BA67659899B04AFDCFC6C2A2A216F4B611DAAE7B76DA75096F60DE7109FA7CEC48A14A3B176462EC328E01136FCE4B89BA1BDC63B79E2DA75A7D06367D1C77CC855094135341F8AE43944E4CF8BF3BC9F427B89149BD1BBF24F4546C7D32A3B8E8B7E6DD6AED0370246201"> : tensor<119xi8> : tensor<3x3x3x5x!i7>
  %yi7 = qnn.conv2d %i7, %wi7 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x5x!i7>, tensor<3x3x3x5x!i7>) -> tensor<1x4x3x3x!i7>
  %pi7 = qnn.max_pool2d %yi7 {kernel = array<i64: 2, 2>} : (tensor<1x4x3x3x!i7>) -> tensor<1x3x2x3x!i7>
  return
    %pb, %pt, %pu1, %pu2, %pi2, %pu3, %pi3, %pu4, %pi4, %pu5, %pi5, %pu6, %pi6, %pu7, %pi7 :
    tensor<1x3x2x3x!b>, tensor<1x3x2x3x!t>, tensor<1x3x2x3x!u1>, tensor<1x3x2x3x!u2>, tensor<1x3x2x3x!i2>,
    tensor<1x3x2x3x!u3>, tensor<1x3x2x3x!i3>, tensor<1x3x2x3x!u4>, tensor<1x3x2x3x!i4>, tensor<1x3x2x3x!u5>,
    tensor<1x3x2x3x!i5>, tensor<1x3x2x3x!u6>, tensor<1x3x2x3x!i6>, tensor<1x3x2x3x!u7>, tensor<1x3x2x3x!i7>
}
