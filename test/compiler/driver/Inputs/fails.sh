#!/usr/bin/env bash
# fails.sh CODE COMMAND...: passes if the command ends with this exit code and prints exactly one error, no crash and
# nothing on stdout. Its stderr goes on to FileCheck.
expected=$1
shift
errors=$("$@" 2>&1 >/dev/null)
code=$?
printf '%s\n' "$errors"
if [ "$code" != "$expected" ]; then
  echo "expected exit code $expected, but got $code"
  exit 1
fi
count=$(grep -c 'error: ' <<<"$errors")
if [ "$count" != 1 ]; then
  echo "expected one error, but got $count"
  exit 1
fi
