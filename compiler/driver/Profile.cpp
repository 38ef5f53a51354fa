#include "compiler/driver/Profile.h"

#include "compiler/driver/Report.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
/// One kernel, or all of them, with what follows from its measurement.
struct ProfileRow {
  std::string layer, op, kernel;
  int64_t macs = 0, bytes = 0;
  Peak::Kind limit = Peak::Kind::Int8; ///< the type of its products
  KernelStatistics statistics;
  std::optional<double> fractionOfPeak;
  std::optional<CycleModel::Estimate> cycles;

  bool isTimed() const { return statistics.minMicroseconds >= 0; }
  /// Products and bytes in a second of the fastest run, in units of 1e9.
  double gmacsPerSecond() const { return macs / std::max(statistics.minMicroseconds, 1e-3) / 1e3; }
  double gbytesPerSecond() const { return bytes / std::max(statistics.minMicroseconds, 1e-3) / 1e3; }
  double instructionsPerMac() const { return double(statistics.instructions) / macs; }
};
} // namespace

/// The operator that a kernel came from, by its name; else what the kernel is.
static std::string operatorOf(const KernelReport &kernel, const ModelReport &report) {
  auto layer = llvm::find_if(report.layers, [&](const LayerReport &layer) { return layer.name == kernel.layer; });
  return layer == report.layers.end() ? kernel.op : layer->op;
}

