package io.escrowmq.remoting.simulated;

import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.netty.SimulatedSockets;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The network of a simulated world. Everything above the sockets is what runs in production: servers,
 * clients, connections, frames, limits, and the library below them; only its channels and its event
 * loops are others. Bytes travel in the world's time, and all that happens follows from its seed.
 *
 * <pre>{@code
 * Simulator world = new Simulator(seed);
 * SimulatedNetwork network = new SimulatedNetwork(world);
 * SimulatedMachine a = world.machine("broker");
 * SimulatedMachine b = world.machine("client");
 * new Broker(settings, new Machine<>(files, network.of(a), a.surroundings())).start();   // at 127.0.0.1:10911
 * RemotingClient client = network.of(b).client(requests, RemotingSettings.forClient());
 * client.call("127.0.0.1:10911", request, Duration.ofSeconds(3)).whenComplete(...);
 *
 * network.link(b, a).cut();          // requests vanish, answers still come
 * world.run(Duration.ofSeconds(5));
 * network.link(b, a).heal();
 * network.reset(a, b);               // as a firewall does
 * a.crash();                         // the process: its kernel closes its connections
 * network.powerOff(b);               // nobody is told; once a machine of that name is here again, it resets
 * SimulatedMachine again = world.machine("broker"); // the same machine, started again
 * }</pre>
 *
 * <p>Simulated is: delay, in order on a connection and in no order between two of them, so that an old
 * one may be overtaken; attempts that are lost; cuts of one direction; resets of both ends or of one;
 * bounded buffers between peers, so that who does not read holds up who writes; frames that come in
 * pieces; a kernel that goes on while its process stands still, closes for one that was killed, and is
 * silent without power; several event loops, turned in any order. Not simulated are bytes that change on
 * the way, names that are resolved late or wrong, a process without descriptors, and a TCP that gives up
 * by itself.
 *
 * <p>There is one space of addresses, in which 127.0.0.1 is one place that all machines reach. Each
 * machine is called by its name, too. Faults belong to names, and last when a machine starts again.
 */
public final class SimulatedNetwork {

  private static final int BYTES_AT_MOST = 256 << 10;

  private record Pair(String from, String to) {}

  private final Simulator world;
  private final Map<String, SimulatedHost> hosts = new LinkedHashMap<>(); // the newest of each name
  private final Map<String, InetAddress> ips = new HashMap<>();
  private final Map<InetSocketAddress, SimulatedHost> lastAt = new HashMap<>(); // who listened last
  private final List<SimulatedListener> listeners = new ArrayList<>();
  private final Map<Pair, Link> links = new LinkedHashMap<>();
  private Line usual = Line.GOOD;
  private int bytesAtMost = BYTES_AT_MOST;
  private Runnable beforeBuffers = () -> {};

  public SimulatedNetwork(Simulator world) {
    this.world = world;
  }

  /** The network as this machine sees it. */
  public Network of(SimulatedMachine machine) {
    return SimulatedSockets.network(host(machine));
  }

  /** How all behave that were not told otherwise. */
  public void setAll(Line line) {
    usual = line;
  }

  /** A connection carries so many bytes in each direction that the peer has not read. */
  public void setBytesAtMost(int bytes) {
    bytesAtMost = bytes;
  }

  /** This is run by whatever asks for a buffer to write to a peer, just before it gets one. */
  public void beforeBuffers(Runnable action) {
    beforeBuffers = action;
  }

  /** A channel asks for a buffer. */
  public void bufferIsAsked() {
    beforeBuffers.run();
  }

  /** The direction from one machine to another. */
  public Link link(SimulatedMachine from, SimulatedMachine to) {
    return link(from.toString(), to.toString());
  }

  /** Cuts both directions between this machine and each other one that was here so far. */
  public void isolate(SimulatedMachine machine) {
    around(machine, Link::cut);
  }

  /** Ends every cut. */
  public void healAll() {
    List.copyOf(links.values()).forEach(Link::heal);
  }

  private void around(SimulatedMachine machine, Consumer<Link> action) {
    String name = machine.toString();
    for (String other : hosts.keySet()) {
      if (!other.equals(name)) {
        action.accept(link(name, other));
        action.accept(link(other, name));
      }
    }
  }

  /** Both ends of all connections between the two are told, each at its time, that they are over. */
  public void reset(SimulatedMachine one, SimulatedMachine other) {
    for (SimulatedSocket socket : between(one, other)) {
      reset(socket);
    }
  }

  /** The same with one connection that is open now, if there is any. */
  public void resetOne() {
    List<SimulatedSocket> all = new ArrayList<>();
    hosts.values().forEach(host -> all.addAll(host.sockets()));
    if (!all.isEmpty()) {
      reset(all.get(world.random().nextInt(all.size())));
    }
  }

  private void reset(SimulatedSocket socket) {
    SimulatedSocket peer = socket.peer();
    socketLater(link(peer.host(), socket.host()), socket);
    socketLater(link(socket.host(), peer.host()), peer);
  }

