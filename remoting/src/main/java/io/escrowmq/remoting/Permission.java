package io.escrowmq.remoting;

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
  MANAGE
}
