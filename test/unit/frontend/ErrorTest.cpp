// Wrong models: one error each, with its place, what was expected and what was found.
#include "test/unit/frontend/Language.h"

using namespace mlir;
using namespace qcc;

namespace {
struct Case {
  const char *text;
  const char *error;
};

void check(ArrayRef<Case> cases, std::vector<NamedArray> weights = {}) {
  Language language;
  language.options.weights = std::move(weights);
  for (const Case &wrong : cases) {
    INFO(wrong.text);
    CHECK(language.errorFor(wrong.text) == "m.qm:" + std::string(wrong.error) + "\n");
  }
}

std::string repeat(StringRef text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i)
    result += text;
  return result;
}
} // namespace

TEST_CASE("errors of characters and numbers") {
  check({
      {"model m(x: f32[4]) { return x; }",
       "1:30: error: unexpected character ';'; statements need nothing between them"},
      {"model m(x: f32[4]) { return 'x' }",
       "1:29: error: unexpected character '''; strings are written in double quotes"},
      {"model m(x: f32[4]) { return x & x }", "1:31: error: unexpected character '&'"},
      {"model m(x: f32[4]) {\n\treturn x \x01 }", "2:11: error: unexpected byte 0x1 outside of a string"},
      {"model m(x: f32[4]) { return x } # \xff", "1:35: error: expects text in UTF-8, but this byte is not"},
      {"model m(x: f32[4x]) { return x }", "1:16: error: malformed number '4x'"},
      {"model m(x: f32[1.2.3]) { return x }", "1:16: error: malformed number '1.2.3'"},
      {"model m(x: f32[9223372036854775808]) { return x }",
       "1:16: error: the integer '9223372036854775808' does not fit 64 bits"},
      {"model m(x: f32[4]) { a = 1e999 return x }", "1:26: error: the number '1e999' is too large"},
      {"model m(x: f32[4]) { weights \"w.npz\n return x }",
       "1:30: error: the string that begins here does not end on its line"},
      {"model m(x: f32[4]) { weights \"a\\qb\" return x }",
       "1:32: error: unknown escape in a string; known are \\\" \\\\ \\{ \\} \\n \\t"},
      {"model m(x: f32[4]) { weights \"a{b\" return x }",
       "1:32: error: the interpolation that begins here has no '}'; a brace itself is written \\{"},
      {"model m(x: f32[4]) { weights \"a{1 2}\" return x }",
       "1:35: error: expects '}' after the interpolated expression, but found '2'"},
  });
}

TEST_CASE("errors of syntax") {
  check({
      {"", "1:1: error: expects a model, but the file has none; for example model m(x: f32[1, 4]) { return relu(x) }"},
      {"modle m(x: f32[4]) { return x }",
       "1:1: error: expects model, fn, scheme or dim, but found 'modle'; did you mean 'model'?"},
      {"model m(x: f32[4]) { return x } }", "1:33: error: expects model, fn, scheme or dim, but found '}'"},
      {"model (x: f32[4]) { return x }", "1:7: error: expects the name of the model, but found '('"},
      {"model for(x: f32[4]) { return x }", "1:7: error: expects the name of the model, but 'for' is a keyword"},
      {"model m(x f32[4]) { return x }",
       "1:11: error: expects ':' and a type after the name of an input, but found 'f32'"},
      {"model m(x: [4]) { return x }", "1:12: error: expects a type such as f32[1, 28, 28, 1], but found '['"},
      {"model m(x: f32) { return x }", "1:15: error: expects '[' and a shape after the format, but found ')'"},
      {"model m(x: f32[4]) { return x", "1:30: error: expects a statement or '}', but found the end of the file"},
      {"model m(x: f32[4]) { relu(x) return x }",
       "1:22: error: the result of a call must be used: assign it, or return it"},
      {"model m(x: f32[4]) { x |> relu return x }",
       "1:22: error: the result of a call must be used: assign it, or return it"},
      {"model m(x: f32[4]) { y x return x }", "1:24: error: expects '=' after the name of a variable, but found 'x'"},
      {"model m(x: f32[4]) { return relu(x }", "1:36: error: expects ',' or ')' in the arguments, but found '}'"},
      {"model m(x: f32[4]) { return [x }", "1:32: error: expects ',' or ']' in the list, but found '}'"},
      {"model m(x: f32[4]) { return x |> 3 }",
       "1:34: error: expects the name of an operator or a function after '|>', but found '3'"},
      {"model m(x: f32[4]) { for i on [1] { } return x }",
       "1:28: error: expects 'in' after the loop variable, but found 'on'"},
      {"model m(x: f32[4]) { return if }", "1:29: error: expects an expression, but 'if' is a keyword"},
      {"model a(x: f32[4]) { return x } model b(x: f32[4]) { return x }",
       "1:39: error: expects one model in a file, but 'b' is a second one\nm.qm:1:7: note: the first is here"},
  });
}

