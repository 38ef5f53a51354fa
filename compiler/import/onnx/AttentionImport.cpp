// Attention: products of queries and keys, their softmax, and sums of values. Heads that share keys repeat them.
#include "compiler/import/onnx/FloatBuilder.h"

#include "compiler/support/Names.h"

#include <array>
#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using schema::TensorProto;

/// An operand as [batch, heads, length, size]: that, or [batch, length, heads * size].
static FailureOr<Value> readHeads(NodeImport &node, size_t i, StringRef countName) {
  FloatBuilder b(node);
  ArrayRef<int64_t> shape = node.input(i).shape;
  if (shape.size() == 4)
    return node.floats(i);
  int64_t heads = node.integer(countName, 0);
  if (shape.size() != 3 || heads < 1 || shape[2] % heads)
    return node.error() << "expects [batch, heads, length, size], or [batch, length, heads * size] and " << countName
                        << ", as input " << i << ", but got " << showShape(shape) << " and " << heads << " heads";
  return b.transpose(b.reshape(node.floats(i), {shape[0], shape[1], heads, shape[2] / heads}), {0, 2, 1, 3});
}

/// What is added to the scores [queries, keys]: the mask, and negative infinity where a query comes before a key.
static FailureOr<Value> readMask(NodeImport &node, ArrayRef<int64_t> scores, int64_t past) {
  FloatBuilder b(node);
  Value never = b.scalar(-HUGE_VAL), result;
  int64_t queries = scores[2], keys = scores[3];
  if (node.hasInput(3)) {
    Imported &mask = node.input(3);
    result = node.floats(3);
    bool isTruth = mask.type == TensorProto::BOOL;
    if (isTruth)
      result = b.select(result, b.scalar(0), never);
    // A mask that is too short hides the keys behind it.
    size_t rank = mask.shape.size();
    if (rank && mask.shape.back() < keys && mask.shape.back() > 1) {
      Shape low(rank, 0), high(rank, 0);
      high.back() = keys - mask.shape.back();
      result = b.pad(result, low, high, -HUGE_VAL);
    }
    std::optional<Shape> common = broadcast(scores, shapeOfValue(result));
    if (!common || ArrayRef<int64_t>(*common) != scores)
      return node.error() << "expects a mask that broadcasts to " << showShape(scores) << ", but got "
                          << showShape(mask.shape);
  }
  if (!node.integer("is_causal", 0))
    return result;
  std::vector<float> causal;
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j)
      causal.push_back(j <= i + past ? 0 : -HUGE_VALF);
  Value order = b.constant({queries, keys}, causal);
  return result ? b.add(result, order) : order;
}

/// softmax, with zeros where all is hidden.
static Value weights(FloatBuilder &b, Value scores) {
  auto last = static_cast<int64_t>(shapeOfValue(scores).size()) - 1;
  Value isHidden = b.equal(b.largest(scores, {last}), b.scalar(-HUGE_VAL));
  return b.select(isHidden, b.scalar(0), b.softmax(b.select(isHidden, b.scalar(0), scores)));
}

/// Keys or values behind those of earlier steps.
static FailureOr<Value> withPast(NodeImport &node, size_t i, Value present) {
  if (!node.hasInput(i))
    return present;
  Shape expected(shapeOfValue(present)), past = node.input(i).shape;
  if (past.size() == 4)
    expected[2] = past[2];
  if (past != expected)
    return node.error() << "expects " << showShape(expected) << " as input " << i << ", but got " << showShape(past);
  return FloatBuilder(node).concat({node.floats(i), present}, 2);
}

LogicalResult qcc::onnx::importAttention(NodeImport &node) {
  if (failed(node.expectInputs(3, 6)))
    return failure();
  if (node.hasInput(6) || node.integer("left_window_size", -1) >= 0 || node.integer("right_window_size", -1) >= 0)
    return node.error() << "has windows or lengths of its own for each sequence, which are not supported";
  FailureOr<Value> q = readHeads(node, 0, "q_num_heads"), k = readHeads(node, 1, "kv_num_heads"),
                   v = readHeads(node, 2, "kv_num_heads");
  if (failed(q) || failed(k) || failed(v))
    return failure();
  if (failed(k = withPast(node, 4, *k)) || failed(v = withPast(node, 5, *v)))
    return failure();
  ArrayRef<int64_t> queries = shapeOfValue(*q), keys = shapeOfValue(*k), values = shapeOfValue(*v);
  if (queries[0] != keys[0] || keys.take_front(3) != values.take_front(3) || queries[3] != keys[3] || !keys[1] ||
      queries[1] % keys[1])
    return node.error() << "expects queries, keys and values that fit, but got " << showShape(queries) << ", "
                        << showShape(keys) << " and " << showShape(values);
  FloatBuilder b(node);
  std::array<Value, 2> presents{*k, *v};
  for (auto [i, present] : llvm::enumerate(presents))
    if (failed(node.define(i + 1, Imported{.shape = Shape(shapeOfValue(present)), .value = present})))
      return failure();
  if (int64_t repeats = queries[1] / keys[1]; repeats > 1) {
    Shape heads;
    for (int64_t i = 0; i < queries[1]; ++i)
      heads.push_back(i / repeats);
    k = b.gather(*k, 1, heads);
    v = b.gather(*v, 1, heads);
  }
  double scale = node.number("scale", 1 / std::sqrt(static_cast<double>(shapeOfValue(*q)[3])));
  Value scores = b.matmul(b.mul(*q, scale), b.transpose(*k, {0, 1, 3, 2}));
  int64_t past = node.hasInput(4) ? node.input(4).shape[2] : 0;
  FailureOr<Value> mask = readMask(node, shapeOfValue(scores), past);
  if (failed(mask))
    return failure();
  SmallVector<Value> stages{scores};
  if (double cap = node.number("softcap", 0); cap > 0)
    scores = b.mul(b.tanh(b.mul(scores, 1 / cap)), cap);
  stages.push_back(scores);
  if (*mask)
    scores = b.add(scores, *mask);
  stages.push_back(scores);
  stages.push_back(weights(b, scores));
  int64_t mode = std::clamp<int64_t>(node.integer("qk_matmul_output_mode", 0), 0, 3);
  if (failed(node.define(3, Imported{.shape = Shape(shapeOfValue(stages[mode])), .value = stages[mode]})))
    return failure();
  Value result = b.matmul(stages.back(), *v);
  if (node.input(0).shape.size() == 3) {
    ArrayRef<int64_t> shape = shapeOfValue(result);
    Shape joined{shape[0], shape[2], shape[1] * shape[3]};
    result = b.reshape(b.transpose(result, {0, 2, 1, 3}), joined);
  }
  return node.define(result);
}
