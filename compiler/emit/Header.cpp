#include "compiler/emit/Header.h"

#include "compiler/support/Names.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace qcc;

namespace {

static constexpr StringLiteral keywords[] = {
    "auto",     "break",  "case",     "char",   "const",  "continue", "default", "do",     "double",   "else",
    "enum",     "extern", "float",    "for",    "goto",   "if",       "inline",  "int",    "long",     "register",
    "restrict", "return", "short",    "signed", "sizeof", "static",   "struct",  "switch", "typedef",  "union",
    "unsigned", "void",   "volatile", "while",  "class",  "new",      "delete",  "this",   "template", "bool"};

/// A C identifier for each port, in order, different from each other and from keywords.
std::vector<std::string> identifiersOf(ArrayRef<TensorReport> tensors, llvm::StringSet<> &taken) {
  std::vector<std::string> result;
  for (const TensorReport &tensor : tensors) {
    std::string name;
    for (char c : tensor.name)
      name += llvm::isAlnum(c) ? c : '_';
    if (name.empty() || llvm::isDigit(name[0]))
      name = "_" + name;
    if (llvm::is_contained(keywords, name))
      name += "_";
    std::string candidate = name;
    for (int i = 1; !taken.insert(StringRef(candidate).upper()).second; ++i)
      candidate = name + "_" + std::to_string(i);
    result.push_back(candidate);
  }
  return result;
}

/// The C type of an element; codes of less than 8 bits are packed into bytes.
StringRef elementType(qnn::NumberFormat format) {
  unsigned bits = format.getBits();
  if (format.isFloat() && bits == 32)
    return "float";
  if (bits == 8)
    return format.isSignedCode() ? "int8_t" : "uint8_t";
  if (bits == 16)
    return format.isSignedCode() ? "int16_t" : "uint16_t";
  if (bits == 32)
    return format.isSignedCode() ? "int32_t" : "uint32_t";
  return "uint8_t";
}

std::string exactNumber(double value) {
  // 17 digits name every double.
  char text[40];
  snprintf(text, sizeof text, "%.17g", value);
  return text;
}

class HeaderWriter {
public:
  HeaderWriter(const ModelReport &report, const target::Target &target, StringRef hash, bool profile)
      : report(report), target(target), hash(hash), profile(profile), upper(StringRef(report.name).upper()), out(text) {
  }

  std::string write() {
    PortNames names = portNames(report);
    writeTop();
    for (auto [tensor, name] : llvm::zip(report.inputs, names.inputs))
      writeTensor(tensor, name, "Input");
    for (auto [tensor, name] : llvm::zip(report.outputs, names.outputs))
      writeTensor(tensor, name, "Output");
    writeStruct("inputs", report.inputs, names.inputs, "const ");
    writeStruct("outputs", report.outputs, names.outputs, "");
    if (!report.memories.empty())
      writeMemories();
    if (!report.states.empty())
      writeState();
    writeBottom();
    return text;
  }

private:
  void writeTop() {
    out << "/* " << report.name << ".h: the model " << report.name << ", compiled by qcc for " << report.target << ".\n"
        << " * Do not edit: `qcc compile` writes this file together with the object.\n";
    bool usesFloat = llvm::any_of(report.layers, [](const LayerReport &layer) {
      auto isFloat = [](StringRef format) { return format == "f32" || format == "bf16"; };
      return isFloat(layer.inputFormat) || isFloat(layer.outputFormat);
    });
    if (usesFloat && !target.hasFloat)
      out << " *\n * The model computes with floating-point numbers, and this target has no hardware for them: the\n"
          << " * compiler's soft-float library (libgcc or compiler-rt) must be linked.\n";
    out << " */\n#ifndef " << upper << "_H\n#define " << upper << "_H\n\n"
        << (report.memories.empty() ? "" : "#include <stddef.h>\n") << "#include <stdint.h>\n\n"
        << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
        << "/* Of the operators and weights; equal for equal models. */\n"
        << "#define " << upper << "_HASH \"" << hash << "\"\n\n";
    if (report.memories.empty())
      out << "/* Scratch memory that a run needs; nothing in it outlives the run. */\n"
          << "#define " << upper << "_ARENA_BYTES " << report.arenaBytes << "\n";
    else
      out << "/* Scratch memory that a run needs, the fastest first; nothing in it outlives the run. */\n";
    for (const MemoryReport &memory : report.memories)
      out << "#define " << upper << "_" << StringRef(memory.name).upper() << "_BYTES " << memory.bytes << "\n";
    out << "#define " << upper << "_ARENA_ALIGN " << report.arenaAlign << "\n";
    if (report.stackBytes >= 0)
      out << "/* The deepest stack of a run, in bytes. */\n"
          << "#define " << upper << "_STACK_BYTES " << report.stackBytes << "\n";
  }

