#include "compiler/emit/Package.h"

#include "compiler/emit/Header.h"
#include "compiler/support/EmbeddedFile.h"
#include "compiler/target/Target.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace qcc;

namespace qcc {
/// The files of compiler/emit/packages: texts with `@VARIABLE@`s.
llvm::ArrayRef<EmbeddedFile> packageTemplates();
} // namespace qcc

namespace {

/// What the tools call a target; an empty field: they have no such board.
struct Names {
  StringRef target, core;
  StringRef guard;           ///< what the C preprocessor knows of a core that runs the object
  StringRef arduino;         ///< `build.mcu`: the folder of precompiled archives
  StringRef kconfig;         ///< Zephyr's symbols of such cores
  StringRef platform, board; ///< a usual board of PlatformIO
};

constexpr StringRef allArm = "defined(__ARM_ARCH) && __ARM_ARCH_PROFILE == 'M'";
constexpr StringRef thumb2 = "defined(__ARM_ARCH) && __ARM_ARCH_PROFILE == 'M' && __ARM_ARCH_ISA_THUMB >= 2";
constexpr StringRef armDsp = "defined(__ARM_ARCH) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_DSP)";
constexpr StringRef armV8Dsp = "defined(__ARM_ARCH) && __ARM_ARCH_PROFILE == 'M' && __ARM_ARCH >= 8 && "
                               "defined(__ARM_FEATURE_DSP)";
constexpr StringRef armMve = "defined(__ARM_ARCH) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_MVE)";
constexpr StringRef rv32imc = "defined(__riscv) && __riscv_xlen == 32 && defined(__riscv_mul) && "
                              "defined(__riscv_compressed)";

constexpr Names names[] = {
    {"cortex-m0plus", "a Cortex-M0+", allArm, "cortex-m0plus", "CPU_CORTEX_M0PLUS", "atmelsam", "mkrzero"},
    {"cortex-m3", "a Cortex-M3", thumb2, "cortex-m3", "CPU_CORTEX_M3", "atmelsam", "due"},
    {"cortex-m4", "a Cortex-M4", armDsp, "cortex-m4", "CPU_CORTEX_M4", "nordicnrf52", "nano33ble"},
    {"cortex-m7", "a Cortex-M7", armDsp, "cortex-m7", "CPU_CORTEX_M7", "ststm32", "giga_r1_m7"},
    {"cortex-m33", "a Cortex-M33", armV8Dsp, "cortex-m33", "CPU_CORTEX_M33", "ststm32", "nucleo_l552ze_q"},
    {"cortex-m55", "a Cortex-M55", armMve, "cortex-m55", "CPU_CORTEX_M55", "", ""},
    {"rv32imc", "an RV32IMC core", rv32imc, "esp32c3", "RISCV && !64BIT && RISCV_ISA_EXT_M && RISCV_ISA_EXT_C",
     "espressif32", "esp32-c3-devkitm-1"},
};

const Names *findNames(StringRef target) {
  const Names *found = llvm::find_if(names, [&](const Names &row) { return row.target == target; });
  return found == std::end(names) ? nullptr : found;
}

/// A file of a package and the template that it is made of; both with variables.
struct Entry {
  StringRef path, source;
};

constexpr Entry arduinoFiles[] = {{"library.properties", "arduino/library.properties.in"},
                                  {"keywords.txt", "arduino/keywords.txt.in"},
                                  {"README.md", "README.in"},
                                  {"src/@NAME@_target.c", "target.c.in"},
                                  {"examples/@NAME@/@NAME@.ino", "sketch.in"}};
constexpr Entry zephyrFiles[] = {{"zephyr/module.yml", "zephyr/module.yml.in"},
                                 {"CMakeLists.txt", "zephyr/CMakeLists.txt.in"},
                                 {"Kconfig", "zephyr/Kconfig.in"},
                                 {"README.md", "README.in"},
                                 {"samples/@NAME@/CMakeLists.txt", "zephyr/sample.cmake.in"},
                                 {"samples/@NAME@/prj.conf", "zephyr/prj.conf.in"},
                                 {"samples/@NAME@/sample.yaml", "zephyr/sample.yaml.in"},
                                 {"samples/@NAME@/src/main.c", "zephyr/main.c.in"}};
constexpr Entry platformioFiles[] = {{"library.json", "platformio/library.json.in"},
                                     {"link.py", "platformio/link.py.in"},
                                     {"README.md", "README.in"},
                                     {"src/@NAME@_target.c", "target.c.in"},
                                     {"examples/@NAME@/platformio.ini", "platformio/platformio.ini.in"},
                                     {"examples/@NAME@/src/main.cpp", "sketch.in"}};

/// One kind of package.
struct Layout {
  StringRef kind;                   ///< with its article, for messages
  StringRef header, archive, usage; ///< where the header and the archive lie; the README's end
  ArrayRef<Entry> files;
  StringRef (*boardOf)(const Names &); ///< empty if there is none with that core
};

const Layout &layoutOf(Package package) {
  static const Layout layouts[] = {
      {"an Arduino library", "src/@NAME@.h", "src/@MCU@/lib@NAME@.a", "arduino/usage.in", arduinoFiles,
       [](const Names &row) { return row.arduino; }},
      {"a Zephyr module", "include/@NAME@.h", "lib/@TARGET@/lib@NAME@.a", "zephyr/usage.in", zephyrFiles,
       [](const Names &row) { return row.kconfig; }},
      {"a PlatformIO library", "include/@NAME@.h", "lib/@TARGET@/lib@NAME@.a", "platformio/usage.in", platformioFiles,
       [](const Names &row) { return row.board; }},
  };
  return layouts[static_cast<size_t>(package)];
}

using Variables = llvm::StringMap<std::string>;

/// The text with the values of its `@VARIABLE@`s.
std::string substitute(StringRef text, const Variables &variables) {
  std::string result;
  // Between two `@` is a name, then text again.
  bool isName = false;
  for (StringRef part : llvm::split(text, '@')) {
    result += isName ? variables.at(part) : part.str();
    isName = !isName;
  }
  return result;
}

/// Zephyr's condition as its test runner writes it: `A && !B` as `CONFIG_A and not CONFIG_B`.
std::string filterOf(StringRef kconfig) {
  SmallVector<StringRef> symbols;
  kconfig.split(symbols, " && ");
  return llvm::join(llvm::map_range(symbols,
                                    [](StringRef symbol) {
                                      bool isNot = symbol.consume_front("!");
                                      return (isNot ? "not CONFIG_" : "CONFIG_") + symbol.str();
                                    }),
                    " and ");
}

StringRef templateOf(StringRef name) {
  return llvm::find_if(packageTemplates(), [&](const EmbeddedFile &file) { return file.name == name; })->text;
}

/// What the examples and manifests say about a model.
class VariableTable {
public:
  VariableTable(Package package, const CompileResult &result)
      : package(package), report(result.report), row(*findNames(report.target)), upper(StringRef(report.name).upper()) {
    addNames(result);
    addPorts();
    addState();
    variables["USAGE"] = StringRef(substitute(templateOf(layoutOf(package).usage), variables)).rtrim().str();
  }
  const Variables &get() const { return variables; }

private:
  void addNames(const CompileResult &result) {
    const ModelReport &report = result.report;
    StringRef title = StringRef(report.name).ltrim('_');
    int64_t stack = std::max<int64_t>(report.stackBytes, 0);
    variables["NAME"] = report.name;
    variables["UPPER"] = upper;
    variables["TITLE"] = title.empty() ? "model" : title.str();
    variables["TARGET"] = report.target;
    variables["CORE"] = row.core;
    variables["GUARD"] = row.guard;
    variables["MCU"] = row.arduino;
    variables["KCONFIG"] = row.kconfig;
    variables["KCONFIG_FILTER"] = filterOf(row.kconfig);
    variables["KCONFIG_SELECT"] = target::findTarget(row.target)->hasFloat ? "\tselect FPU if CPU_HAS_FPU\n" : "";
    variables["PLATFORM"] = row.platform;
    variables["BOARD"] = row.board;
    // The second part tells builds of other weights apart; it counts for no order of versions.
    variables["VERSION"] = "1.0.0+" + StringRef(result.hash).take_front(8).str();
    variables["ARENA"] = std::to_string(report.arenaBytes);
    variables["STACK"] = std::to_string(stack);
    variables["MAIN_STACK"] = std::to_string(llvm::alignTo(stack, 8) + 1024);
    variables["FLASH"] = std::to_string(report.textBytes + report.rodataBytes);
    variables["INCLUDES"] =
        (package == Package::PlatformIO ? "#include <Arduino.h>\n" : "") + ("#include <" + report.name + ".h>\n");
  }

