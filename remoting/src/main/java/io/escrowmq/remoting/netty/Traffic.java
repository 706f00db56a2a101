package io.escrowmq.remoting.netty;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What went over the network and what was refused; counters, any thread may read. */
public final class Traffic {

  final AtomicInteger open = new AtomicInteger();
  final LongAdder requests = new LongAdder();
  final LongAdder badFrames = new LongAdder();
  final LongAdder refusedConnections = new LongAdder();
  final LongAdder slowPeers = new LongAdder();
  final LongAdder failedHandlers = new LongAdder();

  Traffic() {}

  /** Connections that are open now. */
  public int openConnections() {
    return open.get();
  }

  /** Requests that arrived since the start. */
  public long requests() {
    return requests.sum();
  }

  /** Connections closed because of a frame that lied or could not be read. */
  public long badFrames() {
    return badFrames.sum();
  }

  /** Connections closed at once because there were too many. */
  public long refusedConnections() {
    return refusedConnections.sum();
  }

  /** Connections closed because the peer did not read its answers. */
  public long slowPeers() {
    return slowPeers.sum();
  }

  /** Requests whose handler failed with an exception of ours. */
  public long failedHandlers() {
    return failedHandlers.sum();
  }
}
