#include "compiler/quantize/LayerMoments.h"

using namespace qcc::quantize;

/// So many rows are multiplied in f32 before their products are added in f64.
static constexpr int64_t blockRows = 256;

MomentsCollector::MomentsCollector(const ContractionRows &layer, int64_t rowsPerSample)
    : layer(layer), rowsPerSample(std::min(rowsPerSample, layer.getPositions())), groups(layer.getGroups()) {
  int64_t length = layer.getLength();
  for (Group &group : groups) {
    group.x.resize(blockRows, length);
    group.y.resize(blockRows, length);
    group.moments.meanX = group.moments.meanY = Eigen::VectorXd::Zero(length);
    group.moments.covariance = group.moments.crossCovariance = Eigen::MatrixXd::Zero(length, length);
  }
}

void MomentsCollector::add(llvm::ArrayRef<double> x, llvm::ArrayRef<double> y) {
  // Evenly spaced rows would meet the same columns of all images: each is drawn from a stretch of its own.
  for (int64_t i = 0; i < rowsPerSample; ++i) {
    int64_t first = i * layer.getPositions() / rowsPerSample, last = (i + 1) * layer.getPositions() / rowsPerSample;
    // xorshift64
    randomState ^= randomState << 13;
    randomState ^= randomState >> 7;
    randomState ^= randomState << 17;
    int64_t position = first + static_cast<int64_t>(randomState % static_cast<uint64_t>(last - first));
    for (auto [number, group] : llvm::enumerate(groups)) {
      layer.gather(x, position, static_cast<int64_t>(number), group.x.row(filled).data());
      layer.gather(y, position, static_cast<int64_t>(number), group.y.row(filled).data());
    }
    if (++filled == blockRows) {
      for (Group &group : groups)
        flush(group);
      filled = 0;
    }
  }
}

void MomentsCollector::flush(Group &group) {
  auto x = group.x.topRows(filled), y = group.y.topRows(filled);
  Moments &moments = group.moments;
  moments.count += filled;
  moments.meanX += x.colwise().sum().transpose().cast<double>();
  moments.meanY += y.colwise().sum().transpose().cast<double>();
  moments.covariance += (y.transpose() * y).eval().cast<double>();
  moments.crossCovariance += (x.transpose() * y).eval().cast<double>();
}

std::vector<Moments> MomentsCollector::finish() {
  std::vector<Moments> result;
  for (Group &group : groups) {
    flush(group);
    Moments &moments = group.moments;
    double count = static_cast<double>(std::max<int64_t>(moments.count, 1));
    moments.meanX /= count;
    moments.meanY /= count;
    moments.covariance = moments.covariance / count - moments.meanY * moments.meanY.transpose();
    moments.crossCovariance = moments.crossCovariance / count - moments.meanX * moments.meanY.transpose();
    result.push_back(std::move(moments));
  }
  groups.clear();
  return result;
}
