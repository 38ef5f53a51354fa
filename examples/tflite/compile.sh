#!/usr/bin/env bash
# Compiles any .tflite and shows what came out: examples/tflite/compile.sh model.tflite [target, default cortex-m4]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
qcc=$root/build/bin/qcc
(($# >= 1)) || {
  echo "usage: compile.sh model.tflite [target]" >&2
  exit 2
}
model=$1 target=${2:-cortex-m4}
name=$(basename "$model" .tflite)
out=$root/build/tflite/$target
mkdir -p "$out"

"$qcc" compile "$model" --target="$target" -o "$out/$name.o"
"$qcc" inspect "$model" --target="$target"
echo "wrote $out/$name.o and $name.h"
