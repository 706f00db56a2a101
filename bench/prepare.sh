# Sourced by the scripts beside it: builds what they need, and finds the JDK that everything runs on.
# Wants $root and $peers (names of folders below bench/peers); sets $bench, $java and $class_path.
bench=$root/bench

if [ "${BENCH_BUILD:-yes}" != no ]; then
  mvn -q -B -f "$root/pom.xml" -pl server,bench -am -DskipTests package >&2
fi
for peer in $peers; do
  if [ ! -s "$bench/target/classpath/$peer.txt" ] \
    || [ "$bench/peers/$peer/pom.xml" -nt "$bench/target/classpath/$peer.txt" ]; then
    mvn -q -B -f "$bench/peers/$peer/pom.xml" package >&2
  fi
done

java=$(command -v java || true)
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
fi
# All brokers run on the same JDK unless somebody asks for another one.
ESCROWMQ_JAVA=${ESCROWMQ_JAVA:-$(readlink -f "$java")}
export ESCROWMQ_JAVA
class_path=$bench/target/classes:$(cat "$bench/target/classpath/bench.txt")