TEST_CASE("errors of names") {
  check({
      {"model m(input: f32[4]) { return imput }", "1:33: error: unknown name 'imput'; did you mean 'input'?"},
      {"model m(x: f32[4]) { return rleu(x) }",
       "1:29: error: unknown operator or function 'rleu'; did you mean 'relu'?"},
      {"fn block(x) { return x } model m(x: f32[4]) { return blok(x) }",
       "1:54: error: unknown operator or function 'blok'; did you mean 'block'?"},
      {"model m(x: f32[4]) { return relu }", "1:29: error: unknown name 'relu': it can only be called, as in relu(x)"},
      {"model m(x: f32[4]) { return x(1) }", "1:29: error: 'x' is a variable and cannot be called"},
      {"model m(x: f32[4]) { relu = x return x }", "1:22: error: 'relu' is an operator; choose another name"},
      {"fn f(x) { return x } model m(f: f32[4]) { return f }", "1:30: error: 'f' is a function; choose another name"},
      {"dim N = 2 model m(x: f32[4]) { N = 3 return x }", "1:32: error: 'N' is a dimension; choose another name"},
      {"dim int8 = 2 model m(x: f32[4]) { return x }", "1:5: error: 'int8' is a number format; choose another name"},
      {"fn f(x, x) { return x } model m(x: f32[4]) { return x }", "1:9: error: the parameter 'x' is there twice"},
      {"fn f(x) { return x } fn f(x) { return x } model m(x: f32[4]) { return x }",
       "1:25: error: 'f' is a function; choose another name"},
      {"model m(x: f32[4], x: f32[4]) { return x }", "1:20: error: the input 'x' is there twice"},
      {"model m(x \"a\": f32[4], y \"a\": f32[4]) { return x }", "1:26: error: two inputs have the name 'a'"},
      {"model m(x: f32[4]) -> a: f32[4], a: f32[4] { return x, x }", "1:34: error: two outputs have the name 'a'"},
      {"model m(x: f32[4]) { return relu(x, name: \"a\") + relu(x, name: \"a\") }",
       "1:50: error: expects a layer name that is not taken, but 'a' is; names in a loop can say \"{i}\"\n"
       "m.qm:1:29: note: 'a' is here"},
  });
}

