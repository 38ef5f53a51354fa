#!/usr/bin/env bash
# Builds qcc and runs all its tests. Arguments go to ctest (for example -R dialects).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

"$root/setup.sh"
if [[ -d $root/build/peers/bin ]]; then
  PATH=$root/build/peers/bin:$PATH
fi
python3 "$root/test/features.py"
exec ctest --test-dir "$root/build" --parallel "$(nproc)" --output-on-failure --no-tests=error "$@"
