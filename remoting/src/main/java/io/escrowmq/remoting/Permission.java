package io.escrowmq.remoting;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a caller must be allowed to do before a request reaches its handler. */
public enum Permission {
  /** Look at routes and own registrations; every client needs it. */
  CONNECT,
  /** Read messages and offsets. */
  READ,
  /** Send messages, decide transactions. */
  WRITE,
  /** Look at the broker's inside. */
  INSPECT,
  /** Change topics, groups, configuration. */
  MANAGE,
  /** Register a broker at a name server; every broker needs it. */
  SERVE;

  /** All of them. */
  public static final Set<Permission> ALL =
      Collections.unmodifiableSet(EnumSet.allOf(Permission.class));

  /** As settings write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
