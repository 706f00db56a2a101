package io.escrowmq.server.settings;

import java.util.Locale;

/** What one process is: a name server, a broker, or both. */
public enum Role {
  /** Both in one process. */
  SERVER,
  NAMESRV,
  BROKER;

  /** Whether a process of this role does the work of that one. */
  public boolean includes(Role part) {
    return this == part || this == SERVER;
  }

  /** The word on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
