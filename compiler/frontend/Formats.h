// Number formats as the model language writes them: f32, bf16, i32, int8(scale: 0.05, zero: -128), int4(group: 32),
// binary, ternary, codebook2(table: [-60, -17, 0, 22]), basis2(steps: [5, 11], scale: 0.01).
#ifndef QCC_COMPILER_FRONTEND_FORMATS_H
#define QCC_COMPILER_FRONTEND_FORMATS_H

#include "dialects/qnn/QnnDialect.h"

#include <optional>
#include <string>

namespace qcc::frontend {

/// How channel parameters are shown: all of them, or only their number.
enum class ShowChannels { All, Count };

/// A format, maybe without its scales: those of weights lie in the weight file.
struct FormatSpec {
  enum Kind { Float, Plain, Affine, Binary, Ternary, Codebook, Basis };
  Kind kind = Float;
  unsigned bits = 32;
  bool isSigned = true;
  /// One, or one per index of `axis`; empty if not given.
  std::vector<double> scales;
  /// As many as scales, or empty for zeros.
  std::vector<int64_t> zeros;
  int64_t axis = -1;
  /// The smallest and largest code, if not those of the bits.
  std::optional<int64_t> minimum, maximum;
  /// Elements of the last axis that share a scale; 0: none.
  int64_t group = 0;
  /// The integers that the codes of a code book stand for; empty if not given.
  std::vector<int64_t> table;
  /// Of a basis: what its bits add, and whether they take it off where they are 0.
  std::vector<int64_t> steps;
  bool hasSigns = false;

  bool isGrouped() const { return group > 0; }
  /// Formats whose scale is 1 if there is none.
  bool hasAlpha() const {
    return (kind == Binary && !isGrouped()) || kind == Ternary || kind == Codebook || kind == Basis;
  }
  /// The format's name: `int8`, `f32`, `binary`.
  std::string name() const;
  /// The format as the language writes it: `int8(scale: 0.05, zero: -128)`.
  std::string describe(ShowChannels channels = ShowChannels::All) const;
  /// Codes in use.
  std::pair<int64_t, int64_t> codeRange() const;
  /// The element type; errors are reported through `error`.
  mlir::FailureOr<mlir::Type> toType(mlir::MLIRContext *context,
                                     llvm::function_ref<mlir::InFlightDiagnostic()> error) const;
};

/// The format of a name without arguments: f32; bf16; i8 to i64, u8 to u64 (plain integers); int2 to int32, uint1 to
/// uint32 (affine); binary; ternary; codebook1 to codebook8; basis1 to basis8.
std::optional<FormatSpec> getFormatByName(llvm::StringRef name);

/// Names for suggestions.
llvm::ArrayRef<llvm::StringRef> getCommonFormatNames();

/// The format of an element type; nothing if the language has no words for exactly this type.
std::optional<FormatSpec> getFormatOf(mlir::Type elementType);

/// An element type as the language writes it; nothing if the language cannot write it.
std::optional<std::string> showFormat(mlir::Type elementType, ShowChannels channels = ShowChannels::All);

/// A tensor type for messages: `int8(scale: 0.05, zero: -128)[1, 49, 10, 1]`.
std::string showType(mlir::Type tensorType);

/// The shortest decimal text that reads back as the same double.
std::string showNumber(double number);

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_FORMATS_H
