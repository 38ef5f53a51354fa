"""The rules of the house that a script can check: `lint.py RULE` prints every violation.

Each rule is a function that yields one line per violation; ctest runs each by its name.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = {".cpp", ".h", ".c", ".td"}
MAX_LINES = 800


def files(*suffixes, under=ROOT):
    """Tracked and new files below `under`, but no build outputs."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # An unpacked archive without git.
        paths = [path for path in ROOT.rglob("*") if "build" not in path.relative_to(ROOT).parts[0]]
    return sorted(
        path
        for path in paths
        if path.is_file() and path.is_relative_to(under) and (not suffixes or path.suffix in suffixes)
    )


def lines(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def matches(pattern, paths):
    """`file:line: text` for each line that matches."""
    expression = re.compile(pattern)
    for path in paths:
        for number, line in enumerate(lines(path), 1):
            if expression.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def text_files():
    binary = {".npz", ".npy", ".safetensors", ".tflite", ".png", ".pgm", ".bin"}
    corpus = ROOT / "test" / "fuzz" / "corpus"
    return [path for path in files() if path.suffix not in binary and not path.is_relative_to(corpus)]


def format():
    """C and C++ are as clang-format-22 writes them."""
    sources = files(".cpp", ".h", ".c")
    result = subprocess.run(
        ["clang-format-22", "--dry-run", "-Werror", *sources], capture_output=True, text=True, check=False
    )
    yield from (line for line in result.stderr.splitlines() if " error: " in line)


def length():
    """No source file has more than 800 lines."""
    for path in files(*CODE, ".py", ".sh", ".cmake"):
        if (count := len(lines(path))) > MAX_LINES:
            yield f"{path.relative_to(ROOT)}: {count} lines, at most {MAX_LINES}"


def options():
    """Options live in the driver: no llvm::cl elsewhere, no environment variables anywhere."""
    yield from matches(r"\bcl::(opt|list|bits)\b", [p for p in files(*CODE) if "compiler/driver" not in str(p)])
    yield from matches(r"\bgetenv\b", files(*CODE))


def todo():
    """Unfinished work has an issue number."""
    here = Path(__file__).resolve()
    yield from matches(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))", [p for p in text_files() if p != here])


def paths():
    """Nothing says where it was written: no absolute paths of a machine."""
    here = Path(__file__).resolve()
    yield from matches(r"(?<![\w.$}/])/(work|root|home|Users)/", [p for p in text_files() if p != here])


def links():
    """Files that a document links to, or names by their path in the repository, exist."""
    link = re.compile(r"\]\((?!https?:)([^)#]+)")
    folders = "|".join({re.escape(path.relative_to(ROOT).parts[0]) for path in files() if path.parent != ROOT})
    named = re.compile(rf"`((?:{folders})/[\w./+-]*)`")
    for path in files(".md"):
        text = path.read_text()
        targets = {target: path.parent / target for target in link.findall(text)}
        targets.update({target: ROOT / target for target in named.findall(text)})
        for target, where in sorted(targets.items()):
            if not where.exists():
                yield f"{path.relative_to(ROOT)}: there is no {target}"


def operators():
    """(op, mnemonic) of every operator that the qnn tables define."""
    definition = re.compile(r'^def Qnn_\w+Op\s*:\s*Qnn_\w*<"(\w+)"', re.MULTILINE)
    for table in files(".td", under=ROOT / "dialects" / "qnn"):
        yield from definition.findall(table.read_text())


def ops():
    """Every qnn operator is executed, round-tripped and documented by a test of its own."""
    roundtrip = (ROOT / "test" / "dialects" / "qnn" / "roundtrip.mlir").read_text()
    for name in operators():
        if f"qnn.{name} " not in roundtrip:
            yield f"test/dialects/qnn/roundtrip.mlir: no qnn.{name}"
        test = ROOT / "test" / "execute" / f"{name.replace('_', '-')}.mlir"
        if not test.exists():
            yield f"{test.relative_to(ROOT)}: missing, but qnn.{name} exists"


def constraints():
    """Every numbered constraint that a verifier cites has a test that cites it, too."""
    cited = re.compile(r"\b[a-z][a-z0-9_]*_c\d+\b")
    tests = set()
    for path in files(".mlir", under=ROOT / "test" / "dialects"):
        tests.update(cited.findall(path.read_text()))
    for path in files(".cpp", under=ROOT / "dialects"):
        for name in sorted(set(cited.findall(path.read_text())) - tests):
            yield f"{path.relative_to(ROOT)}: no test under test/dialects cites {name}"


def passes():
    """Pass qnn-fold-batch-norm has FoldBatchNorm.cpp, fold-batch-norm.mlir and, if it can refuse, fold-batch-norm-invalid.mlir."""
    argument = re.compile(r'getArgument\(\) const override \{\s*return "([\w-]+)"')
    tests = {path.stem for path in files(".mlir", under=ROOT / "test" / "compiler")}
    for path in files(".cpp", under=ROOT / "compiler"):
        text = path.read_text()
        for full_name in argument.findall(text):
            name = re.sub(r"^(qnn|qk|qcc)-", "", full_name)
            where = path.relative_to(ROOT)
            if path.stem.lower() != name.replace("-", ""):
                yield f"{where}: the pass {full_name} should live in a file of its name"
            if name not in tests:
                yield f"{where}: no {name}.mlir under test/compiler"
            if re.search(r"emit(Op)?Error", text) and f"{name}-invalid" not in tests:
                yield f"{where}: no {name}-invalid.mlir under test/compiler"


RULES = {rule.__name__: rule for rule in (format, length, options, todo, paths, links, ops, constraints, passes)}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in RULES:
        sys.exit(f"usage: lint.py {'|'.join(RULES)}")
    rule = RULES[sys.argv[1]]
    violations = list(rule())
    print(*violations, sep="\n")
    if violations:
        sys.exit(f"{len(violations)} violations of: {rule.__doc__.splitlines()[0]}")


if __name__ == "__main__":
    main()
