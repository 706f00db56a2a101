package io.escrowmq.remoting.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections take file descriptors, and so do a server's own files: whoever connects must not take
 * those of the files.
 */
final class ConnectionBound {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionBound.class);

  static final int FOR_FILES = 256;

  private ConnectionBound() {}

  /** As many connections as wanted, or fewer when this process may not have so many descriptors. */
  static int ofThisProcess(int wanted) {
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof UnixOperatingSystemMXBean system)) {
      return wanted;
    }
    long descriptors = system.getMaxFileDescriptorCount();
    int most = of(wanted, descriptors);
    if (most < wanted) {
      LOG.warn(
          "at most {} connections are taken at once instead of {}: this process may have {} open files;"
              + " raise that limit (ulimit -n)",
          most,
          wanted,
          descriptors);
    }
    return most;
  }

  /**
   * What is left beside the files; half where that would be less.
   *
   * @param descriptors that the process may have; below 1 when nobody knows
   */
  static int of(int wanted, long descriptors) {
    if (descriptors < 1) {
      return wanted;
    }
    long left = Math.max(descriptors - FOR_FILES, descriptors / 2);
    return (int) Math.max(1, Math.min(wanted, left));
  }
}