TEST_CASE("errors of types and shapes") {
  check({
      {"model m(x: f23[4]) { return x }", "1:12: error: unknown name 'f23'; did you mean 'f32'?"},
      {"model m(x: int8[4]) { return x }", "1:12: error: expects a scale for int8, as in int8(scale: 0.05, zero: 0)"},
      {"model m(x: int8(scale: -1)[4]) { return x }",
       "1:12: error: expects positive scales within the range of f32, but got -1"},
      {"model m(x: int8(scale: inf)[4]) { return x }",
       "1:12: error: expects positive scales within the range of f32, but got inf"},
      {"model m(x: int8(scale: inf - inf)[4]) { return x }", "1:28: error: the result of inf - inf is not a number"},
      {"model m(x: int8(scale: 1, zero: 200)[4]) { return x }",
       "1:12: error: expects zero points of int8 from -128 to 127, but got 200"},
      {"model m(x: int8(scale: 1, min: 5, max: 4)[4]) { return x }",
       "1:12: error: expects min and max of int8 within -128 to 127, but got 5 and 4"},
      {"model m(x: int8(scale: [1, 2], axis: 0)[2]) { return x }",
       "1:12: error: expects a format with one scale for inputs and outputs, but got int8(scale: [2 values], axis: 0)"},
      {"model m(x: int8(scael: 1)[4]) { return x }",
       "1:17: error: int8: has no parameter 'scael'; did you mean 'scale'?"},
      {"model m(x: f32(1)[4]) { return x }", "1:12: error: the format f32 takes no arguments"},
      {"model m(x: f32[0]) { return x }", "1:16: error: expects a dimension of at least 1, but got 0"},
      {"model m(x: f32[1.5]) { return x }", "1:16: error: expects a dimension of at least 1, but got 1.5"},
      {"model m(x: f32[65536, 65536]) { return x }",
       "1:15: error: the shape [65536, 65536] is too large; at most 2^31 elements are supported"},
      {"model m(x: f32[4294967296, 4294967296]) { return x }",
       "1:15: error: the shape [4294967296, 4294967296] is too large; at most 2^31 elements are supported"},
      {"model m(x: f32[1, 4]) { return x + reshape(x, [4, 1]) |> pad([0, 0], [2147483647, 2147483647]) }",
       "1:58: error: pad: the result [2147483651, 2147483651] is too large; at most 2^31 elements are supported"},
      {"model m(x: f32[4]) -> f32[5] { return x }", "1:39: error: expects a result f32[5] as declared, but got f32[4]"},
      {"model m(x: f32[4]) -> f32[4], f32[4] { return x }",
       "1:47: error: expects 2 results as declared, but returns 1"},
      {"model m(x: f32[4]) { return 3 }", "1:29: error: expects a tensor as result, but got 3"},
      {"model m(x: f32[4]) { y = x }", "1:7: error: the model 'm' returns nothing; add a return statement"},
      {"model m(x: f32[4]) { return x y = x }", "1:31: error: this statement follows a return and is never reached"},
  });
}

