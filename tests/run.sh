#!/usr/bin/env bash
# From a fresh Debian machine to a green suite, in one command: installs what
# is missing, builds, and runs every test. Ends with ctest's own summary, that
# of the first suite that fails or of the last.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: tests/run.sh [--fast] [--full] [OPTIONS OF CTEST]

  --fast        without the ThreadSanitizer suite
  --full        the tests in tests/e2e at their full scale: 20 kills in 10,000
                sign-ups each, 200 rounds on two servers, 1,000 cuts of watches,
                a list of 3,000; 100,000 histories of seats instead of 10,000;
                takes some ten minutes more
  --help        print this

Other options go to ctest: -R visits runs what is named so, -L, -E, -V and so
on. In this order: the release programs (the tests in tests/e2e run those),
the suites of db, rpc, changes and visits under ThreadSanitizer, then all
suites under AddressSanitizer and UndefinedBehaviorSanitizer.
USAGE
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The compiler's cache is found where ever it can be.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

# Builds a preset and runs its tests. What ctest is asked for by name may be in
# one suite only: then the other has none, which is no failure.
run_suite() {
  local preset=$1 no_tests=$2
  shift 2
  deploy/build.sh "$preset"
  printf '\nTests of %s\n' "$preset"
  ctest --preset "$preset" --no-tests="$no_tests" "$@" </dev/null
}

main() {
  local with_tsan=yes word
  local -a asked=()
  for word in "$@"; do
    case $word in
      --help | -h) usage && exit 0 ;;
      --fast) with_tsan='' ;;
      --full) export LAGNET_E2E_SCALE=full ;;
      *) asked+=("$word") ;;
    esac
  done
  deploy/packages.sh test
  deploy/build.sh release
  [[ -z $with_tsan ]] || run_suite tsan ignore ${asked[@]+"${asked[@]}"}
  run_suite debug error ${asked[@]+"${asked[@]}"}
}

main "$@"
