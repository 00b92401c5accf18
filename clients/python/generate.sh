#!/bin/sh
# Generates the Python code of lagnet's API with Debian's own tools.
#   generate.sh [FOLDER]    into FOLDER, by default ./generated beside this file
#
# Needs protobuf-compiler, protobuf-compiler-grpc, python3-grpcio and
# python3-protobuf. Another interpreter than Debian's: PYTHON=/path/to/python.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
protos=$here/../../protos
out=${1:-$here/generated}
python=${PYTHON:-/usr/bin/python3}

for tool in protoc grpc_python_plugin "$python"; do
  command -v "$tool" >/dev/null || {
    echo "$tool is missing: apt-get install protobuf-compiler" \
      "protobuf-compiler-grpc python3-grpcio python3-protobuf" >&2
    exit 1
  }
done

rm -rf "$out"
mkdir -p "$out"
cd "$protos"
# What the server alone uses is left out.
files=$(find lagnet -name '*.proto' ! -path 'lagnet/internal/*' | sort)
# google.rpc belongs to the package googleapis-common-protos. Two copies of it
# in one process collide, so it is generated only where that one is missing.
if ! "$python" -c 'import google.rpc.status_pb2' 2>/dev/null; then
  files="$files google/rpc/status.proto google/rpc/error_details.proto"
fi
services=$(grep -l '^service ' $files)

# No quotes: both are lists, and no path in them has a space.
protoc -I . --python_out="$out" $files
protoc -I . --grpc_out="$out" \
  --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" $services
echo "Generated into $out: put it on PYTHONPATH."
