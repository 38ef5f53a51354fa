#include "compiler/import/weights/Npy.h"
#include "dialects/qnn/QnnDialect.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace qcc;
namespace endian = llvm::support::endian;

static constexpr StringRef magic("\x93NUMPY", 6);
/// NumPy's own limit for headers that are read without trust.
static constexpr uint64_t maxHeaderBytes = 10000;
static_assert(mostNpyHeaderBytes == maxHeaderBytes + /*magic, version, length=*/12);
static constexpr unsigned maxRank = 64;

bool qcc::isNpy(StringRef bytes) { return bytes.starts_with(magic); }

namespace {
/// What the dictionary in front of the elements says.
struct Header {
  std::string descr;
  bool isFortranOrder = false;
  SmallVector<int64_t> shape;
};

/// Parses `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`: these keys in any order, each once.
class HeaderParser {
public:
  HeaderParser(Location loc, StringRef name, StringRef text) : loc(loc), name(name), rest(text) {}

  FailureOr<Header> parse() {
    if (!consume('{'))
      return expected("'{'");
    bool sawDescr = false, sawOrder = false, sawShape = false;
    while (!consume('}')) {
      std::string key;
      if (!parseString(key) || !consume(':'))
        return expected("a key in quotes and ':'");
      bool &saw = key == "descr" ? sawDescr : key == "fortran_order" ? sawOrder : sawShape;
      if (saw || (&saw == &sawShape && key != "shape"))
        return error() << "has the unexpected or repeated key '" << key << "' in its header";
      saw = true;
      if (key == "descr" ? failed(parseDescr()) : key == "fortran_order" ? failed(parseOrder()) : failed(parseShape()))
        return failure();
      if (!consume(',') && !skipSpace().starts_with("}"))
        return expected("',' or '}'");
    }
    if (!skipSpace().empty())
      return expected("the end");
    if (!sawDescr || !sawOrder || !sawShape)
      return error() << "expects the keys 'descr', 'fortran_order' and 'shape' in its header, but one is missing";
    return header;
  }

private:
  InFlightDiagnostic error() { return emitError(loc) << "array '" << name << "': "; }
  LogicalResult expected(StringRef what) {
    InFlightDiagnostic diagnostic = error() << "expects " << what << " in its header, but found ";
    return rest.empty() ? diagnostic << "the end"
                        : diagnostic << "'" << rest.take_front(12).take_while(llvm::isPrint) << "'";
  }

  StringRef skipSpace() { return rest = rest.ltrim(" \t\n"); }
  bool consume(char c) {
    skipSpace();
    return rest.consume_front(StringRef(&c, 1));
  }
  bool parseString(std::string &text) {
    skipSpace();
    char quote = rest.empty() ? 0 : rest.front();
    size_t end = quote == '\'' || quote == '"' ? rest.find(quote, 1) : StringRef::npos;
    if (end == StringRef::npos)
      return false;
    text = rest.slice(1, end).str();
    rest = rest.drop_front(end + 1);
    return true;
  }
  LogicalResult parseDescr() {
    if (skipSpace().starts_with("["))
      return error() << "has a structured element type, which is not supported";
    return parseString(header.descr) ? success() : expected("an element type in quotes");
  }
  LogicalResult parseOrder() {
    skipSpace();
    if (rest.consume_front("True"))
      header.isFortranOrder = true;
    else if (!rest.consume_front("False"))
      return expected("True or False");
    return success();
  }
  LogicalResult parseShape() {
    if (!consume('('))
      return expected("'('");
    while (!consume(')')) {
      int64_t dimension;
      skipSpace();
      StringRef digits = rest.take_while(llvm::isDigit);
      if (digits.getAsInteger(10, dimension))
        return expected("a dimension below 2^63");
      rest = rest.drop_front(digits.size());
      header.shape.push_back(dimension);
      if (header.shape.size() > maxRank)
        return error() << "expects at most " << maxRank << " dimensions";
      if (!consume(',') && !skipSpace().starts_with(")"))
        return expected("',' or ')'");
    }
    return success();
  }

  Location loc;
  StringRef name, rest;
  Header header;
};
} // namespace

