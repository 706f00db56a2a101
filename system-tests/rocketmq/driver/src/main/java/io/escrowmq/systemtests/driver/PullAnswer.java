package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import java.util.List;

/**
 * Answer to one pull. Immutable.
 *
 * @param status the client's name for it, {@code FOUND}, {@code OFFSET_ILLEGAL} and others
 */
public record PullAnswer(
    String status, long nextOffset, long minOffset, long maxOffset, List<ReceivedMessage> messages)
    implements Serializable {}
