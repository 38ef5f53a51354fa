"""Runs a library's script as PlatformIO would, and prints what the linker gets: scons.py link.py"""

import runpy
import sys


class Environment:
    def Append(self, LIBPATH, LIBS):
        print(" ".join([f"-L{path}" for path in LIBPATH] + [f"-l{name}" for name in LIBS]))


def Import(name):
    assert name == "env"


runpy.run_path(sys.argv[1], init_globals={"Import": Import, "env": Environment()})
