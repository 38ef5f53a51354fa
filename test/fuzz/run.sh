#!/usr/bin/env bash
# Fuzzes every reader of untrusted input: test/fuzz/run.sh [seconds per target, default 600] [target...]
# Inputs with new coverage stay in build-fuzz/corpus, findings are left in build-fuzz/findings; a finding
# that was understood and fixed belongs into test/fuzz/corpus/<target>/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-600}
shift || true

cmake --preset fuzz >/dev/null
cmake --build build-fuzz --target fuzzers

if (($#)); then targets=("$@"); else targets=($(cd build-fuzz/bin && ls -1 | sed -n 's/^fuzz-//p')); fi
for target in "${targets[@]}"; do
  echo "fuzz: $target for $seconds s"
  grown=build-fuzz/corpus/$target findings=build-fuzz/findings/$target
  mkdir -p "$grown" "$findings"
  "build-fuzz/bin/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -print_final_stats=1 -verbosity=1 -artifact_prefix="$findings/" "$grown" "test/fuzz/corpus/$target" \
    2>"build-fuzz/$target.log" || {
    tail -n 40 "build-fuzz/$target.log"
    exit 1
  }
  grep -E '^(Done|stat::number_of_executed_units)' "build-fuzz/$target.log"
done
