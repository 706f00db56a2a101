#!/bin/sh
# Measures EscrowMQ and Apache RocketMQ in turn and prints tables in Markdown; docs/benchmarks.md explains them.
# Needs a JDK 17 or newer and Maven; RocketMQ and its client are resolved from Maven Central by the build.
# Options: see "bench/compare.sh --help". BENCH_BUILD=no leaves the build out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
bench=$root/bench

if [ "${BENCH_BUILD:-yes}" != no ]; then
  mvn -q -B -f "$root/pom.xml" -pl server,bench -am -DskipTests package >&2
fi
for peer in rocketmq-client rocketmq-server; do
  if [ ! -s "$bench/target/classpath/$peer.txt" ] \
    || [ "$bench/peers/$peer/pom.xml" -nt "$bench/target/classpath/$peer.txt" ]; then
    mvn -q -B -f "$bench/peers/$peer/pom.xml" package >&2
  fi
done

java=$(command -v java || true)
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
fi
# Both brokers run on the same JDK unless somebody asks for another one.
ESCROWMQ_JAVA=${ESCROWMQ_JAVA:-$(readlink -f "$java")}
export ESCROWMQ_JAVA
exec "$java" -Xmx128m -cp "$bench/target/classes:$(cat "$bench/target/classpath/bench.txt")" \
  io.escrowmq.bench.Compare "$root" "$@"
