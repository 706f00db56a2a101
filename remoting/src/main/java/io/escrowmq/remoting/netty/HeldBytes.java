package io.escrowmq.remoting.netty;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One budget for all connections of a server: unfinished frames, and answers that their peers have
 * not read. Any of them alone is within its own limits; without the sum a few hundred would take
 * the direct memory that everybody's requests need.
 *
 * <p>A connection tells its change only when it has one of 4 KiB or more, so connections that read
 * and write whole frames never come here. What is told may be stale, since the socket takes bytes
 * without telling; that is corrected before anybody is closed. Safe for any thread.
 */
final class HeldBytes {

  private static final Logger LOG = LoggerFactory.getLogger(HeldBytes.class);

  private final long most;
  private final Collection<NettyConnection> connections;
  private final Traffic traffic;
  private final AtomicLong sum = new AtomicLong();
  private final AtomicBoolean closing = new AtomicBoolean();

  HeldBytes(long most, Collection<NettyConnection> connections, Traffic traffic) {
    this.most = most;
    this.connections = connections;
    this.traffic = traffic;
  }

  /** A connection holds so many bytes more than it told before, or less. */
  void change(long bytes) {
    sum.addAndGet(bytes);
  }

  /** Closes the largest while the sum is above the budget. */
  void keep() {
    boolean mayHelp = true;
    // Once more after leaving: a thread that came meanwhile has left its bytes to us.
    while (mayHelp && sum.get() > most && closing.compareAndSet(false, true)) {
      try {
        mayHelp = isClosingEnough();
      } finally {
        closing.set(false);
      }
    }
  }

  private boolean isClosingEnough() {
    connections.forEach(NettyConnection::recountHeld);
    boolean closed = true;
    while (sum.get() > most && closed) {
      closed = closeLargest("at most " + most + " are allowed");
    }
    return closed;
  }

  /** Memory is short although the budget is kept: the connection that holds most gives it back. */
  void memoryIsShort() {
    closeLargest("there is no direct memory left");
  }

  /** Closes the largest connection of the address that holds most; false when none holds any. */
  private boolean closeLargest(String why) {
    NettyConnection largest = largest();
    if (largest == null) {
      return false;
    }
    long before = sum.get();
    LOG.warn(
        "closed {}: it holds {} bytes of unfinished frames and unread answers; all connections"
            + " hold {}, {}",
        largest,
        largest.heldBytes(),
        before,
        why);
    traffic.greedyPeers.increment(); // before the peer can see it
    largest.closeAndLetGo();
    return true;
  }

  private @Nullable NettyConnection largest() {
    Map<InetAddress, Long> byAddress = new HashMap<>();
    for (NettyConnection connection : connections) {
      if (connection.heldBytes() > 0) {
        byAddress.merge(connection.remoteHost(), connection.heldBytes(), Long::sum);
      }
    }
    NettyConnection largest = null;
    long largestOfAddress = 0;
    long largestBytes = 0;
    for (NettyConnection connection : connections) {
      long bytes = connection.heldBytes();
      long ofAddress = byAddress.getOrDefault(connection.remoteHost(), 0L);
      if (bytes > 0
          && (ofAddress > largestOfAddress
              || (ofAddress == largestOfAddress && bytes > largestBytes))) {
        largest = connection;
        largestOfAddress = ofAddress;
        largestBytes = bytes;
      }
    }
    return largest;
  }
}
