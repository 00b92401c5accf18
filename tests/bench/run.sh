#!/usr/bin/env bash
# Builds what is measured and what it is measured against, then measures.
# --help tells the options; README.md tells what the figures mean.
set -euo pipefail
cd "$(dirname "$0")/../.."

case " $* " in
  *" --help "* | *" -h "* | *" --no-build "*) ;;
  *)
    deploy/packages.sh bench
    deploy/build.sh release lagnetd lagnet
    deploy/build.sh bench bench_load bench_watch bench_echo
    for folder in tests/bench/node clients/typescript clients/web; do
      npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent
    done
    npm run build --prefix clients/typescript --silent
    npm run build --prefix clients/web --silent
    ;;
esac
exec /usr/bin/python3 tests/bench/bench.py "$@"
