#include "compiler/tiling/Tuning.h"

#include "compiler/support/Files.h"
#include "dialects/qk/Queries.h"
#include "mlir/IR/Diagnostics.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tiling;

/// Channels that have parameters of their own take no other time than those that share them.
static std::string describeFormat(Type type) {
  auto format = llvm::cast<qnn::NumberFormat>(type);
  if (format.isFloat())
    return format.getBits() == 16 ? "bf16" : "f32";
  return llvm::formatv("{0}{1}", format.isSignedCode() ? "i" : "u", format.getBits());
}

static std::string times(ArrayRef<int64_t> numbers) {
  std::string text;
  for (int64_t number : numbers)
    text += (text.empty() ? "" : "x") + std::to_string(number);
  return text;
}

std::string tiling::describeContraction(qk::ContractOp op) {
  qk::WindowAttr window = op.getWindow();
  std::optional<qnn::AlgorithmAttr> asked = op.getAlgorithm();
  return llvm::formatv("{0} x {1} -> {2}, batch {3}, input {4}, output {5}, kernel {6}, strides {7}, dilations {8}, "
                       "pads {9}, groups {10}, channels {11}{12}",
                       describeFormat(op.getLhsFormat()), describeFormat(op.getRhsFormat()),
                       describeFormat(op.getOutFormat()), window.getBatch(), times(window.getInput()),
                       times(window.getOutput()), times(window.getKernel()), times(window.getStrides()),
                       times(window.getDilations()), times(window.getPads()), window.getGroups(),
                       times(window.getChannels()), asked ? ", " + qk::algorithmName(op, asked->getKind()).str() : "");
}

Tuning tiling::makeTuning(const target::Machine &machine, StringRef unit) {
  return {machine.triple, machine.cpu, machine.features, unit.str(), {}};
}

//===-- Files --------------------------------------------------------------------------------------------===//

namespace qcc::tiling {
// Found by the library through its arguments.
static bool fromJSON(const llvm::json::Value &value, TunedBlock &block, llvm::json::Path path) {
  llvm::json::ObjectMapper map(value, path);
  if (!map || !map.map("tile", block.tile) || !map.mapOptional("algorithm", block.algorithm) ||
      !map.map("positions", block.positions) || !map.map("channels", block.channels) || !map.map("cost", block.cost) ||
      !map.map("default_cost", block.defaultCost))
    return false;
  if (block.positions < 1 || block.channels < 1) {
    path.report("expects at least one position and channel");
    return false;
  }
  return true;
}

static bool fromJSON(const llvm::json::Value &value, Tuning &tuning, llvm::json::Path path) {
  llvm::json::ObjectMapper map(value, path);
  return map && map.map("triple", tuning.triple) && map.map("cpu", tuning.cpu) &&
         map.map("features", tuning.features) && map.map("unit", tuning.unit) &&
         map.map("contractions", tuning.contractions);
}
} // namespace qcc::tiling

/// The JSON parser recurses without a bound. No name here has brackets.
static bool isNestedDeeply(StringRef text) {
  constexpr int deepest = 8;
  int depth = 0;
  return llvm::any_of(text, [&](char c) {
    depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    return depth > deepest;
  });
}

/// A single machine needs no array.
static bool parseTunings(const llvm::json::Value &value, std::vector<Tuning> &tunings, llvm::json::Path path) {
  if (!value.getAsArray())
    return fromJSON(value, tunings.emplace_back(), path);
  if (value.getAsArray()->empty()) {
    path.report("expects at least one machine");
    return false;
  }
  return llvm::json::fromJSON(value, tunings, path);
}

FailureOr<std::vector<Tuning>> tiling::readTunings(Location loc, StringRef path) {
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = readFile(loc, path);
  if (failed(buffer))
    return failure();
  auto fail = [&](llvm::Error error) {
    return emitError(loc) << "'" << path << "' is no tuning file: " << llvm::toString(std::move(error));
  };
  if (isNestedDeeply((*buffer)->getBuffer()))
    return fail(llvm::createStringError("nested deeper than such files are"));
  llvm::Expected<llvm::json::Value> value = llvm::json::parse((*buffer)->getBuffer());
  if (!value)
    return fail(value.takeError());
  std::vector<Tuning> tunings;
  llvm::json::Path::Root root;
  if (!parseTunings(*value, tunings, root))
    return fail(root.getError());
  return tunings;
}

Tuning *tiling::findTuning(MutableArrayRef<Tuning> tunings, const target::Machine &machine) {
  auto found = llvm::find_if(tunings, [&](const Tuning &tuning) {
    return tuning.triple == machine.triple && tuning.cpu == machine.cpu && tuning.features == machine.features;
  });
  return found == tunings.end() ? nullptr : found;
}

FailureOr<Tuning> tiling::readTuning(Location loc, StringRef path, const target::Machine &machine) {
  FailureOr<std::vector<Tuning>> tunings = readTunings(loc, path);
  if (failed(tunings))
    return failure();
  if (Tuning *own = findTuning(*tunings, machine))
    return std::move(*own);
  InFlightDiagnostic error = emitError(loc) << "'" << path << "' was measured for ";
  llvm::interleave(
      *tunings, error,
      [&](const Tuning &tuning) {
        error << "the CPU " << tuning.cpu << " of " << tuning.triple << " with '" << tuning.features << "'";
      },
      " and ");
  return error << ", but this is for " << machine.cpu << " of " << machine.triple << " with '" << machine.features
               << "'; name that CPU, or tune for this one, too";
}

static void printTuning(llvm::json::OStream &json, const Tuning &tuning) {
  json.object([&] {
    json.attribute("triple", tuning.triple);
    json.attribute("cpu", tuning.cpu);
    json.attribute("features", tuning.features);
    json.attribute("unit", tuning.unit);
    json.attributeObject("contractions", [&] {
      for (const auto &[contraction, block] : tuning.contractions)
        json.attributeObject(contraction, [&, &block = block] {
          json.attribute("tile", block.tile);
          json.attribute("algorithm", block.algorithm);
          json.attribute("positions", block.positions);
          json.attribute("channels", block.channels);
          json.attribute("cost", block.cost);
          json.attribute("default_cost", block.defaultCost);
        });
    });
  });
}

void tiling::printTunings(llvm::raw_ostream &stream, ArrayRef<Tuning> tunings) {
  llvm::json::OStream json(stream, /*IndentSize=*/2);
  if (tunings.size() == 1)
    printTuning(json, tunings.front());
  else
    json.array([&] {
      for (const Tuning &tuning : tunings)
        printTuning(json, tuning);
    });
  stream << '\n';
}