TEST_CASE("errors of arguments") {
  check({
      {"model m(x: f32[4]) { return relu(x, x, x, x, x, x, x, x) }",
       "1:55: error: relu: expects at most 7 arguments, but got 8"},
      {"model m(x: f32[4]) { return relu() }", "1:29: error: relu: expects an argument for 'x', the input"},
      {"model m(x: f32[4]) { return softmax(x, beat: 2) }",
       "1:40: error: softmax: has no parameter 'beat'; did you mean 'beta'?"},
      {"model m(x: f32[4]) { return softmax(x, x: x) }", "1:40: error: softmax: the parameter 'x' is given twice"},
      {"model m(x: f32[4]) { return softmax(beta: 1, x) }",
       "1:46: error: softmax: expects arguments without a name before those with one"},
      {"model m(x: f32[4]) { return softmax(x, beta: \"1\") }",
       "1:46: error: softmax: expects number for 'beta', but got \"1\""},
      {"model m(x: f32[4]) { return softmax(x, beta: 0) }",
       "1:29: error: softmax: expects a positive beta, but got 0.000000e+00"},
      {"model m(x: f32[4]) { return relu(3) }", "1:34: error: relu: expects tensor for 'x', but got 3"},
      {"model m(x: f32[4]) { return relu(x, activation: rleu6) }",
       "1:49: error: relu: expects none | relu | relu6 | relu_n1_to_1 for 'activation', but got 'rleu6'; did you mean "
       "'relu6'?"},
      {"model m(x: f32[1, 4, 4, 1]) { return max_pool(x, 2, padding: sane) }",
       "1:62: error: max_pool: expects same | valid | [int, int, int, int] for 'padding', but got 'sane'; did you mean "
       "'same'?"},
      {"model m(x: f32[1, 4, 4, 1]) { return max_pool(x, [2, 2, 2]) }",
       "1:50: error: max_pool: expects int | [int, int] for 'kernel', but got [2, 2, 2]"},
      {"model m(x: f32[1, 4, 4, 1]) { return max_pool(x, 5) }",
       "1:38: error: max_pool: expects a window that fits the input, but its height is 5 and that of the padded input "
       "4"},
      {"model m(x: f32[1, 4, 4, 1]) { return max_pool(x, 0) }",
       "1:38: error: max_pool: expects kernel, stride and dilation from 1 to 2^24, but got 0"},
      {"model m(x: f32[4, 4]) { return max_pool(x, 2) }",
       "1:41: error: max_pool: expects a tensor [batch, height, width, channels] of rank 4, but got f32[4, 4]"},
      {"model m(x: f32[1, 6]) { return reshape(x, [4, -1]) }",
       "1:43: error: reshape: expects a shape of 6 elements as in f32[1, 6], but got [4, -1]"},
      {"model m(x: f32[1, 6]) { return transpose(x, [1, 1]) }",
       "1:45: error: transpose: expects each axis from 0 to 1 once, but got [1, 1]"},
      {"model m(x: f32[1, 6]) { return transpose(x, [0]) }",
       "1:45: error: transpose: expects one entry for each of the 2 dimensions of f32[1, 6], but 'permutation' has 1"},
      {"model m(x: f32[1, 6]) { return concat([x, relu(x)], axis: 2) }",
       "1:59: error: concat: expects an axis from -2 to 1 for a tensor of rank 2, but got 2"},
      {"model m(x: f32[1, 6], y: f32[2, 6]) { return concat([x, y], axis: 1) }",
       "1:53: error: concat: expects tensors that differ only along axis 1, but the first is f32[1, 6] and number 2 is "
       "f32[2, 6]"},
      {"model m(x: f32[1, 6]) { return split(x, axis: 1, parts: 4)[0] }",
       "1:57: error: split: expects a number of parts that divides the 6 elements of axis 1, but got 4"},
      {"model m(x: f32[1, 6]) { return slice(x, [0, 2], size: [1, 5]) }",
       "1:55: error: slice: expects from 1 to 4 elements of dimension 1 of [1, 6], but got 5"},
      {"model m(x: f32[2, 3], y: f32[4]) { return x * y }", "1:45: error: mul: cannot broadcast [2, 3] with [4]"},
      {"model m(x: f32[2, 3], y: f32[3, 4]) { return matmul(x, x) }",
       "1:46: error: matmul: expects equal contracted dimensions, but got 3 and 2"},
      {"model m(x: int8(scale: 1)[4]) { return x + x }",
       "1:42: error: add: expects the format of the result, because the input is int8(scale: 1)[4]; for example out: "
       "int8(scale: 0.05, zero: 0)"},
      {"model m(x: int8(scale: 1)[4]) { return tanh(x, out: int8) }",
       "1:53: error: tanh: expects a scale for int8, as in int8(scale: 0.05, zero: 0)"},
      {"model m(x: f32[4]) { return tanh(x, out: int8(scale: 1)) }",
       "1:29: error: tanh: expects only f32 or only integer formats, but got 'f32' beside "
       "'!quant.uniform<i8:f32, 1.000000e+00>'"},
  });
}

TEST_CASE("errors of computations") {
  check({
      {"model m(x: f32[4]) { a = 1 / 0 return x }", "1:28: error: division of 1 by zero"},
      {"model m(x: f32[4]) { a = 9223372036854775807 + 1 return x }",
       "1:46: error: the result of 9223372036854775807 + 1 does not fit 64 bits"},
      {"model m(x: f32[4]) { a = \"a\" + \"b\" return x }",
       "1:30: error: cannot compute \"a\" + \"b\"; strings are joined as \"{a}{b}\""},
      {"model m(x: f32[4]) { return x / 2 }",
       "1:31: error: cannot compute a tensor f32[4] / 2; tensors have +, - and * with tensors and numbers"},
      {"model m(x: f32[4]) { a = -x return x }", "1:26: error: expects a number after '-', but got a tensor f32[4]"},
      {"model m(x: f32[4]) { if 1 { } return x }", "1:25: error: expects true or false, but got 1"},
      {"model m(x: f32[4]) { if x == 1 { } return x }", "1:27: error: cannot compare a tensor f32[4] with 1 by '=='"},
      {"model m(x: f32[4]) { for i in 3 { } return x }", "1:31: error: expects a list to loop over, but got 3"},
      {"model m(x: f32[4]) { a, b = [1] return x }",
       "1:29: error: expects a list of 2 for as many variables, but got [1]"},
      {"model m(x: f32[4]) { a = [1, 2][2] return x }", "1:33: error: expects an index from 0 to 1, but got 2"},
      {"model m(x: f32[4]) { return relu(x, name: \"{x}\") }",
       "1:45: error: expects a string or a number inside a string, but got a tensor f32[4]"},
      {"dim N = 1.5 model m(x: f32[4]) { return x }",
       "1:9: error: expects an integer for the dimension 'N', but got 1.5"},
      {"fn f(x) { y = x } model m(x: f32[4]) { return f(x) }", "1:4: error: the function 'f' returns nothing"},
      {"fn f(x) { weights \"w.npz\" return x } model m(x: f32[4]) { return f(x) }",
       "1:11: error: expects weights in the model, not in a function"},
  });
}

