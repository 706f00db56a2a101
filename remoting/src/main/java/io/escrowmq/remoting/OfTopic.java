package io.escrowmq.remoting;

import org.jspecify.annotations.Nullable;

/** What a request about one topic says: whether its caller may do that depends on which. */
public interface OfTopic {

  /** The topic's name; null when the request is about all of them. */
  @Nullable
  String topic();
}
