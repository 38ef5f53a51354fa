// Schemes: what is returned beside the model, and what is refused.
#include "test/unit/frontend/Language.h"

using namespace mlir;
using namespace qcc;

namespace {
const char *const model = "model m(x: f32[4]) { return x |> relu(name: \"b1.pw\") |> relu(name: \"b2.dw\") }\n";
struct Schemes : Language {
  QuantizeScheme schemeOf(StringRef rules) {
    ParsedModel parsed = parse((model + Twine("scheme s for m {") + rules + "}").str());
    REQUIRE(parsed.scheme);
    return *parsed.scheme;
  }
  std::string errorOf(StringRef rules) { return errorFor((model + Twine("scheme s for m {") + rules + "}").str()); }
};
} // namespace

TEST_CASE("a scheme states formats, files and budgets") {
  Schemes schemes;
  QuantizeScheme scheme = schemes.schemeOf(R"(
    default int8(per_channel)
    "b*.pw" weights int4(group: 32, clip: octav)
    "b2.*"  weights binary, activations uint8(clip: min_max)
    calibrate "data/c.npz"
    budget flash <= 40K, ram <= 2 * 8K)");
  CHECK(scheme.name == "s");
  CHECK(scheme.defaultWeights->isPerChannel == true);
  CHECK(scheme.defaultWeights->bits == 8);
  CHECK(scheme.defaultActivations->isPerChannel != true);
  CHECK(scheme.calibrate == "data/c.npz");
  CHECK(scheme.flashBudget == 40960);
  CHECK(scheme.ramBudget == 16384);
  REQUIRE(scheme.rules.size() == 2);
  CHECK(scheme.rules[0].pattern == "b*.pw");
  CHECK_FALSE(scheme.rules[0].activations);
  CHECK(scheme.weightsOf("b1.pw")->group == 32);
  CHECK(scheme.weightsOf("b1.pw")->clip == "octav");
  CHECK(scheme.activationsOf("b1.pw")->isSigned);
  CHECK(scheme.weightsOf("b2.dw")->kind == SchemeFormat::Binary);
  CHECK_FALSE(scheme.activationsOf("b2.dw")->isSigned);
  CHECK(scheme.weightsOf("stem")->bits == 8);
}

TEST_CASE("of several rules the last that says something wins") {
  Schemes schemes;
  QuantizeScheme scheme = schemes.schemeOf(R"("*" int8 "b1*" weights int4 "b1*" activations f32)");
  CHECK(scheme.weightsOf("b1.pw")->bits == 4);
  CHECK(scheme.activationsOf("b1.pw")->kind == SchemeFormat::Float);
  CHECK(scheme.weightsOf("b2.dw")->bits == 8);
  CHECK_FALSE(scheme.defaultWeights);
}

TEST_CASE("one of several schemes is chosen by its name") {
  Schemes schemes;
  std::string two = model + std::string("scheme a for m { default int8 } scheme b for m { default int4 }");
  CHECK(schemes.errorFor(two) == "m.qm: error: expects the choice of a scheme, because the file has 2: a, b\n");
  schemes.options.scheme = "b";
  CHECK(schemes.parse(two).scheme->defaultWeights->bits == 4);
  schemes.options.scheme = "none";
  CHECK_FALSE(schemes.parse(two).scheme);
  schemes.options.scheme = "bb";
  CHECK(schemes.errorFor(two) == "m.qm: error: has no scheme 'bb'; did you mean 'b'?; it has a, b\n");
  schemes.options.scheme = "edge";
  CHECK(schemes.errorFor(model) == "m.qm: error: has no scheme 'edge'\n");
}

TEST_CASE("outliers are of weights") {
  Schemes schemes;
  QuantizeScheme scheme =
      schemes.schemeOf("default int8(outliers: 6) \"b1*\" int4 \"b2*\" weights int8(outliers: 2 * 3.25)");
  CHECK(scheme.defaultWeights->outliers == 6.0);
  CHECK_FALSE(scheme.defaultActivations->outliers);
  CHECK_FALSE(scheme.weightsOf("b1.pw")->outliers);
  CHECK(scheme.weightsOf("b2.dw")->outliers == 6.5);
  std::string expects = "error: expects a magnitude of at least 0 from which on inputs are outliers, but got ";
  CHECK(schemes.errorOf("default int8(outliers: -1)") == "m.qm:2:40: " + expects + "-1\n");
  CHECK(schemes.errorOf("default int8(outliers: inf)") == "m.qm:2:40: " + expects + "inf\n");
  CHECK(schemes.errorOf("default int8(outliers: \"six\")") == "m.qm:2:40: " + expects + "\"six\"\n");
  CHECK(schemes.errorOf("\"b1*\" weights binary(outliers: 6)") ==
        "m.qm:2:31: error: outliers need weights of zero, which binary ones are not\n");
  CHECK(schemes.errorOf("\"b1*\" activations int8(outliers: 6)") ==
        "m.qm:2:35: error: expects outliers with the weights that they are multiplied by, not with activations, which "
        "are a layer's results\n");
}

