package io.escrowmq.client;

import org.jspecify.annotations.Nullable;

/**
 * No broker has the topic, and none creates it. Nothing was stored; create the topic, or check its
 * name and the name servers.
 */
public final class TopicNotFoundException extends EscrowException {

  public TopicNotFoundException(
      String message, @Nullable String server, @Nullable Throwable cause) {
    super(message, server, false, cause);
  }
}