  /// A macro of the header about a port.
  std::string macro(StringRef port, StringRef what) const { return upper + "_" + port.upper() + "_" + what.str(); }

  void addPorts() {
    PortNames ports = portNames(report);
    auto places = [&](ArrayRef<std::string> names) {
      return llvm::join(llvm::map_range(names, [&](StringRef port) { return macro(port, "IN(arena)"); }), ", ");
    };
    variables["INPUTS"] = places(ports.inputs);
    variables["OUTPUTS"] = places(ports.outputs);
    StringRef indent = package == Package::Zephyr ? "    " : "  ";
    std::vector<std::string> fills;
    for (StringRef port : ports.inputs)
      fills.push_back(
          (indent + "memset(" + macro(port, "IN(arena)") + ", 0, " + macro(port, "BYTES") + "); /* your data here */")
              .str());
    variables["FILL"] = llvm::join(fills, "\n");
    variables["OUTPUT"] = "outputs." + ports.outputs.front();
    variables["OUTPUT_BYTES"] = macro(ports.outputs.front(), "BYTES");
    bool isFloat = llvm::cast<qnn::NumberFormat>(report.outputs.front().elementType).isFloat();
    // printk has no floats: thousandths.
    variables["OUTPUT_WHOLE"] = (isFloat ? "(1000 * " : "") + variables["OUTPUT"] + "[i]" + (isFloat ? ")" : "");
    addKeywords(ports);
  }

