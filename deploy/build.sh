#!/usr/bin/env bash
# Configures a CMake preset if that was not done yet, and builds it.
#   deploy/build.sh PRESET [TARGET ...]
#
# Shows how far it is: on one line at a terminal, else a line now and then.
# Says nothing if there is nothing to do.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Reads what ninja prints. Progress becomes short; what is not progress is the
# compiler's, and shown as it is.
show_progress() {
  local preset=$1 line done_ all total=0 next=0 drawn=''
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]]; then
      done_=${BASH_REMATCH[1]} all=${BASH_REMATCH[2]}
      # The look at new files, at each start.
      [[ ${BASH_REMATCH[3]} != Re-checking* ]] || continue
      # To configure anew is counted apart.
      (( all == total )) || { total=$all next=0; }
      if [[ -t 1 ]]; then
        printf '\r\033[KBuilding %s: %d of %d' "$preset" "$done_" "$all"
        drawn=yes
      elif (( done_ * 10 >= next * all )); then
        printf 'Building %s: %d of %d\n' "$preset" "$done_" "$all"
        next=$(( done_ * 10 / all + 1 ))
      fi
    elif [[ $line != 'ninja: no work to do.' && $line != '-- '* ]]; then
      [[ -z $drawn ]] || printf '\n'
      drawn=''
      printf '%s\n' "$line"
    fi
  done
  [[ -z $drawn ]] || printf '\n'
}

configure() {
  local preset=$1 log
  [[ ! -f build/$preset/build.ninja ]] || return 0
  printf 'Configuring %s\n' "$preset"
  log=$(cmake --preset "$preset" 2>&1) || {
    printf '%s\n' "$log" >&2
    rm -f "build/$preset/CMakeCache.txt"
    return 1
  }
}

main() {
  local preset=${1:?say which preset}
  shift
  configure "$preset"
  NINJA_STATUS='[%f/%t] ' ninja -C "build/$preset" "$@" 2>&1 |
    grep --line-buffered -v '^ninja: Entering directory' |
    show_progress "$preset"
}

main "$@"
