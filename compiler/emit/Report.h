// A model report for programs and for people.
#ifndef QCC_COMPILER_EMIT_REPORT_H
#define QCC_COMPILER_EMIT_REPORT_H

#include "compiler/pipeline/ModelReport.h"

namespace qcc {

/// A total of a report, in bytes, with its names for programs and for people.
struct SizeRow {
  llvm::StringRef key, label;
  int64_t value;
};

/// The totals that are known: the arena with its alignment, code, read-only data and the bound of the stack.
llvm::SmallVector<SizeRow> listSizes(const ModelReport &report);

/// 1234567 as `1,234,567`.
std::string grouped(int64_t number);

/// A layer's name in a table, in at most `width` characters: TFLite joins the names of fused operators by ';': the
/// first says enough, and of a long path the end.
std::string shorten(llvm::StringRef name, size_t width = 44);

/// The formats of what a layer reads and writes: `int8 x int8 per channel -> int8`.
std::string showFormats(const LayerReport &layer);

/// `input`, `output`, `tensor`, `scratch` or `weights`.
llvm::StringRef kindName(BufferReport::Kind kind);

/// A JSON object with `name`, `target`, `optimize`, `inputs`, `outputs`, `layers`, `formats` and the totals `macs`,
/// `parameters`, `weight_bytes`, and, where known, `bit_operations`, `high_precision_operations` (which layers and
/// kernels have, too), `arena_bytes`, that of the other build as `arena_bytes_for_ram` or `arena_bytes_for_speed`,
/// `arena_lower_bound`, `arena_align`, `text_bytes`, `rodata_bytes`, `stack_bytes`, `versions`, `threads` if there are
/// several, and of the plan `memories`, `kernels`, `buffers`, `streams`; `remarks` are what passes decided. Kernels and
/// layers are referred to by their numbers, from 0.
void printJson(llvm::raw_ostream &stream, const ModelReport &report);

/// The same as one HTML page that needs nothing beside it: sizes, a drawing of the arena over time, a table of the
/// layers with kernels and remarks, a table of the kernels. What a model calls its parts stays text.
void printHtml(llvm::raw_ostream &stream, const ModelReport &report);

/// Text as HTML shows it: markup is escaped, invalid UTF-8 and control characters are replaced.
std::string escapeHtml(llvm::StringRef text);

/// A file of compiler/emit/report by its name, which is there.
llvm::StringRef reportFile(llvm::StringRef name);

/// The arena, or the part of it that is in a memory, as SVG: a column for each kernel, with the inputs before and the
/// outputs behind, and bytes upwards. Buffers are rectangles, and what two of them share at a time is hatched. Colours
/// are those of the page's style.
void drawArena(llvm::raw_ostream &stream, const ModelReport &report, size_t memory = 0);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_REPORT_H
