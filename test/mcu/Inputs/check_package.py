"""Checks that a package has what its tool asks for: check_package.py arduino|zephyr|platformio FOLDER MODEL TARGET MCU

The rules are those of the Arduino library specification (rev. 2.2), the schema of Zephyr's module.yml and that of
PlatformIO's library.json.
"""

import json
import re
import sys
from pathlib import Path

# Semantic Versioning 2.0.0: three numbers without leading zeros, then pre-release and build.
NUMBER = r"(0|[1-9]\d*)"
VERSION = re.compile(rf"{NUMBER}\.{NUMBER}\.{NUMBER}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
CATEGORIES = {"Display", "Communication", "Signal Input/Output", "Sensors", "Device Control", "Timing", "Data Storage"}
CATEGORIES |= {"Data Processing", "Other"}


def expect(condition, message):
    if not condition:
        sys.exit(f"check_package: {message}")


def expect_files(root, *names):
    """Exactly these files."""
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    expect(found == set(names), f"expects {sorted(names)}, but found {sorted(found)}")


def expect_archive(path):
    expect(path.read_bytes().startswith(b"!<arch>\n"), f"{path} is no archive")


def arduino(root, model, target, mcu):
    sketch = f"examples/{model}/{model}.ino"
    archive = f"src/{mcu}/lib{model}.a"
    source = f"src/{model}_target.c"
    expect_files(root, "library.properties", "keywords.txt", "README.md", f"src/{model}.h", source, archive, sketch)
    expect_archive(root / archive)
    properties = dict(line.split("=", 1) for line in (root / "library.properties").read_text().splitlines())
    required = "name version author maintainer sentence paragraph category url architectures".split()
    for field in required:
        expect(properties.get(field), f"library.properties lacks '{field}'")
    expect(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.-]*", properties["name"]), "the name has other characters")
    expect(len(properties["name"]) <= 63, "the name has more than 63 characters")
    expect(VERSION.fullmatch(properties["version"]), f"no version: {properties['version']}")
    expect(properties["category"] in CATEGORIES, f"no category: {properties['category']}")
    expect(properties["precompiled"] == "true", "the library is not precompiled")
    expect(properties["ldflags"] == f"-l{model}", f"other flags: {properties['ldflags']}")
    expect((root / "src" / properties["includes"]).is_file(), f"no header: {properties['includes']}")
    for line in (root / "keywords.txt").read_text().splitlines():
        expect(re.fullmatch(r"\w+\t(KEYWORD[123]|LITERAL[12])", line), f"no keyword: {line}")


def zephyr(root, model, target, mcu):
    sample = f"samples/{model}"
    archive = f"lib/{target}/lib{model}.a"
    expect_files(
        root,
        *("zephyr/module.yml", "CMakeLists.txt", "Kconfig", "README.md", f"include/{model}.h", archive),
        *(f"{sample}/{name}" for name in ("CMakeLists.txt", "prj.conf", "sample.yaml", "src/main.c")),
    )
    expect_archive(root / archive)
    module = (root / "zephyr/module.yml").read_text().splitlines()
    expect(module[0] == f"name: {model}", f"another name: {module[0]}")
    expect("build:" in module, "module.yml lacks 'build'")
    for key, file in (("cmake", "CMakeLists.txt"), ("kconfig", "")):
        (value,) = [line.split(": ")[1] for line in module if line.startswith(f"  {key}: ")]
        expect((root / value / file).is_file(), f"'{key}' says '{value}'")
    (symbol,) = re.findall(r"^config (\w+)$", (root / "Kconfig").read_text(), re.MULTILINE)
    expect(f"CONFIG_{symbol}=y" in (root / sample / "prj.conf").read_text(), f"the sample does not set {symbol}")
    expect(f"if(CONFIG_{symbol})" in (root / "CMakeLists.txt").read_text(), f"CMakeLists.txt does not ask for {symbol}")


def platformio(root, model, target, mcu):
    example = f"examples/{model}"
    archive = f"lib/{target}/lib{model}.a"
    files = ["library.json", "link.py", "README.md", f"include/{model}.h", f"src/{model}_target.c", archive]
    expect_files(root, *files, f"{example}/platformio.ini", f"{example}/src/main.cpp")
    expect_archive(root / archive)
    manifest = json.loads((root / "library.json").read_text())
    expect(re.fullmatch(r"[^:;/,@<>]{1,100}", manifest["name"]), f"no name: {manifest['name']}")
    expect(VERSION.fullmatch(manifest["version"]), f"no version: {manifest['version']}")
    for keyword in manifest["keywords"]:
        expect(re.fullmatch(r"[a-z\d\-+. ]{1,50}", keyword), f"no keyword: {keyword}")
    for entry in manifest["examples"]:
        expect(re.fullmatch(r"[A-Za-z\d\-_/]{1,100}", entry["name"]), f"no name: {entry['name']}")
        for name in entry["files"]:
            expect((root / entry["base"] / name).is_file(), f"no example: {name}")
    build = manifest["build"]
    expect((root / build["includeDir"] / manifest["headers"]).is_file(), f"no header: {manifest['headers']}")
    expect((root / build["srcDir"]).is_dir(), f"no folder: {build['srcDir']}")
    expect((root / build["extraScript"]).is_file(), f"no script: {build['extraScript']}")
    settings = (root / example / "platformio.ini").read_text()
    for field in ("platform", "board", "framework"):
        expect(re.search(rf"^{field} = \w", settings, re.MULTILINE), f"platformio.ini lacks '{field}'")


def main():
    kind, folder, *arguments = sys.argv[1:]
    {"arduino": arduino, "zephyr": zephyr, "platformio": platformio}[kind](Path(folder), *arguments)
    print(f"{kind} is complete")


if __name__ == "__main__":
    main()
