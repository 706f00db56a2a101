package io.escrowmq.namesrv.kv;

import org.jspecify.annotations.Nullable;

/** The configuration could not be read or kept; the message names the file and what to do. */
public final class KvFileException extends RuntimeException {

  public KvFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