  void writeTensor(const TensorReport &tensor, StringRef name, StringRef what) {
    auto format = llvm::cast<qnn::NumberFormat>(tensor.elementType);
    std::string prefix = upper + "_" + name.upper();
    out << "\n/* " << what << " \"" << printable(tensor.name) << "\": " << tensor.format << " [";
    llvm::interleaveComma(tensor.shape, out);
    out << "]";
    if (format.isFloat() && format.getBits() == 16)
      out << ", the upper half of a float";
    if (!format.isFloat())
      out << ", real number = " << prefix << "_SCALE * (integer - " << prefix << "_ZERO)";
    if (format.getBits() % 8 != 0)
      out << ";\n * " << format.getBits() << " bits an element, packed densely, the lowest bits of a byte first";
    out << ". */\n#define " << prefix << "_RANK " << tensor.shape.size() << "\n#define " << prefix << "_SHAPE { ";
    llvm::interleaveComma(tensor.shape, out);
    int64_t elements = 1;
    for (int64_t size : tensor.shape)
      elements *= size;
    out << " }\n#define " << prefix << "_ELEMENTS " << elements << "\n#define " << prefix << "_BYTES " << tensor.bytes
        << "\n";
    if (!format.isFloat())
      out << "#define " << prefix << "_SCALE " << exactNumber(format.getScale(0)) << "\n#define " << prefix << "_ZERO ("
          << format.getZeroPoint(0) << ")\n";
    if (tensor.offset < 0)
      return;
    out << "/* Its place in the arena: a buffer that lies there is used without a copy. */\n#define " << prefix;
    if (report.memories.empty())
      out << "_IN(arena) ((" << elementType(format) << " *)((char *)(arena) + " << tensor.offset << "))\n";
    else
      out << "_IN(memories) ((" << elementType(format) << " *)((char *)(memories)->"
          << report.memories[tensor.memory].name << " + " << tensor.offset << "))\n";
  }

  void writeStruct(StringRef which, ArrayRef<TensorReport> tensors, ArrayRef<std::string> names, StringRef qualifier) {
    out << "\ntypedef struct " << report.name << "_" << which << " {\n";
    for (auto [tensor, name] : llvm::zip(tensors, names))
      out << "  " << qualifier << elementType(llvm::cast<qnn::NumberFormat>(tensor.elementType)) << " *" << name
          << ";\n";
    if (tensors.empty())
      out << "  char none;\n";
    out << "} " << report.name << "_" << which << ";\n";
  }

  void writeMemories() {
    out << "\n/* The arena in parts: the begin of each, of ..._BYTES bytes and aligned to " << upper
        << "_ARENA_ALIGN.\n"
        << " * `copy` brings weights to `" << report.memories.front().name
        << "` before they are used, by DMA for instance;\n"
        << " * the bytes are there when it returns. NULL for memcpy. Its stack is not counted above. */\n"
        << "typedef struct " << report.name << "_memories {\n";
    for (const MemoryReport &memory : report.memories)
      out << "  void *" << memory.name << ";\n";
    out << "  void (*copy)(void *to, const void *from, size_t bytes);\n} " << report.name << "_memories;\n";
  }

