// Channels whose code is known at compile time.
#ifndef QCC_COMPILER_COMPRESS_CONSTANTCHANNELS_H
#define QCC_COMPILER_COMPRESS_CONSTANTCHANNELS_H

#include "compiler/compress/ChannelSets.h"
#include "compiler/compress/Contraction.h"

namespace qcc::compress {

/// Finds the channels of integer tensors that hold one code at every position, whatever the model's inputs.
class ConstantChannels {
public:
  explicit ConstantChannels(const ChannelNumbers &numbers) : numbers(numbers), codes(numbers.size()) {}
  /// Looks at the results of an operator; its operands must have been looked at.
  void visit(mlir::Operation *op);
  std::optional<int64_t> get(mlir::Value value, int64_t channel) const { return codes[numbers(value, channel)]; }

private:
  void visitConstant(qnn::ConstantOp op);
  void visitContraction(const Contraction &contraction);
  std::optional<llvm::SmallVector<int32_t>> constantSums(const Contraction &contraction, int64_t output) const;
  void visitMove(mlir::Operation *op);
  void visitUnary(mlir::Operation *op, llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Value, mlir::RankedTensorType)> build);
  void visitMapped(mlir::Operation *op);
  void visitBinary(mlir::Operation *op);
  template <typename Pool> void visitPool(Pool op);
  void visitMean(qnn::MeanOp op);

  void set(mlir::Value value, int64_t channel, int64_t code) { codes[numbers(value, channel)] = code; }

  const ChannelNumbers &numbers;
  std::vector<std::optional<int64_t>> codes;
};

} // namespace qcc::compress

#endif // QCC_COMPILER_COMPRESS_CONSTANTCHANNELS_H
