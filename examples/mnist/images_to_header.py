"""Writes the images and labels of images.npz as C arrays: images_to_header.py images.npz images.h"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import npz


def main():
    source, header = sys.argv[1:]
    arrays = npz.read(source)
    (count, height, width), pixels = arrays["images"]
    size = height * width
    rows = ["  {" + ", ".join(map(str, pixels[i * size : (i + 1) * size])) + "}" for i in range(count)]
    Path(header).write_text(
        "/* Written by images_to_header.py. Grey levels, 0 is black. */\n"
        "#include <stdint.h>\n\n"
        f"enum {{ IMAGE_COUNT = {count}, IMAGE_PIXELS = {size} }};\n\n"
        f"static const uint8_t labels[IMAGE_COUNT] = {{{', '.join(map(str, arrays['labels'][1]))}}};\n\n"
        "static const uint8_t images[IMAGE_COUNT][IMAGE_PIXELS] = {\n" + ",\n".join(rows) + "};\n"
    )


if __name__ == "__main__":
    main()
