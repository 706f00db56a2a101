package io.escrowmq.tx;

import org.jspecify.annotations.Nullable;

/**
 * Which open transactions somebody wants to see.
 *
 * @param group only this group's; null for all
 * @param recordedBeforeMillis only those that were recorded earlier
 * @param suspendedOnly leave out those that are still asked about
 * @param afterId those recorded after this one
 * @param most so many at most, the oldest first
 */
public record TransactionFilter(
    @Nullable String group,
    long recordedBeforeMillis,
    boolean suspendedOnly,
    long afterId,
    int most) {}
