package io.escrowmq.remoting;

import org.jspecify.annotations.Nullable;

/**
 * What a request says, in its header or its body, when that names more than {@link OfTopic} and {@link
 * OfGroup} tell.
 */
public interface OfNames {

  /** Takes names. */
  interface Names {

    /** A topic; null when the request is about all of them. */
    void topic(@Nullable String name);

    /** A group; null when the request is about all of them. */
    void group(@Nullable String name);

    /** A cluster; null when the request is about all of them. */
    void cluster(@Nullable String name);

    /** A broker of a name server. */
    void broker(String name);

    /** A value that a name server keeps; null when the request is about the whole namespace. */
    void key(String namespace, @Nullable String key);
  }

  /** Tells whatever else the request is about. */
  void nameTo(Names names);
}
