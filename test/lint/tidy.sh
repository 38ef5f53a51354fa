#!/usr/bin/env bash
# clang-tidy: test/lint/tidy.sh [file...]; without files, all C++ files that are not as in the last commit,
# with --all, all. About 5 s a file, so this is no part of test/run.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case "${1:-}" in
--all) mapfile -t files < <(git ls-files 'compiler/*.cpp' 'dialects/*.cpp') ;;
"") mapfile -t files < <(git ls-files --modified --others --exclude-standard 'compiler/*.cpp' 'dialects/*.cpp') ;;
*) files=("$@") ;;
esac
((${#files[@]})) || {
  echo "tidy: no changed file"
  exit 0
}
echo "tidy: ${#files[@]} files"
# GCC's flags and the precompiled header mean nothing to clang-tidy, or slow it down.
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" \
  clang-tidy-22 -p build --quiet --extra-arg=-Wno-unused-command-line-argument
