#!/bin/sh
# Runs the micro benchmarks (JMH) whose names match the first argument; further arguments go to JMH.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
bench=$root/bench
mvn -q -B -f "$root/pom.xml" -pl bench -am -DskipTests package >&2
java=java
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
fi
exec "$java" -cp "$bench/target/test-classes:$(cat "$bench/target/classpath/micro.txt")" org.openjdk.jmh.Main "$@"
