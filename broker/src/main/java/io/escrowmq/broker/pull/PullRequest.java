package io.escrowmq.broker.pull;

import org.jspecify.annotations.Nullable;

/**
 * What a consumer asks for, whatever protocol it speaks.
 *
 * @param offset from which on
 * @param waitMillis how long it waits when there is nothing; counts only when it may
 * @param takesMany whether it takes more messages at once than others do
 * @param commitOffset how far it is; {@link #NO_COMMIT} when it does not say
 * @param bringsSubscription whether it says itself what it wants; its group did otherwise
 * @param subscriptionVersion of what it brings, or knows of
 */
public record PullRequest(
    String group,
    String topic,
    int queueId,
    long offset,
    int mostMessages,
    int mostBytes,
    boolean takesMany,
    boolean mayWait,
    long waitMillis,
    long commitOffset,
    boolean bringsSubscription,
    @Nullable String subscription,
    @Nullable String expressionType,
    long subscriptionVersion) {

  public static final long NO_COMMIT = Long.MIN_VALUE;
}
