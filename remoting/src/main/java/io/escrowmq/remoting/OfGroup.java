package io.escrowmq.remoting;

import org.jspecify.annotations.Nullable;

/** What a request about one group says: whether its caller may do that depends on which. */
public interface OfGroup {

  /** The group's name; null when the request is about all of them. */
  @Nullable
  String groupName();
}
