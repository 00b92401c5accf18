#!/bin/sh
# Writes server/db/schema.sql anew: the sum of the migrations, for reading.
# Needs a build of the tests: cmake --preset debug.
set -eu
cd "$(dirname "$0")/../.."
cmake --build build/debug --target test_postgres house_test
build/debug/bin/test_postgres start
LAGNET_WRITE_SCHEMA=1 build/debug/bin/house_test --gtest_filter='SchemaTest.File*'
build/debug/bin/test_postgres stop