TEST_CASE("functions that call themselves, endless loops, deep nesting") {
  check({
      {"fn f(x) { return f(x) } model m(x: f32[4]) { return f(x) }",
       "1:18: error: the function 'f' calls itself (f -> f); recursion is not supported"},
      {"fn f(x) { return g(x) } fn g(x) { return f(x) } model m(x: f32[4]) { return g(x) }",
       "1:18: error: the function 'g' calls itself (g -> f -> g); recursion is not supported"},
      {"fn f(a = f()) { return a } model m(x: f32[4]) { return x * f() }",
       "1:10: error: the function 'f' calls itself (f -> f); recursion is not supported"},
      {"model m(x: f32[4]) { for i in range(1000000000) { } return x }",
       "1:31: error: range: expects a range of at most 65536 integers, but got 0 to 1000000000"},
      {"model m(x: f32[4]) { for i in range(60000) { for j in range(60000) { k = j } } return x }",
       "1:70: error: building the model takes more than 1000000 steps; is a loop too long?"},
      {"model m(x: f32[4]) { for i in range(60000) { x = relu(relu(x)) } return x }",
       "1:55: error: expects a model of at most 100000 operators"},
      {"model m(x: f32[4]) { s = \"ab\" for i in range(20) { s = \"{s}{s}\" } return x }",
       "1:56: error: expects strings of at most 4096 bytes"},
      {"model m(x: f32[4]) { s = [1] for i in range(20) { s = s + s } return x }",
       "1:57: error: expects lists of at most 65536 elements, but got 131072"},
      {"model m(x: f32[4]) { s = [1] for i in range(20) { s = [s, s] } return x }",
       "1:55: error: expects lists of at most 65536 elements, at most 16 inside each other"},
  });
  Language language;
  auto body = [](const std::string &text) { return "model m(x: f32[4]) {" + text + "}"; };
  CHECK(language.errorFor(body("return " + repeat("(", 100000))) ==
        "m.qm:1:127: error: expects blocks and expressions nested at most 100 deep\n");
  CHECK(language.errorFor(body("return " + repeat("-", 100000) + "1")) ==
        "m.qm:1:127: error: expects blocks and expressions nested at most 100 deep\n");
  CHECK(language.errorFor(body(repeat("if true {", 100000))) ==
        "m.qm:1:915: error: expects blocks and expressions nested at most 100 deep\n");
  CHECK(language.errorFor(body(repeat("if true { } else ", 100000))) ==
        "m.qm:1:1707: error: expects blocks and expressions nested at most 100 deep\n");
  CHECK(language.errorFor(body("return x" + repeat(" + x", 100000))) ==
        "m.qm:1:1626: error: expects expressions of at most 400 levels; assign parts of it to variables\n");
  CHECK(language.errorFor(body("return x" + repeat(" |> relu", 100000))) ==
        "m.qm:1:3225: error: expects expressions of at most 400 levels; assign parts of it to variables\n");
  std::string chain = "fn g0(x) { return x }";
  for (int i = 1; i < 2000; ++i)
    chain += "fn g" + std::to_string(i) + "(x) { return g" + std::to_string(i - 1) + "(x) }";
  CHECK(StringRef(language.errorFor(chain + body("return g1999(x)")))
            .ends_with(": error: expects calls and expressions inside each other at most 1000 deep\n"));
}
