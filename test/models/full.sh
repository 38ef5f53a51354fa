#!/usr/bin/env bash
# The long form of the tests here: 1,000 random samples per model on the host and with each peer, 10 on every other
# target, all CIFAR-10 images, more operators. Goes on after a failure and says at the end what failed.
# Arguments go to every script (--qcc PATH). docs/testing.md says what this needs.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failed=() common=("$@")

check() {
  echo "== $*"
  python3 -B "$here/$1" "${@:2}" "${common[@]}" || failed+=("$*")
}

check sizes.py
check verify.py --target=host --samples=1000 --floats
for target in cortex-m0plus cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55 rv32imc rv64gcv aarch64; do
  check verify.py --target="$target" --samples=10
done
check peers.py --samples=1000
check peer_operators.py --count=50
check labels.py --images=2000
check onnx_labels.py --images=5000
check onnx_nodes.py --all
check onnx_networks.py --samples=200

if ((${#failed[@]})); then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "all passed"
