# shellcheck shell=bash
# What the guides that play something through share: sourced by them.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

step() { printf '\n# %s\n' "$*"; }

# try WANTED COMMAND…: runs `lagnet COMMAND…`, shows it with its answer, and stops
# if that does not have the wanted text in it. Keeps the answer ($said) and its
# last word ($last), which is a name.
try() {
  local wanted=$1
  shift
  printf '$ lagnet %s\n' "$*"
  said=$(lagnet "$@")
  printf '%s\n' "$said"
  [[ $said == *$wanted* ]] || { echo "expected: $wanted" >&2; exit 1; }
  # shellcheck disable=SC2034  # For the guides.
  last=${said##* }
}

# sign_up WANTED VISIT ORGANISATION SECTOR NAME [MORE…]
sign_up() {
  local wanted=$1 visit=$2 organization=$3 sector=$4 name=$5
  shift 5
  try "$wanted" signup create "$visit" --organization "$organization" \
    --sector "$sector" --name "$name" \
    --email "$(tr 'A-Z ' 'a-z.' <<<"$name")@example.org" "$@"
}
