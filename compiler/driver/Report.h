// A model report for people and for programs.
#ifndef QCC_COMPILER_DRIVER_REPORT_H
#define QCC_COMPILER_DRIVER_REPORT_H

#include "compiler/driver/Driver.h"

namespace qcc::driver {

/// A total of a report, in bytes, with its names for programs and for people.
struct SizeRow {
  llvm::StringRef key, label;
  int64_t value;
};

/// The totals that are known: the arena with its alignment, code, read-only data and the bound of the stack.
llvm::SmallVector<SizeRow> listSizes(const ModelReport &report);

using Row = std::vector<std::string>;

/// Columns as wide as their widest entry; those named in `numbers` are aligned to the right.
void printColumns(llvm::raw_ostream &stream, llvm::ArrayRef<Row> rows, llvm::ArrayRef<size_t> numbers);

/// 1234567 as `1,234,567`.
std::string grouped(int64_t number);

/// A layer's name in a table: TFLite joins the names of fused operators by ';': the first says enough, and of a long
/// path the end.
std::string shorten(llvm::StringRef name);

/// A JSON object with `name`, `target`, `optimize`, `inputs`, `outputs`, `layers`, `formats` and the totals `macs`,
/// `parameters`, `weight_bytes`, and, where known, `arena_bytes`, that of the other build as `arena_bytes_for_ram` or
/// `arena_bytes_for_speed`, `arena_align`, `text_bytes`, `rodata_bytes`, `stack_bytes`.
void printJson(llvm::raw_ostream &stream, const ModelReport &report);

/// The same as an aligned table.
void printTable(llvm::raw_ostream &stream, const ModelReport &report);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_REPORT_H