/// Splits magic, version and header text from the elements.
static FailureOr<StringRef> splitHeader(Location loc, StringRef name, StringRef &bytes) {
  auto error = [&] { return emitError(loc) << "array '" << name << "': "; };
  if (!isNpy(bytes) || bytes.size() < magic.size() + 2)
    return error() << "is not in .npy form: does not begin with its magic bytes";
  unsigned version = static_cast<uint8_t>(bytes[magic.size()]);
  if (version < 1 || version > 3)
    return error() << "expects .npy version 1, 2 or 3, but got " << version;
  size_t lengthAt = magic.size() + 2, lengthSize = version == 1 ? 2 : 4, textAt = lengthAt + lengthSize;
  if (bytes.size() < textAt)
    return error() << "is truncated: has only " << bytes.size() << " bytes";
  uint64_t size = version == 1 ? endian::read16le(bytes.data() + lengthAt) : endian::read32le(bytes.data() + lengthAt);
  if (size > maxHeaderBytes)
    return error() << "expects a header of at most " << maxHeaderBytes << " bytes, but it has " << size;
  if (size > bytes.size() - textAt)
    return error() << "is truncated: the header has " << size << " bytes, but only " << bytes.size() - textAt
                   << " follow";
  StringRef text = bytes.substr(textAt, size);
  bytes = bytes.drop_front(textAt + size);
  return text;
}

/// Sets kind and width from a type string such as `<f4` or `|u1`.
static LogicalResult parseElementType(Location loc, StringRef descr, NamedArray &array) {
  auto error = [&] { return emitError(loc) << "array '" << array.name << "': "; };
  if (descr == "?")
    descr = "|b1";
  unsigned width = 0;
  if (descr.size() < 3 || descr.drop_front(2).getAsInteger(10, width))
    return error() << "has the element type '" << descr << "', which is not supported";
  char order = descr[0], kind = descr[1];
  bool isKnown = (kind == 'f' && (width == 2 || width == 4 || width == 8)) ||
                 ((kind == 'i' || kind == 'u') && (width == 1 || width == 2 || width == 4 || width == 8)) ||
                 (kind == 'b' && width == 1);
  if (!isKnown)
    return error() << "has the element type '" << descr << "', but only floats, integers and bools are supported";
  if (order == '>' && width > 1)
    return error() << "is big-endian ('" << descr << "'); save it with array.astype('<" << kind << width << "')";
  if (order != '<' && order != '|' && order != '>')
    return error() << "expects a byte order of '<' or '|', but its element type is '" << descr << "'";
  array.kind = kind;
  array.bytesPerElement = width;
  return success();
}

void qcc::transposeFromFortran(NamedArray &array) {
  std::vector<char> source = std::move(array.bytes);
  array.bytes.assign(source.size(), 0);
  size_t rank = array.shape.size(), width = array.bytesPerElement;
  SmallVector<int64_t> strides(rank), index(rank);
  int64_t stride = 1;
  for (size_t axis = 0; axis < rank; ++axis) {
    strides[axis] = stride;
    stride *= array.shape[axis];
  }
  int64_t from = 0;
  for (int64_t to = 0, count = array.size(); to < count; ++to) {
    std::copy_n(&source[from * width], width, &array.bytes[to * width]);
    for (size_t axis = rank; axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < array.shape[axis])
        break;
      from -= strides[axis] * array.shape[axis];
      index[axis] = 0;
    }
  }
}

FailureOr<NpyForm> qcc::parseNpyForm(Location loc, StringRef name, StringRef bytes, uint64_t size) {
  StringRef rest = bytes;
  FailureOr<StringRef> text = splitHeader(loc, name, rest);
  if (failed(text))
    return failure();
  FailureOr<Header> header = HeaderParser(loc, name, *text).parse();
  if (failed(header))
    return failure();
  NpyForm form;
  form.array.name = name.str();
  form.array.shape = header->shape;
  form.isFortranOrder = header->isFortranOrder;
  form.dataOffset = rest.begin() - bytes.begin();
  if (failed(parseElementType(loc, header->descr, form.array)))
    return failure();
  std::optional<int64_t> expected = checkedByteSize(form.array.shape, form.array.bytesPerElement);
  if (!expected)
    return emitError(loc) << "array '" << name << "': the shape " << showShape(form.array.shape) << " is too large";
  if (static_cast<uint64_t>(*expected) != size - form.dataOffset)
    return emitError(loc) << "array '" << name << "': expects " << *expected << " bytes for " << form.array.describe()
                          << ", but has " << size - form.dataOffset;
  return form;
}

std::string qcc::npyHeader(const NamedArray &array) {
  std::string text = "{'descr': '";
  text += array.bytesPerElement == 1 ? '|' : '<';
  text += array.kind + std::to_string(array.bytesPerElement) + "', 'fortran_order': False, 'shape': (";
  for (int64_t dimension : array.shape)
    text += std::to_string(dimension) + ", ";
  // Python writes (), (3,) and (3, 4).
  if (array.shape.size() > 1)
    text.resize(text.size() - 2);
  else if (array.shape.size() == 1)
    text.pop_back();
  text += "), }";
  constexpr size_t prefix = 10;
  text.append(63 - (prefix + text.size()) % 64, ' ');
  text += '\n';
  std::string header = magic.str();
  header += {1, 0, static_cast<char>(text.size()), static_cast<char>(text.size() >> 8)};
  return header + text;
}
