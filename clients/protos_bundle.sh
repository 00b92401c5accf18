#!/bin/sh
# Makes lagnet-protos.tar.gz: what a client in any other language is generated
# from.
#   protos_bundle.sh [FOLDER]    into FOLDER, by default ./build
#
# In it: the public protos, and lagnet.binpb, all of them as one descriptor set
# with comments, for tools that read those (buf, grpcurl, protoc
# --descriptor_set_in). The same protos give the same bytes, with one protoc.
# Needs protobuf-compiler.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/build}
command -v protoc >/dev/null || {
  echo "protoc is missing: apt-get install protobuf-compiler" >&2
  exit 1
}

umask 022
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/lagnet-protos
mkdir "$bundle"

cd "$root/protos"
# What the server alone uses is left out; google.rpc goes along, as the protos
# import it. No quotes: a list of paths without spaces.
files=$(find lagnet google -name '*.proto' ! -path 'lagnet/internal/*' |
  LC_ALL=C sort)
# shellcheck disable=SC2086
protoc -I . --include_imports --include_source_info \
  -o "$bundle/lagnet.binpb" $files
# shellcheck disable=SC2086
tar cf - $files | tar xf - -C "$bundle"
cp "$root/docs/api/errors.md" "$bundle"
cat >"$bundle/README.md" <<'README'
# The API of lagnet

Generate from `lagnet/`, and from `google/rpc/` only if your language has no
package with `google.rpc` (Go, Java and Python have): two copies in one program
collide. `lagnet.binpb` is all of it as one descriptor set. The reasons of
errors stand in `errors.md`.

    protoc -I . --python_out=generated $(find lagnet -name '*.proto')

Send a new UUID as `request_id` with each thing you want done, and the same one
again if no answer comes: it is done once.
README

# Names, owners and times that depend on nobody.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 \
  --mode=u=rwX,go=rX --format=ustar -cf "$work/bundle.tar" -C "$work" lagnet-protos
gzip -n -9 -c "$work/bundle.tar" >"$out/lagnet-protos.tar.gz"
echo "$out/lagnet-protos.tar.gz"
