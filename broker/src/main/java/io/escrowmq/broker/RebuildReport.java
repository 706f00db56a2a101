package io.escrowmq.broker;

import java.util.List;

/**
 * What became of damaged parts of queues, or of runs of keys, that were to be made again.
 *
 * @param missing messages or keys that the log does not have any more
 * @param leftOut what cannot be made now, with the reason; a broker tries it again after its start
 */
record RebuildReport(int missing, List<String> leftOut) {}
