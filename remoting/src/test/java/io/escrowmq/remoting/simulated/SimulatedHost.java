package io.escrowmq.remoting.simulated;

import io.escrowmq.runtime.SimulatedMachine;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The kernel of one machine: its address, its sockets, what it does for a process that is gone. */
public final class SimulatedHost {

  private static final int FIRST_EPHEMERAL = 40_000;
  private static final int EPHEMERALS = 20_000;

  private final SimulatedNetwork network;
  private final SimulatedMachine machine;
  private final InetAddress ip;
  private final Set<SimulatedSocket> sockets = new LinkedHashSet<>();
  private int ports;
  private boolean off;

  SimulatedHost(SimulatedNetwork network, SimulatedMachine machine, InetAddress ip) {
    this.network = network;
    this.machine = machine;
    this.ip = ip;
  }

  public SimulatedMachine machine() {
    return machine;
  }

  public SimulatedNetwork network() {
    return network;
  }

  /** Listens at the address; port 0 for one that is free. */
  public SimulatedListener listen(InetSocketAddress address) throws BindException {
    int port = address.getPort();
    while (port == 0 || (address.getPort() == 0 && network.isTaken(this, address, port))) {
      port = ephemeral().getPort();
    }
    if (network.isTaken(this, address, port)) {
      throw new BindException("Address already in use");
    }
    SimulatedListener listener =
        new SimulatedListener(this, new InetSocketAddress(address.getAddress(), port));
    network.opened(listener);
    return listener;
  }

  /** Opens a connection; one of the two hears of it, unless nobody answers. */
  public Attempt connect(
      InetSocketAddress target, Consumer<SimulatedSocket> opened, Consumer<IOException> failed)
      throws IOException {
    Attempt attempt = new Attempt(this, network.resolved(target), opened, failed);
    attempt.send();
    return attempt;
  }

  InetAddress ip() {
    return ip;
  }

  InetSocketAddress ephemeral() {
    return new InetSocketAddress(ip, FIRST_EPHEMERAL + ports++ % EPHEMERALS);
  }

  void opened(SimulatedSocket socket) {
    sockets.add(socket);
  }

  void closed(SimulatedSocket socket) {
    sockets.remove(socket);
  }

  List<SimulatedSocket> sockets() {
    return new ArrayList<>(sockets);
  }

  /** Whether nothing answers any more: not the process, not the kernel. */
  boolean isOff() {
    return off;
  }

  void turnOff() {
    off = true;
  }

  /** The kernel closes what the process had open, if there is a kernel. */
  void processIsGone() {
    network.listenersOf(this).forEach(SimulatedListener::close);
    sockets().forEach(SimulatedSocket::close);
    sockets.clear();
  }
}