TEST_CASE("code books are of weights, and take no range") {
  Schemes schemes;
  QuantizeScheme scheme = schemes.schemeOf("default int8 \"b1*\" weights codebook4");
  CHECK(scheme.weightsOf("b1.pw")->kind == SchemeFormat::Codebook);
  CHECK(scheme.weightsOf("b1.pw")->bits == 4);
  for (const char *argument : {"group: 32", "clip: octav", "power_of_two", "outliers: 6"})
    CHECK(schemes.errorOf(std::string("\"b1*\" weights codebook4(") + argument + ")") ==
          "m.qm:2:31: error: expects codebook4 with per_channel or per_tensor at most: its numbers are fitted by "
          "k-means, and need not have a zero\n");
}

TEST_CASE("what schemes refuse") {
  Schemes schemes;
  CHECK(schemes.errorOf("\"b3.pw\" int8") == "m.qm:2:17: error: the pattern 'b3.pw' matches no layer of the model "
                                             "'m'; did you mean 'b1.pw'?\n");
  CHECK(schemes.errorOf("\"b[\" int8") == "m.qm:2:17: error: expects a pattern with * ? and [...], but 'b[' is none: "
                                          "invalid glob pattern, unmatched '['\n");
  CHECK(schemes.errorOf("default int9000") ==
        "m.qm:2:25: error: expects a format such as int8, int4, codebook4, ternary, binary, bf16 or f32, "
        "but got 'int9000'\n");
  CHECK(schemes.errorOf("default i8") == "m.qm:2:25: error: expects a format such as int8, int4, codebook4, ternary, "
                                         "binary, bf16 or f32, but got 'i8'; did you mean 'i8'?\n");
  CHECK(schemes.errorOf("default int8(per_chanel)") ==
        "m.qm:2:30: error: expects per_channel, per_tensor, power_of_two, group: n, planes: n, clip: method, "
        "outliers: magnitude, thresholds: file or input_scale: kind; did you mean "
        "'per_channel'?\n");
  CHECK(schemes.errorOf("default int8(planes: 9)").find("expects 1 to 8 planes, but got 9") != std::string::npos);
  CHECK(schemes.errorOf("default int8(planes: 2)").find("expects planes with binary weights") != std::string::npos);
  CHECK(schemes.errorOf("default int8(group: 0)") ==
        "m.qm:2:37: error: expects a group of at least 1 element, but got 0\n");
  CHECK(schemes.errorOf("default int8 default int4") == "m.qm:2:30: error: the scheme 's' has a default already\n");
  CHECK(schemes.errorOf("default weights int8, int4") ==
        "m.qm:2:39: error: the format of the weights is given twice in one rule\n");
  CHECK(schemes.errorOf("default activations int8(per_channel)") ==
        "m.qm:2:37: error: expects one scale for activations, without per_channel and group\n");
  CHECK(schemes.errorOf("defualt int8") == "m.qm:2:17: error: expects default, a pattern in quotes, calibrate, budget "
                                           "or '}', but found 'defualt'; did you mean 'default'?\n");
  CHECK(schemes.errorOf("budget rom <= 4K") ==
        "m.qm:2:24: error: expects a budget of flash or ram, but got 'rom'; did you mean 'ram'?\n");
  CHECK(schemes.errorOf("budget ram <= 0") ==
        "m.qm:2:31: error: expects a number of bytes of at least 1, such as 40K, but got 0\n");
  CHECK(schemes.errorOf("calibrate \"/c.npz\"") == "m.qm:2:27: error: expects a file in the folder of the model file "
                                                   "or below, but got '/c.npz'\n");
  CHECK(schemes.errorFor(model + std::string("scheme s for n { default int8 }")) ==
        "m.qm:2:14: error: the scheme is for the model 'n', but the file has 'm'\n");
}
