package io.escrowmq.broker.admin;

import io.escrowmq.broker.core.RetentionLimits;
import io.escrowmq.remoting.body.DataVersion;
import io.escrowmq.store.RetentionSettings;
import java.time.InstantSource;
import java.util.Map;

/**
 * The settings of a broker as they are now: all are fixed until it stops but the limits of retention,
 * which operators change. They outlive cores. Any thread.
 */
public final class LiveSettings {

  private final Map<String, String> fixed;
  private final RetentionLimits retention;
  private final InstantSource clock;
  private DataVersion version; // guarded by this

  /** @param fixed names and values of the others, as operators see them */
  public LiveSettings(Map<String, String> fixed, RetentionLimits retention, InstantSource clock) {
    this.fixed = Map.copyOf(fixed);
    this.retention = retention;
    this.clock = clock;
    this.version = new DataVersion(0, 0, clock.millis());
  }

  Map<String, String> fixed() {
    return fixed;
  }

  public RetentionLimits retention() {
    return retention;
  }

  /** How often something was changed, and when it was last. */
  synchronized DataVersion version() {
    return version;
  }

  /** False when they are so already. */
  synchronized boolean change(RetentionSettings changed) {
    if (changed.equals(retention.now())) {
      return false;
    }
    retention.change(changed);
    version = new DataVersion(version.counter() + 1, 0, clock.millis());
    return true;
  }
}
