package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a policy; the one way to ask it. A policy that throws refuses: it allows nothing by accident, and a
 * question that a handler asks in the log's turn does not end the turn. Any thread.
 */
final class GuardedPolicy {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedPolicy.class);

  private final Policy policy;
  private final boolean looksAtNames;
  private final AtomicLong failures = new AtomicLong();

  GuardedPolicy(Policy policy) {
    this.policy = policy;
    this.looksAtNames = !(policy instanceof PolicyByPermission);
  }

  /** False: no question about a name is refused, and none need be made. */
  boolean looksAtNames() {
    return looksAtNames;
  }

  /** As {@link Policy#refusal(Caller, RequestCode, Permission)}. */
  @Nullable
  String refusal(Caller caller, RequestCode code, Permission permission) {
    try {
      return policy.refusal(caller, code, permission);
    } catch (RuntimeException | Error e) {
      return failed(permission, code, e);
    }
  }

  /** As {@link Policy#refusal(Caller, Permission, Object)}. */
  @Nullable
  String refusal(Caller caller, Permission permission, Object said) {
    if (!looksAtNames) {
      return null;
    }
    try {
      return policy.refusal(caller, permission, said);
    } catch (RuntimeException | Error e) {
      return failed(permission, said.getClass().getSimpleName(), e);
    }
  }

  // Told at 1, 2, 4, 8 ... failures: a policy that always fails does not fill the log.
  private String failed(Permission permission, Object about, Throwable why) {
    long count = failures.incrementAndGet();
    if (Long.bitCount(count) == 1) {
      LOG.error(
          "the policy failed when it was asked for the permission {} ({}), which is refused then;"
              + " {} questions failed so far",
          permission.word(),
          about,
          count,
          why);
    }
    return "whether this is allowed cannot be said now: the policy of this server failed ("
        + permission.word() + "); try again, and tell its operator";
  }
}