  /// The third parameter of a run.
  std::string arenaParameter() const {
    return report.memories.empty() ? "void *arena" : "const " + report.name + "_memories *memories";
  }

  /// The offsets of the members are those of the plan: each begins at a multiple of 4.
  void writeState() {
    const std::string &name = report.name;
    out << "\n/* What the model keeps from one run to the next. " << name << "_reset writes what it begins with. */\n"
        << "#define " << upper << "_STATE_BYTES " << report.stateBytes << "\ntypedef struct " << name << "_state {\n";
    llvm::StringSet<> taken;
    for (const StateReport &state : report.states) {
      auto format = llvm::cast<qnn::NumberFormat>(state.elementType);
      bool isPacked = format.getBits() % 8 != 0;
      int64_t count = isPacked ? state.bytes : state.bytes * 8 / format.getBits();
      out << "  /* \"" << printable(state.name) << "\": " << state.format << " [";
      llvm::interleaveComma(state.shape, out);
      out << "]";
      if (!format.isFloat())
        out << ", real number = " << exactNumber(format.getScale(0)) << " * (integer - (" << format.getZeroPoint(0)
            << "))";
      out << ", begins with " << exactNumber(state.initial) << ". */\n  union {\n    " << elementType(format)
          << " codes[" << std::max<int64_t>(1, count) << "];\n    uint32_t align;\n  } "
          << identifiersOf(state, taken).front() << ";\n";
    }
    out << "} " << name << "_state;\nvoid " << name << "_reset(" << name << "_state *state);\n";
  }

  void writeBottom() {
    const std::string &name = report.name;
    bool hasState = !report.states.empty();
    std::string state = hasState ? ", " + name + "_state *state" : "";
    if (!report.versions.empty())
      out << "\n/* This object has a version for each of these targets. A run asks qcc_cpu_features of qcc/runtime.h, "
             "which "
             "has to\n * be linked, takes the best that the machine can run, and returns 7 (QCC_ERROR_CPU) if it can "
             "run "
             "none. */";
    else if (llvm::any_of(report.kernels,
                          [](const KernelReport &kernel) { return StringRef(kernel.tile).starts_with("x86.amx"); }))
      out << "\n/* Kernels use AMX, which Linux lets a process do that has asked: call qcc_cpu_features of "
             "qcc/runtime.h once\n * before the first run. It has to report QCC_CPU_AMX_INT8. */";
    out << "\n/* Runs the model once. `in` and `out` point to all inputs and outputs, which lie outside of the arena "
           "or\n"
        << " * exactly in their places in it (macros ..._IN above; an input there is overwritten). ";
    if (report.memories.empty())
      out << "`arena` has\n * " << upper << "_ARENA_BYTES bytes, aligned to " << upper << "_ARENA_ALIGN."
          << (hasState ? " `state` is what the run before left,\n * or " + name + "_reset wrote." : "")
          << " Several runs may go on at a\n * time, each with its own arena" << (hasState ? " and state" : "") << ".";
    else
      out << (hasState ? "`state` is what the run\n * before left, or " + name + "_reset wrote. " : "")
          << "Several\n * runs may go on at a time, each with its own memories" << (hasState ? " and state" : "")
          << ".";
    out << " Returns 0 (QCC_OK of qcc/runtime.h). */\n";
    writeRun("_run", state, "");
    if (report.threads > 1)
      writeParallel(state);
    if (profile)
      writeProfile(state);
    out << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << upper << "_H */\n";
  }

  void writeParallel(StringRef state) {
    out << "\n/* The same, shared among up to " << report.threads
        << " threads: the pieces of large layers are computed by `loop`, a\n"
        << " * qcc_parallel_for of qcc/runtime.h such as qcc_pool_for of qcc/pool.h, with `user` as its first "
           "argument. */\n";
    writeRun("_run_parallel", state, loopParameter + ",\n    void *user");
  }

