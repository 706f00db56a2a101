#!/bin/sh
# Measures what open transactions cost EscrowMQ and prints a table in Markdown; docs/benchmarks.md explains it.
# Needs a JDK 17 or newer and Maven; RocketMQ's client is resolved from Maven Central by the build.
# Options: see "bench/open.sh --help". BENCH_BUILD=no leaves the build out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
peers="rocketmq-client"
. "$root/bench/prepare.sh"
exec "$java" -Xmx128m -cp "$class_path" io.escrowmq.bench.Open "$root" "$@"
