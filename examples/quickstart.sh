#!/usr/bin/env bash
# The main job from end to end: builds qcc, quantizes the digits network of examples/mnist, compiles it for this
# machine and for a Cortex-M4, links a small C program to each, and runs both.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
"$root/setup.sh"

qcc=$root/build/bin/qcc
example=$root/examples/mnist
out=$root/build/quickstart
mkdir -p "$out/host" "$out/cortex-m4"
cd "$out"

say() { printf '\n== %s\n' "$*"; }
milliseconds() { date +%s%3N; }
# The value of a macro in a generated header.
macro() { awk -v name="$2" '$1 == "#define" && $2 == name { print $3 }' "$1"; }

say "Quantize: float weights and 64 calibration images to int8"
"$qcc" quantize "$example/model.qm" --calibrate "$example/calibration.npz" -o mnist-int8.qm
"$qcc" evaluate mnist-int8.qm --data "$example/images.npz" --input images --labels labels --scale 1/255

say "Compile"
for target in host cortex-m4; do
  begin=$(milliseconds)
  "$qcc" compile mnist-int8.qm --target=$target -o $target/mnist.o
  printf '%-10s %4d ms, arena %s bytes, stack %s bytes, object:' $target $(($(milliseconds) - begin)) \
    "$(macro $target/mnist.h MNIST_ARENA_BYTES)" "$(macro $target/mnist.h MNIST_STACK_BYTES)"
  /usr/lib/llvm-22/bin/llvm-size $target/mnist.o | awk 'NR == 2 { print " text and weights " $1 " bytes, data " $2 ", bss " $3 }'
done

python3 -B "$example/images_to_header.py" "$example/images.npz" images.h
sources=("$example/main.c" -I "$out")

say "Run on this machine"
cc -O2 "${sources[@]}" -I host host/mnist.o -o host/digits
host/digits

say "Run on a Cortex-M4 (qemu, mps2-an386)"
cmake -S "$root/examples/mcu" -B cortex-m4/firmware -G Ninja -DQCC_BOARD=cortex-m4 >/dev/null
cmake --build cortex-m4/firmware >/dev/null
ctest --test-dir cortex-m4/firmware --verbose -R digits | sed -n 's/^[0-9]*: \([0-9].*\)/\1/p'

say "Time"
"$qcc" bench mnist-int8.qm --target=host
"$qcc" bench mnist-int8.qm --target=cortex-m4

say "Everything is in build/quickstart: mnist-int8.qm, mnist.o and mnist.h for both targets, the programs"
