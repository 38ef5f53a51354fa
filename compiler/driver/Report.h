// A model report on a terminal.
#ifndef QCC_COMPILER_DRIVER_REPORT_H
#define QCC_COMPILER_DRIVER_REPORT_H

#include "compiler/driver/Driver.h"
#include "compiler/emit/Report.h"

namespace qcc::driver {

using Row = std::vector<std::string>;

/// Columns as wide as their widest entry; those named in `numbers` are aligned to the right.
void printColumns(llvm::raw_ostream &stream, llvm::ArrayRef<Row> rows, llvm::ArrayRef<size_t> numbers);

/// What `printJson` prints, as an aligned table.
void printTable(llvm::raw_ostream &stream, const ModelReport &report);

/// Adds `--report FILE`.
void addReportOption(CLI::App &verb, std::string &path);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_REPORT_H
