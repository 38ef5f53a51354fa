// qcc._native: the command line as a function of Python. What is convenient is written in Python, in ../qcc.
#include "compiler/python/Library.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

static nb::tuple run(const std::vector<std::string> &arguments) {
  qcc::CommandResult result;
  {
    nb::gil_scoped_release release; // Calibration and compilation take long, and other threads may go on.
    result = qcc::runCommand(arguments);
  }
  // Names of a model may be no UTF-8.
  auto text = [](const std::string &bytes) {
    return nb::bytes(bytes.data(), bytes.size()).attr("decode")("utf-8", "replace");
  };
  return nb::make_tuple(result.code, text(result.output), text(result.errors));
}

NB_MODULE(_native, module) {
  module.def("run", &run, nb::arg("arguments"),
             "Does what `qcc ARGUMENTS...` does, in this process, and returns its exit code, stdout and stderr.");
}
