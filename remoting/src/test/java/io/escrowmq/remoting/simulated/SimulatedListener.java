package io.escrowmq.remoting.simulated;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What listens at one address: keeps connections until its process takes them. */
public final class SimulatedListener {

  private static final int BACKLOG = 1_024;

  private final SimulatedHost host;
  private final InetSocketAddress address;
  private final Deque<SimulatedSocket> waiting = new ArrayDeque<>();
  private Runnable acceptable = () -> {};
  private boolean closed;

  SimulatedListener(SimulatedHost host, InetSocketAddress address) {
    this.host = host;
    this.address = address;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** What the kernel calls when a connection waits. */
  public void watch(Runnable whenAcceptable) {
    acceptable = whenAcceptable;
  }

  /** The next connection; null when none waits. */
  public @Nullable SimulatedSocket accept() {
    return waiting.poll();
  }

  public boolean isAcceptable() {
    return !waiting.isEmpty();
  }

  /** Once. What waits is closed. */
  public void close() {
    closed = true;
    host.network().closed(this);
    waiting.forEach(SimulatedSocket::close);
    waiting.clear();
  }

  SimulatedHost host() {
    return host;
  }

  boolean offer(SimulatedSocket socket) {
    if (closed || waiting.size() >= BACKLOG) {
      return false;
    }
    waiting.add(socket);
    acceptable.run();
    return true;
  }

  /** Whether who connects to this address comes here. */
  boolean isAt(InetAddress wanted, int port) {
    InetAddress own = address.getAddress();
    return port == address.getPort()
        && (own.equals(wanted) || (own.isAnyLocalAddress() && wanted.equals(host.ip())));
  }
}
