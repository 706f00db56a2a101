#!/bin/sh
# Measures how soon EscrowMQ takes messages again after kill -9 with a large log; docs/benchmarks.md explains it.
# Needs a JDK 17 or newer and Maven; takes 12 GB of disk while it runs.
# Options: see the usage in Restart.java. BENCH_BUILD=no leaves the build out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
peers=""
. "$root/bench/prepare.sh"
exec "$java" -Xmx256m -cp "$bench/target/classes:$(cat "$bench/target/classpath/escrowmq-client.txt")" \
  io.escrowmq.bench.Restart "$root" "$@"
