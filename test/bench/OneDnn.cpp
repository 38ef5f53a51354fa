#include "test/bench/OneDnn.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.hpp>
#include <random>

using namespace dnnl;
using namespace qcc::bench;

namespace {
using Type = memory::data_type;

/// Memory with random contents: small floats, which have the upper halves of f32 as bf16 has them, or any bytes.
memory makeRandom(const memory::desc &description, const engine &engine) {
  memory result(description, engine);
  std::mt19937 random(1);
  std::uniform_real_distribution<float> real(-1, 1);
  auto type = static_cast<Type>(description.data.data_type);
  for (size_t at = 0; at + 4 <= description.get_size(); at += 4) {
    uint32_t word = random();
    if (type == Type::f32 || type == Type::bf16) {
      float number = real(random);
      std::memcpy(&word, &number, sizeof word);
    }
    if (type == Type::bf16)
      word = (word & 0xffff0000u) | word >> 16;
    std::memcpy(static_cast<char *>(result.get_data_handle()) + at, &word, sizeof word);
  }
  return result;
}

/// One scale per output channel, as qcc's models have.
primitive_attr makeAttributes(const Contraction &contraction) {
  primitive_attr attributes;
  if (contraction.element == Element::Int8)
    attributes.set_output_scales(/*mask=*/1 << 1, std::vector<float>(contraction.outputs, 1e-3f));
  return attributes;
}

struct Types {
  explicit Types(Element element) {
    if (element == Element::Float32)
      input = weights = bias = output = Type::f32;
    if (element == Element::Bfloat16)
      input = weights = output = Type::bf16, bias = Type::f32;
  }
  Type input = Type::u8, weights = Type::s8, bias = Type::s32, output = Type::s8;
};

memory::desc any(memory::dims dims, Type type) { return memory::desc(std::move(dims), type, memory::format_tag::any); }

convolution_forward::primitive_desc describeConvolution(const Contraction &c, const engine &engine) {
  Types types(c.element);
  memory::dims pads = {c.pad, c.pad};
  convolution_forward::desc description(
      prop_kind::forward_inference, algorithm::convolution_direct,
      any({c.batch, c.inputs, c.height, c.width}, types.input),
      any({c.outputs, c.inputs, c.kernelHeight, c.kernelWidth}, types.weights), any({c.outputs}, types.bias),
      any({c.batch, c.outputs, c.height, c.width}, types.output), /*strides=*/{1, 1}, pads, pads);
  return {description, makeAttributes(c), engine};
}

inner_product_forward::primitive_desc describeProduct(const Contraction &c, const engine &engine) {
  Types types(c.element);
  inner_product_forward::desc description(prop_kind::forward_inference, any({c.batch, c.inputs}, types.input),
                                          any({c.outputs, c.inputs}, types.weights), any({c.outputs}, types.bias),
                                          any({c.batch, c.outputs}, types.output));
  return {description, makeAttributes(c), engine};
}

template <typename Primitive, typename Description>
std::function<void()> makeRun(const Description &description, const engine &engine) {
  std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, makeRandom(description.src_desc(), engine)},
                                               {DNNL_ARG_WEIGHTS, makeRandom(description.weights_desc(), engine)},
                                               {DNNL_ARG_BIAS, makeRandom(description.bias_desc(), engine)},
                                               {DNNL_ARG_DST, memory(description.dst_desc(), engine)}};
  return [arguments, primitive = Primitive(description), stream = stream(engine)]() mutable {
    primitive.execute(stream, arguments);
    stream.wait();
  };
}
} // namespace

std::function<void()> qcc::bench::makeOneDnn(const Contraction &contraction) {
  // Debian's oneDNN runs on OpenMP, which it brings along; this program does not link it.
  if (void *found = dlsym(RTLD_DEFAULT, "omp_set_num_threads"))
    reinterpret_cast<void (*)(int)>(found)(1);
  engine engine(engine::kind::cpu, 0);
  bool isProduct = contraction.height == 1 && contraction.width == 1 && contraction.kernelHeight == 1;
  return isProduct ? makeRun<inner_product_forward>(describeProduct(contraction, engine), engine)
                   : makeRun<convolution_forward>(describeConvolution(contraction, engine), engine);
}
