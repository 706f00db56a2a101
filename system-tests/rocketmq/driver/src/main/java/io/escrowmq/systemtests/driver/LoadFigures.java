package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import java.util.Map;

/**
 * What the senders of a load have seen. Immutable.
 *
 * @param longestPauseMillis between two acknowledgements, whoever got them
 * @param failures how many sends have ended with each kind of failure
 */
public record LoadFigures(long longestPauseMillis, Map<String, Integer> failures)
    implements Serializable {}