  void writeProfile(StringRef state) {
    out << "\n/* The same, but calls `hook` (a qcc_profile_hook of qcc/runtime.h, or NULL) with begin = 1 before and\n"
        << " * begin = 0 after each of " << upper << "_KERNELS kernels, numbered from 0";
    if (report.versions.empty()) {
      out << ". */\n";
      writeKernels("", report.kernels);
    } else {
      writeVersionKernels();
    }
    constexpr llvm::StringLiteral hook = ",\n    void (*hook)(void *user, uint32_t kernel, int begin), void *user";
    writeRun("_run_profiled", state, hook);
    if (report.threads > 1) {
      out << "\n/* Both: the caller's thread calls `hook` around all pieces of a kernel. */\n";
      writeRun("_run_parallel_profiled", state, loopParameter + ",\n    void *loop_user" + hook);
    }
  }

  void writeRun(StringRef suffix, StringRef state, const llvm::Twine &parameters) {
    const std::string &name = report.name;
    out << "int " << name << suffix << "(const " << name << "_inputs *in, const " << name << "_outputs *out, "
        << arenaParameter() << state << parameters << ");\n";
  }

  /// Each version has kernels of its own.
  void writeVersionKernels() {
    size_t most = 0;
    for (const VersionReport &version : report.versions)
      most = std::max(most, version.kernels.size());
    out << ", or fewer: the version\n * that runs, the last one below whose ..._CPU bits are all in "
           "qcc_cpu_features(), has its own. */\n"
        << "#define " << upper << "_KERNELS " << most << "\n";
    for (const VersionReport &version : report.versions) {
      std::string infix = "_" + StringRef(version.target).upper();
      std::replace(infix.begin(), infix.end(), '-', '_');
      out << "#define " << upper << infix << "_CPU " << version.cpuFeatures << "u\n";
      writeKernels(infix, version.kernels);
    }
  }

  void writeKernels(StringRef infix, ArrayRef<KernelReport> kernels) {
    out << "#define " << upper << infix << "_KERNELS " << kernels.size() << "\n#define " << upper << infix
        << "_KERNEL_NAMES {";
    for (const KernelReport &kernel : kernels)
      out << " \\\n  \"" << printable(kernel.layer) << "\",";
    out << " }\n";
  }

  /// A name that cannot end the comment or string it stands in.
  static std::string printable(StringRef name) {
    std::string result;
    for (char c : name)
      result += llvm::isPrint(c) && c != '*' && c != '\\' && c != '"' ? c : '?';
    return result;
  }

  static constexpr llvm::StringLiteral loopParameter =
      ",\n    void (*loop)(void *user, uint32_t count, uint32_t grain,\n"
      "                 void (*body)(void *context, uint32_t begin, uint32_t end), void *context)";
  const ModelReport &report;
  const target::Target &target;
  StringRef hash;
  bool profile;
  std::string upper, text;
  llvm::raw_string_ostream out;
};
} // namespace

bool qcc::isVariableName(StringRef name) { return isIdentifier(name) && !llvm::is_contained(keywords, name); }

PortNames qcc::portNames(const ModelReport &report) {
  // Ports of these names would define ..._ARENA_BYTES, ..._STACK_BYTES or ..._STATE_BYTES again.
  llvm::StringSet<> taken;
  taken.insert("ARENA");
  taken.insert("STACK");
  for (const MemoryReport &memory : report.memories)
    taken.insert(StringRef(memory.name).upper());
  if (!report.states.empty())
    taken.insert("STATE");
  PortNames names;
  names.inputs = identifiersOf(report.inputs, taken);
  names.outputs = identifiersOf(report.outputs, taken);
  return names;
}

std::string qcc::writeHeader(const ModelReport &report, const target::Target &target, StringRef hash, bool profile) {
  return HeaderWriter(report, target, hash, profile).write();
}
