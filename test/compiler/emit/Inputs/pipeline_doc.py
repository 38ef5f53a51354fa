"""Compares the IR of docs/pipeline.md with what the compiler prints: `pipeline_doc.py QCC DOC MODEL`.

The first code block is the model, which is written to the file MODEL. The block under the heading of a phase is the IR after it: its lines
stand in the output in this order, `...` for any text, a line of it for any lines.
"""

import re
import subprocess
import sys


def pattern(block):
    """The block as an expression over text whose white space is single spaces."""
    pieces = re.sub(r"\s+", " ", block).strip().split("...")
    return re.compile(".*?".join(re.escape(piece.strip()) for piece in pieces), re.DOTALL)


def main():
    qcc, doc, model = sys.argv[1:]
    with open(doc, encoding="utf-8") as file:
        text = file.read()
    first, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    with open(model, "w", encoding="utf-8") as file:
        file.write(re.search(r"```mlir\n(.*?)```", first, re.DOTALL)[1])
    failures = 0
    for section in sections:
        block = re.search(r"```mlir\n(.*?)```", section, re.DOTALL)
        if not block:
            continue
        phase = section.split("\n", 1)[0].strip()
        command = [qcc, "compile", model, "--target=cortex-m4", f"--until={phase}"]
        ir = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = pattern(block[1]).search(re.sub(r"\s+", " ", ir))
        print(f"{phase}: {'as the compiler prints it' if found else 'NOT what the compiler prints'}")
        failures += not found
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
