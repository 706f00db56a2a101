package io.escrowmq.bench.load;

/**
 * What a measured part came to. Immutable.
 *
 * @param messages acknowledged or consumed
 * @param failures refused or timed out, after the client's own retries
 * @param nanos from the start to the last acknowledgement; for a drain from the first to the last message
 * @param p50Micros median latency; 0 where latency means nothing (drain)
 * @param p99Micros ninety-ninth percentile
 * @param p999Micros the slowest in a thousand
 * @param maxMicros the slowest
 * @param highestPosition in the broker's log that an acknowledgement named; -1 unknown
 * @param logBytesPerMessage how far the broker's log advanced per message, from the positions in the message ids; 0 unknown
 */
record Figures(
    long messages,
    long failures,
    long nanos,
    long p50Micros,
    long p99Micros,
    long p999Micros,
    long maxMicros,
    long highestPosition,
    double logBytesPerMessage) {

  /** These counts with another's percentiles. */
  Figures withLatencyOf(Figures other) {
    return new Figures(
        messages,
        failures,
        nanos,
        other.p50Micros,
        other.p99Micros,
        other.p999Micros,
        other.maxMicros,
        highestPosition,
        logBytesPerMessage);
  }

  /** One line of {@code key=value}, read by the process that asked. */
  String line() {
    return "messages=%d failures=%d nanos=%d p50=%d p99=%d p999=%d max=%d highest=%d logbytes=%.1f"
        .formatted(
            messages,
            failures,
            nanos,
            p50Micros,
            p99Micros,
            p999Micros,
            maxMicros,
            highestPosition,
            logBytesPerMessage);
  }
}