  private void socketLater(Link link, SimulatedSocket socket) {
    world.afterNanos(link.delay(), () -> socket.becomeReset("Connection reset by peer"));
  }

  /** This machine loses its connections with the other one, which learns of it when it sends. */
  public void forget(SimulatedMachine at, SimulatedMachine other) {
    between(at, other).forEach(socket -> socket.becomeReset("Connection timed out"));
  }

  private List<SimulatedSocket> between(SimulatedMachine at, SimulatedMachine other) {
    String name = other.toString();
    return host(at).sockets().stream()
        .filter(socket -> socket.peer().host().machine().toString().equals(name))
        .toList();
  }

  /** The machine crashes, and its kernel too: nobody is told, nothing that comes is answered. */
  public void powerOff(SimulatedMachine machine) {
    host(machine).turnOff();
    machine.crash();
  }

  /** Bytes that were sent over connections that are open, and not read yet. */
  public long bytesUnderWay() {
    return hosts.values().stream()
        .flatMap(host -> host.sockets().stream())
        .mapToLong(SimulatedSocket::bytesUnderWay)
        .sum();
  }

  /** Connections that a machine's processes have open now. */
  public int connections(SimulatedMachine machine) {
    return host(machine).sockets().size();
  }

  SimulatedHost host(SimulatedMachine machine) {
    String name = machine.toString();
    SimulatedHost known = hosts.get(name);
    if (known != null && known.machine() == machine) {
      return known;
    }
    if (known != null && !known.machine().isCrashed()) {
      throw new IllegalStateException("a machine named " + name + " is here already");
    }
    SimulatedHost host = new SimulatedHost(this, machine, ip(name));
    hosts.put(name, host);
    lastAt.replaceAll((address, last) -> last == known ? host : last);
    machine.onCrash(host::processIsGone);
    links.forEach((pair, link) -> {
      if (pair.to().equals(name) && !link.isCut()) {
        link.goOn(); // to a machine that answers with resets now
      }
    });
    return host;
  }

  private InetAddress ip(String name) {
    return ips.computeIfAbsent(name, fresh -> {
      int number = ips.size() + 1;
      byte[] bytes = {10, 0, (byte) (number >> 8), (byte) number};
      try {
        return InetAddress.getByAddress(name, bytes);
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four bytes are an address", e);
      }
    });
  }

  Simulator world() {
    return world;
  }

  Line usualLine() {
    return usual;
  }

  int bytesAtMost() {
    return bytesAtMost;
  }

  Link link(SimulatedHost from, SimulatedHost to) {
    return link(from.machine().toString(), to.machine().toString());
  }

  private Link link(String from, String to) {
    return links.computeIfAbsent(new Pair(from, to), pair -> new Link(this));
  }

  /** Whether no machine of this name was started after this one. */
  boolean isNewest(SimulatedHost host) {
    return hosts.get(host.machine().toString()) == host;
  }

  InetSocketAddress resolved(InetSocketAddress target) throws UnknownHostException {
    String name = target.getHostString();
    InetAddress known = ips.get(name);
    if (known != null) {
      return new InetSocketAddress(known, target.getPort());
    }
    if (!name.matches("[0-9.]+|localhost")) {
      throw new UnknownHostException(name);
    }
    return new InetSocketAddress(InetAddress.getByName(name), target.getPort());
  }

  /** Which machine answers for this address; a new one without power if there never was any. */
  SimulatedHost hostAt(InetSocketAddress target) {
    SimulatedListener listener = listenerAt(target);
    if (listener != null) {
      return listener.host();
    }
    SimulatedHost last = lastAt.get(target);
    if (last != null) {
      return last;
    }
    return hosts.values().stream()
        .filter(host -> host.ip().equals(target.getAddress()))
        .findAny()
        .orElseGet(this::nobody);
  }

  private SimulatedHost nobody() {
    SimulatedHost nobody = new SimulatedHost(this, world.machine("nobody"), ip("nobody"));
    nobody.turnOff();
    return nobody;
  }

  @Nullable
  SimulatedListener listenerAt(InetSocketAddress target) {
    for (SimulatedListener listener : listeners) {
      if (listener.isAt(target.getAddress(), target.getPort())) {
        return listener;
      }
    }
    return null;
  }

  boolean isTaken(SimulatedHost host, InetSocketAddress address, int port) {
    return listeners.stream()
        .anyMatch(other -> other.isAt(address.getAddress(), port)
            || (other.address().getPort() == port
                && other.host() == host
                && address.getAddress().isAnyLocalAddress()));
  }

  void opened(SimulatedListener listener) {
    listeners.add(listener);
    lastAt.put(listener.address(), listener.host());
  }

  void closed(SimulatedListener listener) {
    listeners.remove(listener);
  }

  List<SimulatedListener> listenersOf(SimulatedHost host) {
    return listeners.stream().filter(listener -> listener.host() == host).toList();
  }
}
