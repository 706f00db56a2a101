package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.NetworkCounts;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What went over the network and what was refused; counters, any thread may read. */
final class Traffic implements NetworkCounts {

  final AtomicInteger open = new AtomicInteger();
  final LongAdder requests = new LongAdder();
  final LongAdder badFrames = new LongAdder();
  final LongAdder refusedConnections = new LongAdder();
  final LongAdder slowPeers = new LongAdder();
  final LongAdder greedyPeers = new LongAdder();
  final LongAdder silentPeers = new LongAdder();
  final LongAdder failedHandlers = new LongAdder();

  @Override
  public int openConnections() {
    return open.get();
  }

  @Override
  public long requests() {
    return requests.sum();
  }

  @Override
  public long badFrames() {
    return badFrames.sum();
  }

  @Override
  public long refusedConnections() {
    return refusedConnections.sum();
  }

  @Override
  public long slowPeers() {
    return slowPeers.sum();
  }

  @Override
  public long greedyPeers() {
    return greedyPeers.sum();
  }

  @Override
  public long silentPeers() {
    return silentPeers.sum();
  }

  @Override
  public long failedHandlers() {
    return failedHandlers.sum();
  }
}
