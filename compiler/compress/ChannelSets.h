// Which channels of which tensors stay or go together.
#ifndef QCC_COMPILER_COMPRESS_CHANNELSETS_H
#define QCC_COMPILER_COMPRESS_CHANNELSETS_H

#include "dialects/qnn/QnnOps.h"

namespace qcc::compress {

/// The channels of a value: the size of its last axis, 1 for a tensor without axes, 0 for what is no tensor.
int64_t channelCount(mlir::Value value);

/// Numbers the channels of all values of a block, from 0.
class ChannelNumbers {
public:
  explicit ChannelNumbers(mlir::Block &block);
  size_t operator()(mlir::Value value, int64_t channel) const { return first.at(value) + channel; }
  size_t size() const { return total; }

private:
  void add(mlir::Value value);
  llvm::DenseMap<mlir::Value, size_t> first;
  size_t total = 0;
};

/// Disjoint sets of numbered channels (union by path halving), each required or not. A set is removed as a whole.
class ChannelSets {
public:
  explicit ChannelSets(size_t channels);
  void unite(size_t a, size_t b);
  void require(size_t channel) { required[find(channel)] = true; }
  bool isRequired(size_t channel) { return required[find(channel)]; }

private:
  size_t find(size_t channel);
  std::vector<size_t> parent;
  std::vector<bool> required;
};

/// Sees that channel `outputChannel` of a result is made of channel `inputChannel` of an operand.
using SeeLink =
    llvm::function_ref<void(mlir::Value output, int64_t outputChannel, mlir::Value input, int64_t inputChannel)>;

/// Shows how an operator that moves elements or maps them one by one (or a window, or all positions, of one channel)
/// passes the channels of its only operand, or of those that it joins, to its results. False for other operators, and
/// where an axis is cut so that a channel cannot leave; then nothing is shown.
bool forEachLink(mlir::Operation *op, SeeLink see);

} // namespace qcc::compress

#endif // QCC_COMPILER_COMPRESS_CHANNELSETS_H
