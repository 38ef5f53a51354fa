# How lit finds and runs the tests.
#
# In RUN lines: %qcc and %qcc-opt are the tools, %root is the repository, %models and
# %data are the shared models and recorded inputs (REQUIRES: shared-models or
# shared-data), %python is the python3 whose packages `python-peers` is about.
# FileCheck, not, split-file and LLVM's tools are on the path.
import os
import shutil
import sys

import lit.formats

sys.path.insert(0, os.path.join(config.qcc_root, "test"))
sys.dont_write_bytecode = True
import features

config.name = "qcc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".qm"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.join(config.qcc_root, "test")

config.environment["PATH"] = os.pathsep.join([config.qcc_bin, config.qcc_llvm_bin, os.environ["PATH"]])

shared = os.path.join(os.path.dirname(config.qcc_root), "shared")
config.substitutions += [
    # The longer name first: substitutions are applied in order.
    ("%qcc-opt", os.path.join(config.qcc_bin, "qcc-opt")),
    ("%qcc", os.path.join(config.qcc_bin, "qcc")),
    ("%root", config.qcc_root),
    ("%models", os.path.join(shared, "models")),
    ("%data", os.path.join(shared, "data")),
    ("%python", shutil.which("python3")),
]
config.available_features.update(features.available())
