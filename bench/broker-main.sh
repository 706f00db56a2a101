#!/bin/sh
# Runs a class of the broker's tests that measures something the broker alone can tell: io.escrowmq.broker.LongestTurn
# (the log's turns while images are taken), io.escrowmq.broker.recent.TablesAgainstMapDb. Further arguments go to it.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
list=$root/broker/target/main-classpath.txt
mvn -q -B -f "$root/pom.xml" -pl broker -am -DskipTests package dependency:build-classpath \
  -Dmdep.outputFile="$list" >&2
java=java
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
fi
exec "$java" -Xmx1g -XX:+UseSerialGC -cp "$root/broker/target/test-classes:$root/broker/target/classes:$(cat "$list")" "$@"
