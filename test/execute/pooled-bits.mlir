// Pools of sums before batch norms that fall in some channels: bits are pooled, and what reads them has negated weights there; a
// convolution with a border, a dense layer behind a reshape, two readers, and weights that have no opposite.
!b = !qnn.binary
!a = !qnn.binary<alpha = [5.0e-01]>
!t = !qnn.ternary
!i2 = !quant.uniform<i2:f32, 1.0>
func.func @pooled(%x: tensor<1x6x6x32x!b>) -> (tensor<1x3x3x5xi32>, tensor<1x7xi32>, tensor<1x3x3x5xi32>, tensor<1x3x3x8x!a>, tensor<1x3x3x5xi32>, tensor<1x7xi32>) {
  %gamma = qnn.constant dense<[1.5, -0.75, 0.0, 0.3, -2.0, -0.01, 0.7, -1.0]> : tensor<8xf32> : tensor<8xf32>
  %beta = qnn.constant dense<[0.25, 0.1, -0.5, 1.0, 0.0, 0.3, -0.2, 0.4]> : tensor<8xf32> : tensor<8xf32>
  %mean = qnn.constant dense<[0.125, -0.3, 2.0, 1.1, 0.0, 4.0, -3.0, 2.0]> : tensor<8xf32> : tensor<8xf32>
  %variance = qnn.constant dense<[0.7, 1.3, 4.0, 0.01, 1.0, 2.0, 3.0, 0.5]> : tensor<8xf32> : tensor<8xf32>
  %w0 = qnn.constant dense<"0x73DD8FDBECC7777382DA96302FCD8379A19DCB2F18724D241789CFE3B1A20A98FB65F673A7BD9DA6289F03D487100F0930E13D9907C776537097D732843BA34B7F01A91575A74768FF8DFEEED715B54150C23A8349071190C41B661BD84A6211F504D8AF003635EDE90D7860FAB5656B1290A132C7AC4556164F5503F668C2EC1E223FB419020F77CC7C2DAE8F30728230FCBBC4216BA4621D656BFD360045DDF8F9CD974DFFE205352F64FEDA9AA493190AFD2536714202C59C54D44B621213173595A23E03995E5F9F7420F5967BD59322DD622EA0274FE83AD19C3FB93028BDA1F08D32AFF363E17B9A146B0C1A1B0983F6413DBDB464416BD2E7987D4B852CEDB8FA11203A7A8FA7DA9D9D124736EAEA34BF04114469723F0F0B2D485E87"> : tensor<288xi8> : tensor<8x3x3x32x!b>
  %s0 = qnn.conv2d %x, %w0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x32x!b>, tensor<8x3x3x32x!b>) -> tensor<1x6x6x8xf32>
  %p0 = qnn.max_pool2d %s0 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x8xf32>) -> tensor<1x3x3x8xf32>
  %n0 = qnn.batch_norm %p0, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x3x3x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x3x3x8xf32>
  %b0 = qnn.quantize %n0 : (tensor<1x3x3x8xf32>) -> tensor<1x3x3x8x!a>
  %v0 = qnn.constant dense<"0x92F921175C23E473FB54A8BBB08595F2239708EC0479E95BB34FF6080599A2137B11BB4F5122FF1213738B5EBC"> : tensor<45xi8> : tensor<5x3x3x8x!b>
  %0 = qnn.conv2d %b0, %v0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x3x8x!a>, tensor<5x3x3x8x!b>) -> tensor<1x3x3x5xi32>
  %w1 = qnn.constant dense<"0x0BE6EFBCBCB421CBF6EA575A15AF79E613DFDB6AF1CA07DD7F92039FA9616195039B121417A31DFE41E16ABA5463EFBCB194757076D68A1584C083074F99167B053AF5B21C7FC79DA8EB7C41E5025E4D24AD9C33842BC0E757A8EE717FE43D5367AA4032A26ECDCEC1EA33E136623895EB513522227F59D6E5D90AB610F3FA46D22B1C737846EC36D46961A0857EAC50B7D6D7FB9F735213D40847DF9B0AADB547925A4FA6CA9004A42267743006C4D4443CC724CB0CFBA11D721BA189A7A3CE5EF513AF3233D279412DB602C17888B6092D3945C7588AB2F285809DFFC12864D9CAB3E7391669EEE4B86321737432A0E3E801608C91A7E180CBD1F1577653A6FB3419B8DDD1CCA4ECB71F363EE663FB16FA4F89FACAEE5243E8B7DB04598115"> : tensor<288xi8> : tensor<8x3x3x32x!b>
  %s1 = qnn.conv2d %x, %w1 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x32x!b>, tensor<8x3x3x32x!b>) -> tensor<1x6x6x8xf32>
  %p1 = qnn.max_pool2d %s1 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x8xf32>) -> tensor<1x3x3x8xf32>
  %n1 = qnn.batch_norm %p1, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x3x3x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x3x3x8xf32>
  %b1 = qnn.quantize %n1 : (tensor<1x3x3x8xf32>) -> tensor<1x3x3x8x!b>
  %f1 = qnn.reshape %b1 : (tensor<1x3x3x8x!b>) -> tensor<1x72x!b>
  %v1 = qnn.constant dense<"0x0970578C6BC4467CEB0737CFDE106DCC082C8855AFC9EA237826FF84E6B984D7ADB070F2E17E94F2B016C23870868F4AD4BA8FA32A8583D7E88F414FAB61F4"> : tensor<63xi8> : tensor<7x72x!b>
  %1 = qnn.dense %f1, %v1 : (tensor<1x72x!b>, tensor<7x72x!b>) -> tensor<1x7xi32>
  %w2 = qnn.constant dense<"0xD8DEE69C354DD924F78B8645927F3369891D80019A600789F80B84EA668BCDFD901F7D17B02A10EE897569EBF4CCEC67443F797E20566FE6D0EFE6EB7986511B316B9E07EC4221B3C7FA050931273A03AF4852B95A3E9E7F1A7FBB951FDA829F40B732B387E06F0560A269D3879D288934DDA188A3378737D98A9C96DB223BEABDA0CF58E72E509A50E4EC3137C7FF31E31822E33D21BA164263186FD5F06B8BCAB4203367A0AFCC04183391AE5BE9D2F75C1DB481A2C25780FFAFD530CD127B1B0609C38D9D83E7917B25302F1D342CD728FD48EDAC18940F22F3AE7613C3185364776D835A6E35995F03A2B30AD8332E68745CBD5E67EB319A2A1883CA0352E415CDD7B4E0DCE8A1F0679199308195FB57CEC34247E91DBEBEC728D0EF6722"> : tensor<288xi8> : tensor<8x3x3x32x!b>
  %s2 = qnn.conv2d %x, %w2 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x32x!b>, tensor<8x3x3x32x!b>) -> tensor<1x6x6x8xf32>
  %p2 = qnn.max_pool2d %s2 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x8xf32>) -> tensor<1x3x3x8xf32>
  %n2 = qnn.batch_norm %p2, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x3x3x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x3x3x8xf32>
  %b2 = qnn.quantize %n2 : (tensor<1x3x3x8xf32>) -> tensor<1x3x3x8x!a>
  %2 = qnn.conv2d %b2, %v0 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x3x3x8x!a>, tensor<5x3x3x8x!b>) -> tensor<1x3x3x5xi32>
  %w4 = qnn.constant dense<"0xE554E189B15EC46EC32E6734B82F12CC574D781902E35BFDA3E79F0C3B45F1F6AA4C5637A867912E88136383FF7FA436B31EC365FA93051D9D1BBD3C417166810CC232A5600219424046E7578C8A826AF78591D8FE19A371CFA5138C98ABC2F40B62EEF0286278F82BDB7E8A9C980E6DF17E6B488666994F5D87497BA7458FED48A9B7BF4B0603C53E950AA22868C1AF630DE550BF650C94FDB9F15112CCE7396DB87A40F9C13E0B8519EFCFB9E87724FAF5D13E9AB41D0C9F6A741E34DC0D5B87271F5D7123AA6A749943A395AE6B5DC7BE87D0FF23F34ABB203D7B1D80E44FC8819FD85B46459CAFB990B29730A247C03D30F33F80FAA7EA32E0AE0AA00F0245426C069F091A388A4712C116E9AD298C3CA1FB5F7B7A5A3556577EBE22D6DE"> : tensor<288xi8> : tensor<8x3x3x32x!b>
  %s4 = qnn.conv2d %x, %w4 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x32x!b>, tensor<8x3x3x32x!b>) -> tensor<1x6x6x8xf32>
  %p4 = qnn.max_pool2d %s4 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x8xf32>) -> tensor<1x3x3x8xf32>
  %n4 = qnn.batch_norm %p4, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x3x3x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x3x3x8xf32>
  %b4 = qnn.quantize %n4 : (tensor<1x3x3x8xf32>) -> tensor<1x3x3x8x!b>
  %v4 = qnn.constant dense<-2> : tensor<5x1x1x8xi8> : tensor<5x1x1x8x!quant.uniform<i8<-2:1>:f32, 1.0>>
  %4 = qnn.conv2d %b4, %v4 : (tensor<1x3x3x8x!b>, tensor<5x1x1x8x!quant.uniform<i8<-2:1>:f32, 1.0>>) -> tensor<1x3x3x5xi32>
  %w5 = qnn.constant dense<"0x13CD1E72CFD29FD6C4C436716CBF4263CF265E27A7D6FD98534A8CC2BFD3EB2F6DA75E941876E052148B156E90917CD0AF764CD2C602134F36E9A99A14B14D7EB9C3B15348E124385BA8B9535DE81E52B5709198EBE7F0AFE9477087CDFE4E75513866F7EFBAE5843F155CD45D065DAD659563CB31BD905ECC638A27D697902D2D16C274E1DA48CF0538840E8B28914BF705A6D7CD6C10948B4EC98B15551446BC1AE6501506A2A72418BED0A66C3EB6387DC3E88556C375645956CEF755AC227E7C89CEB812B59EEA0B69C1D3FCAA59DA00CE60D516E376F58AA306865CB502CD1C6BEC6BEA253EBD29FDA260AF2A5234636C874A46F8E20F784EBB1D4DA527C6EB2DE90FC07504957BE8CC09501B322F5B37963C99B778988239712FE44767"> : tensor<288xi8> : tensor<8x3x3x32x!b>
  %s5 = qnn.conv2d %x, %w5 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x6x6x32x!b>, tensor<8x3x3x32x!b>) -> tensor<1x6x6x8xf32>
  %p5 = qnn.max_pool2d %s5 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x6x6x8xf32>) -> tensor<1x3x3x8xf32>
  %n5 = qnn.batch_norm %p5, %gamma, %beta, %mean, %variance {epsilon = 1.0e-03 : f64} : (tensor<1x3x3x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x3x3x8xf32>
  %b5 = qnn.quantize %n5 : (tensor<1x3x3x8xf32>) -> tensor<1x3x3x8x!b>
  %f5 = qnn.reshape %b5 : (tensor<1x3x3x8x!b>) -> tensor<1x72x!b>
  %v5 = qnn.constant dense<"0x2CE9C1EF4FA08CF1D18C7ADA427CE367EAF457A98CC5F4177BDC38660C37F222CDCC62F987CB84C646C9FD0EA8EC3CE402DF78E75F73CB3FB66B9BDF286A28"> : tensor<63xi8> : tensor<7x72x!b>
  %5 = qnn.dense %f5, %v5 : (tensor<1x72x!b>, tensor<7x72x!b>) -> tensor<1x7xi32>
  return %0, %1, %2, %b2, %4, %5 : tensor<1x3x3x5xi32>, tensor<1x7xi32>, tensor<1x3x3x5xi32>, tensor<1x3x3x8x!a>, tensor<1x3x3x5xi32>, tensor<1x7xi32>
}
