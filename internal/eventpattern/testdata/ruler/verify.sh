#!/bin/sh
# Checks ../conformance.json against AWS's own engine. Needs Java 17 and Maven;
# prints the number of entries and exits non-zero on any disagreement.
set -eu
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mvn -q -B -Dstyle.color=never -DbuildDirectory="$out" compile exec:java -Dexec.args="$PWD/../conformance.json"
