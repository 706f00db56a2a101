package io.escrowmq.bench;

import java.util.Locale;

/** What is measured: one line a figure, with its unit. The raw output uses the names, the table the labels. */
enum Metric {
  PER_SECOND("messages/s"),
  P50_MILLIS("p50 ms"),
  P99_MILLIS("p99 ms"),
  P999_MILLIS("p99.9 ms"),
  MAX_MILLIS("max ms"),
  MESSAGES("messages"),
  FAILURES("failures"),
  /** User and system time of the broker's process during the measured part. */
  CPU_PER_MILLION("broker CPU s per million"),
  SYSTEM_CPU_PER_MILLION("of it in the kernel"),
  /** Of the broker's CPU, what its threads that compile Java code used; a long warm-up makes it small. */
  COMPILER_CPU_PER_MILLION("of it compiling Java"),
  /** Of the broker's CPU, what its garbage collector's threads used. */
  COLLECTOR_CPU_PER_MILLION("of it collecting garbage"),
  GENERATOR_CPU_PER_MILLION("client CPU s per million"),
  /** Broker and load generator together. */
  PER_CPU_SECOND("messages per CPU second of both"),
  /** How far the log advanced, from the positions in the message ids. */
  LOG_BYTES("log bytes per message"),
  /** What reached the disks of the machine until all was synced, so a neighbour's writes are in it. */
  DEVICE_BYTES("bytes to the disk per message"),
  /** The whole call that sends the half-message, runs the local transaction and reports its outcome. */
  CALL_P50_MILLIS("whole transaction p50 ms"),
  CALL_P99_MILLIS("whole transaction p99 ms"),
  CALL_P999_MILLIS("whole transaction p99.9 ms"),
  /** Messages that the topic's queues got, while every check-back was answered with "unknown". */
  VISIBLE("visible soon after"),
  VISIBLE_PERCENT("visible of those committed at once, %"),
  CHECKS("check-backs until then"),
  /** Of one processor, with the producer still connected. */
  IDLE_CPU_PERCENT("idle CPU % afterwards"),
  DISK_BYTES("allocated disk bytes per message, whole run"),
  START_MILLIS("process start to first acknowledged send, ms"),
  RESTART_MILLIS("the same after kill -9, ms"),
  RESTART_LOG_GIB("log at the kill, GiB"),
  RSS_IDLE_MIB("RSS idle, MiB"),
  RSS_AFTER_MIB("RSS after the load, MiB"),
  ANONYMOUS_RSS_AFTER_MIB("RSS after the load without file pages, MiB"),
  LIVE_HEAP_MIB("live heap after the load, MiB"),
  GENERATOR_RSS_AFTER_MIB("client's RSS after the load, MiB"),
  GENERATOR_LIVE_HEAP_MIB("client's live heap after the load, MiB");

  private final String label;

  Metric(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
