package io.escrowmq.bench.load;

/**
 * What became of the transactions of a measured part. Immutable.
 *
 * @param visible messages that the topic's queues got for them; every check-back until then was answered with "unknown", so
 *     what is missing here has been committed and lost; -1 when nobody can tell
 * @param checks check-backs answered meanwhile
 * @param logBytes by which the broker's log grew, all of it; 0 unknown
 * @param callP50Micros median of the whole transaction as its caller sees it
 * @param callP99Micros ninety-ninth percentile
 * @param callP999Micros the slowest in a thousand
 */
record Aftermath(
    long visible,
    long checks,
    long logBytes,
    long callP50Micros,
    long callP99Micros,
    long callP999Micros) {

  /** One line of {@code key=value}, read by the process that asked. */
  String line() {
    return "visible=%d checks=%d logbytes=%d callp50=%d callp99=%d callp999=%d"
        .formatted(visible, checks, logBytes, callP50Micros, callP99Micros, callP999Micros);
  }
}
