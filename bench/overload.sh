#!/bin/sh
# Sends twice as much as EscrowMQ takes for two minutes and prints a table in Markdown; docs/benchmarks.md explains it.
# Needs a JDK 17 or newer and Maven. Options: see "bench/overload.sh --help". BENCH_BUILD=no leaves the build out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
peers=""
. "$root/bench/prepare.sh"
exec "$java" -Xmx128m -cp "$class_path" io.escrowmq.bench.Overload "$root" "$@"