  /// What the caller keeps for a model with state; nothing for others.
  void addState() {
    bool hasState = !report.states.empty();
    auto set = [&](StringRef variable, const std::string &text) { variables[variable] = hasState ? text : ""; };
    set("STATE_ROW", "| state, kept by the caller | " + std::to_string(report.stateBytes) + " |\n");
    set("STATE_WORDS",
        " but what is in the caller's `" + report.name + "_state`, which begins with `" + report.name + "_reset`");
    set("STATE_PARAMETER", ", " + report.name + "_state *state");
    set("STATE", "static " + report.name + "_state state;\n");
    set("STATE_ARGUMENT", ", &state");
    set("RESET", " " + report.name + "_reset(&state);");
    set("RESET_LINE", "  " + report.name + "_reset(&state);\n");
  }

  /// For the colours of Arduino's editor: a word, a tab, what it is.
  void addKeywords(const PortNames &ports) {
    std::string text = report.name + "_inputs\tKEYWORD1\n" + report.name + "_outputs\tKEYWORD1\n" + report.name +
                       "_run\tKEYWORD2\n" + upper + "_ARENA_BYTES\tLITERAL1\n" + upper + "_ARENA_ALIGN\tLITERAL1";
    for (StringRef port : llvm::concat<const std::string>(ports.inputs, ports.outputs))
      for (StringRef what : {"IN", "ELEMENTS", "BYTES"})
        text += "\n" + macro(port, what) + "\tLITERAL1";
    variables["KEYWORDS"] = text;
  }

  Package package;
  const ModelReport &report;
  const Names &row;
  std::string upper;
  Variables variables;
};

} // namespace

std::optional<std::string> qcc::whyNoPackage(Package package, StringRef target) {
  const Layout &layout = layoutOf(package);
  const Names *row = findNames(target);
  if (row && !layout.boardOf(*row).empty())
    return std::nullopt;
  std::string known;
  for (const Names &other : names)
    if (!layout.boardOf(other).empty())
      known += (known.empty() ? "" : ", ") + other.target.str();
  return llvm::formatv("expects one of the targets {0} for {1}, but got '{2}'", known, layout.kind, target).str();
}

std::string qcc::archivePath(Package package, StringRef target, StringRef model) {
  const Names &row = *findNames(target);
  Variables variables;
  variables["NAME"] = model;
  variables["TARGET"] = row.target;
  variables["MCU"] = row.arduino;
  return substitute(layoutOf(package).archive, variables);
}

FailureOr<std::vector<PackageFile>> qcc::makePackage(Location loc, Package package, const CompileResult &result) {
  // The longest name of a folder that Arduino's tools accept.
  constexpr size_t longestName = 63;
  const ModelReport &report = result.report;
  const Layout &layout = layoutOf(package);
  if (package == Package::Arduino && report.name.size() > longestName)
    return emitError(loc) << "expects a name of at most " << longestName << " characters for " << layout.kind
                          << ", but the model's has " << report.name.size() << "; --name gives another";
  VariableTable table(package, result);
  std::vector<PackageFile> files = {
      {archivePath(package, report.target, report.name), std::string(result.object.begin(), result.object.end())},
      {substitute(layout.header, table.get()), result.header}};
  for (const Entry &entry : layout.files)
    files.push_back({substitute(entry.path, table.get()), substitute(templateOf(entry.source), table.get())});
  return files;
}
