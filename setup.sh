#!/usr/bin/env bash
# Makes qcc from a bare Debian bookworm: installs the packages that are missing,
# configures, and builds into build/. Run it again after every change: it does only
# what is left to do. With --peers, it also installs the Python packages that some tests compare with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

packages=(
  # The compiler: LLVM and MLIR 22 as shared libraries, and what builds it.
  llvm-22-dev llvm-22-tools libmlir-22-dev mlir-22-tools clang-22 lld-22 libclang-rt-22-dev
  cmake ninja-build libcli11-dev libeigen3-dev zlib1g-dev libflatbuffers-dev flatbuffers-compiler
  libprotobuf-dev protobuf-compiler
  # Tests and checks.
  catch2 clang-format-22 clang-tidy-22 python3 python3-dev python3-venv git
  # The targets: C compilers and libraries to link against, emulators to run in.
  gcc libc6-dev
  gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
  gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
  nodejs
)

say() { printf 'setup: %s\n' "$*"; }

# Packages of Python, in an environment of their own, which test/run.sh uses.
install_python() {
  local python=build/peers/bin/python3
  [[ -x $python ]] || python3 -m venv --system-site-packages build/peers
  say "installing into build/peers: $*"
  "$python" -m pip install --quiet "$@"
}

# Whether the Python of the tests has what builds the module qcc.
can_build_wheel() {
  PATH=$PWD/build/peers/bin:$PATH python3 -c 'import nanobind, numpy, pip, scikit_build_core' 2>/dev/null
}

missing=()
installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "${packages[@]}" 2>/dev/null || true)"
for package in "${packages[@]}"; do
  [[ $installed == *" installed:$package "* ]] || missing+=("$package")
done

if ((${#missing[@]})); then
  as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || {
      say "missing packages: ${missing[*]}"
      say "run as root or install sudo" >&2
      exit 1
    }
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
  # Package lists may be missing or stale: fetch them once if the first attempt fails.
  if ! "${install[@]}" "${missing[@]}" >/dev/null 2>&1; then
    say "updating the package lists"
    "${as_root[@]}" apt-get update -qq
    "${install[@]}" "${missing[@]}" >/dev/null
  fi
else
  say "all packages are installed"
fi

# CMake is asked again each time, so that new files are found.
say "configuring build/"
if ! output=$(cmake --preset default 2>&1); then
  printf '%s\n' "$output" >&2
  exit 1
fi

say "building build/bin/qcc and the tests"
cmake --build --preset default
can_build_wheel || install_python nanobind numpy scikit-build-core ||
  say "without these packages, the tests of the Python module are skipped"
if [[ ${1:-} == --peers ]]; then
  # What some tests of models compare with.
  install_python numpy flatbuffers tflite-micro ai-edge-litert onnx onnxruntime distributed
fi
say "done"