static std::vector<ProfileRow> listRows(const Execution &execution, const Yardstick &yardstick) {
  std::vector<ProfileRow> rows;
  for (auto [kernel, statistics] : llvm::zip_equal(execution.report.kernels, execution.statistics.kernels)) {
    Peak::Kind limit = kernel.isBfloat  ? Peak::Kind::Bfloat16
                       : kernel.isFloat ? Peak::Kind::Float32
                       : kernel.isBits  ? Peak::Kind::Bits
                                        : Peak::Kind::Int8;
    ProfileRow row{kernel.layer, operatorOf(kernel, execution.report),
                   kernel.op,    kernel.macs,
                   kernel.bytes, limit,
                   statistics,   std::nullopt,
                   std::nullopt};
    const Peak *peak = findPeak(yardstick.peaks, limit);
    if (peak && row.macs > 0)
      row.fractionOfPeak = row.gmacsPerSecond() * 1e9 / peak->perSecond;
    if (!yardstick.cycles.empty())
      row.cycles = yardstick.cycles[rows.size()];
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The sums, and the share of their time that the products take at the peak. Times are a little less than a run's:
/// inputs and outputs are copied, too.
static ProfileRow sum(ArrayRef<ProfileRow> rows) {
  ProfileRow all;
  all.layer = "total";
  bool isTimed = rows.front().isTimed();
  all.statistics = isTimed ? KernelStatistics{0, 0, -1, {}} : KernelStatistics{-1, -1, 0, {}};
  double idealMicroseconds = 0;
  for (const ProfileRow &row : rows) {
    idealMicroseconds += row.fractionOfPeak.value_or(0) * row.statistics.minMicroseconds;
    all.macs += row.macs;
    all.bytes += row.bytes;
    if (isTimed) {
      all.statistics.minMicroseconds += row.statistics.minMicroseconds;
      all.statistics.medianMicroseconds += row.statistics.medianMicroseconds;
    } else {
      all.statistics.instructions += row.statistics.instructions;
    }
    if (row.cycles)
      all.cycles = all.cycles.value_or(CycleModel::Estimate()) + *row.cycles;
  }
  if (idealMicroseconds > 0)
    all.fractionOfPeak = idealMicroseconds / all.statistics.minMicroseconds;
  return all;
}

//===-- JSON ------------------------------------------------------------------------------===//

static void printJson(llvm::json::OStream &json, const ProfileRow &row) {
  json.object([&] {
    json.attribute("layer", llvm::json::fixUTF8(row.layer));
    json.attribute("op", row.op);
    json.attribute("kernel", row.kernel);
    json.attribute("macs", row.macs);
    if (row.macs > 0)
      json.attribute("products", kindName(row.limit));
    json.attribute("bytes", row.bytes);
    if (row.isTimed()) {
      json.attribute("min_us", row.statistics.minMicroseconds);
      json.attribute("median_us", row.statistics.medianMicroseconds);
      json.attribute("gmacs_per_second", row.gmacsPerSecond());
      json.attribute("gbytes_per_second", row.gbytesPerSecond());
    } else {
      json.attribute("instructions", row.statistics.instructions);
      if (row.macs > 0)
        json.attribute("instructions_per_mac", row.instructionsPerMac());
    }
    if (row.fractionOfPeak)
      json.attribute("fraction_of_peak", *row.fractionOfPeak);
    if (row.cycles)
      json.attribute("model_cycles", std::llround(row.cycles->cycles));
  });
}

void qcc::driver::printProfileJson(llvm::json::OStream &json, const Execution &execution, const Yardstick &yardstick) {
  json.attributeArray("kernels", [&] {
    for (const ProfileRow &row : listRows(execution, yardstick))
      ::printJson(json, row);
  });
  if (!yardstick.modelledCpu.empty())
    json.attribute("cycles_model", yardstick.modelledCpu);
  json.attributeArray("peaks", [&] {
    for (const Peak &peak : yardstick.peaks)
      json.object([&] {
        json.attribute("kind", kindName(peak.kind));
        json.attribute("instructions", peak.instructions);
        json.attribute("per_second", peak.perSecond);
      });
  });
}

//===-- Table -----------------------------------------------------------------------------===//

static std::string show(double value, int digits) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::format("%.*f", digits, value);
  return text;
}

static Row timedRow(const ProfileRow &row) {
  return {show(row.statistics.minMicroseconds, 2), show(row.statistics.medianMicroseconds, 2),
          row.macs > 0 ? show(row.gmacsPerSecond(), 2) : "", show(row.gbytesPerSecond(), 2),
          row.fractionOfPeak ? show(100 * *row.fractionOfPeak, 1) : ""};
}

static Row countedRow(const ProfileRow &row) {
  Row entries = {grouped(row.statistics.instructions), row.macs > 0 ? show(row.instructionsPerMac(), 3) : ""};
  if (row.cycles)
    llvm::append_range(entries, Row{grouped(std::llround(row.cycles->cycles)),
                                    row.macs > 0 ? show(row.cycles->cycles / row.macs, 3) : ""});
  return entries;
}

/// What the estimates are, and how much of the code they know.
static void explainCycles(raw_ostream &stream, StringRef cpu, const CycleModel::Estimate &all) {
  stream << "model cycles are an estimate by LLVM's model of the pipeline of " << cpu
         << ", without memory, fetches and taken branches\n";
  if (all.unknown > 0)
    stream << show(100.0 * all.unknown / all.instructions, 2)
           << " % of the instructions are unknown to it, and counted with one cycle each\n";
}

void qcc::driver::printProfileTable(raw_ostream &stream, const Execution &execution, const Yardstick &yardstick) {
  std::vector<ProfileRow> profile = listRows(execution, yardstick);
  profile.push_back(sum(profile));
  bool isTimed = profile.front().isTimed();
  Row header = {"#", "layer", "op", "kernel", "MACs", "bytes"};
  llvm::append_range(header, isTimed ? Row{"min us", "median us", "GMAC/s", "GB/s", "% of peak"}
                                     : Row{"instructions", "per MAC"});
  if (profile.back().cycles)
    llvm::append_range(header, Row{"model cycles", "per MAC"});
  std::vector<Row> rows = {header};
  for (auto [number, row] : llvm::enumerate(profile)) {
    bool isTotal = number + 1 == profile.size();
    rows.push_back({isTotal ? "" : std::to_string(number), shorten(row.layer), row.op, row.kernel, grouped(row.macs),
                    grouped(row.bytes)});
    llvm::append_range(rows.back(), isTimed ? timedRow(row) : countedRow(row));
  }
  printColumns(stream, rows, {0, 4, 5, 6, 7, 8, 9, 10});
  if (profile.back().cycles)
    explainCycles(stream, yardstick.modelledCpu, *profile.back().cycles);
  for (Peak::Kind kind :
       {Peak::Kind::Int8, Peak::Kind::Bfloat16, Peak::Kind::Float32, Peak::Kind::Bits, Peak::Kind::Memory})
    if (const Peak *peak = findPeak(yardstick.peaks, kind))
      stream << "peak of this machine, " << kindName(kind) << ": " << show(peak->perSecond / 1e9, 1)
             << (kind == Peak::Kind::Memory ? " GB/s" : " GMAC/s") << " (" << peak->instructions << ")\n";
}
