#!/usr/bin/env bash
# render.sh PAGE: prints what a browser makes of a page, and after `CONSOLE` what it complains about.
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$profile" --enable-logging=stderr --dump-dom \
  "file://$PWD/$1" 2> >(grep CONSOLE >&1)
