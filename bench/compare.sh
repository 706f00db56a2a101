#!/bin/sh
# Measures EscrowMQ and Apache RocketMQ in turn and prints tables in Markdown; docs/benchmarks.md explains them.
# Needs a JDK 17 or newer and Maven; the peers and their clients are resolved from Maven Central by the build.
# Options: see "bench/compare.sh --help". BENCH_BUILD=no leaves the build out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
peers="rocketmq-client rocketmq-server"
case " $* " in
  *artemis*) peers="$peers artemis" ;;
esac
case " $* " in
  *kafka*) peers="$peers kafka" ;;
esac
. "$root/bench/prepare.sh"
exec "$java" -Xmx128m -cp "$class_path" io.escrowmq.bench.Compare "$root" "$@"
