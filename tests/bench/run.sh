#!/bin/bash
# Builds what is measured and what it is measured against, then measures.
# --help tells the options; README.md tells what the figures mean.
set -euo pipefail
cd "$(dirname "$0")/../.."

missing=()
for package in libnghttp2-dev postgresql python3; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null |
    grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "tests/bench/run.sh: install first: apt-get install ${missing[*]}" >&2
  exit 1
fi

case " $* " in
  *" --help "* | *" -h "* | *" --no-build "*) ;;
  *)
    cmake --preset release >/dev/null
    cmake --build build/release --target lagnetd lagnet
    cmake --preset release -B build/bench -DLAGNET_BENCH=ON >/dev/null
    cmake --build build/bench --target bench_load bench_echo
    ;;
esac
exec python3 tests/bench/bench.py "$@"
