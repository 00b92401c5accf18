#!/bin/sh
# Generates what is not written by hand into src/generated: the messages and
# services of protos/, all of them as one descriptor set with comments, and the
# reasons of docs/api/errors.md.
#
# Needs protobuf-compiler, and `npm ci` before it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
out=$here/src/generated
plugin=$here/node_modules/.bin/protoc-gen-es

command -v protoc >/dev/null || {
  echo "protoc is missing: apt-get install protobuf-compiler" >&2
  exit 1
}
[ -x "$plugin" ] || {
  echo "protoc-gen-es is missing: npm ci" >&2
  exit 1
}

rm -rf "$out"
mkdir -p "$out"
cd "$root/protos"
# What the server alone uses is left out. No quotes: a list of paths without
# spaces.
# shellcheck disable=SC2046
protoc -I . --plugin=protoc-gen-es="$plugin" \
  --es_out="$out" --es_opt=target=ts,import_extension=js \
  --descriptor_set_out="$out/lagnet.binpb" --include_imports --include_source_info \
  $(find lagnet -name '*.proto' ! -path 'lagnet/internal/*' | LC_ALL=C sort) \
  google/rpc/status.proto google/rpc/error_details.proto

{
  echo '// Generated from docs/api/errors.md.'
  echo 'export const REASONS = ['
  sed -n 's/^| `\([A-Z_]*\)` | `[A-Z_]*` |.*/  "\1",/p' "$root/docs/api/errors.md"
  echo '] as const;'
} >"$out/reasons.ts"
