package io.escrowmq.remoting;

import org.jspecify.annotations.Nullable;

/**
 * What a request says, in its header or its body, when that names more topics and groups than {@link OfTopic}
 * and {@link OfGroup} tell.
 */
public interface OfNames {

  /** Takes names. */
  interface Names {

    /** A topic; null when the request is about all of them. */
    void topic(@Nullable String name);

    /** A group; null when the request is about all of them. */
    void group(@Nullable String name);
  }

  /** Tells each other topic and group that the request is about. */
  void nameTo(Names names);
}
