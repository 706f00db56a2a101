package io.escrowmq.remoting.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server, a client, and what they have seen of each other. */
final class TwoMachines {

  static final RequestCode ECHO = RequestCode.SEND_MESSAGE;
  static final RequestCode PARK = RequestCode.PULL_MESSAGE;
  static final String ADDRESS = "127.0.0.1:10911";

  final Simulator world;
  final SimulatedNetwork network;
  final SimulatedMachine client;
  SimulatedMachine server;
  final List<String> arrived = new ArrayList<>();
  final List<String> ends = new ArrayList<>(); // of calls
  final List<Call> parked = new ArrayList<>();
  final List<String> closed = new ArrayList<>(); // connections, as the server has seen it
  final RemotingClient calls;

  private final RequestTable requests = RequestTable.of(
      RequestTable.on(ECHO, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        String text = new String(call.bodyBytes(), UTF_8);
        arrived.add(text);
        call.connection().onClose(() -> closed.add(text));
        call.reply(Reply.ok(call.bodyBytes()));
      }),
      RequestTable.on(PARK, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        parked.add(call);
      }));

  TwoMachines(long seed) {
    world = new Simulator(seed);
    network = new SimulatedNetwork(world);
    client = world.machine("client");
    server = world.machine("server");
    calls = network.of(client).client(RequestTable.of(), RemotingSettings.forClient());
  }

  RemotingServer start() {
    return start(RemotingSettings.forServer(2));
  }

  RemotingServer start(RemotingSettings settings) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);
    RemotingServer started = network.of(server).server(address, bound -> requests, settings);
    started.start();
    return started;
  }

  /** Starts the server and connects the client with it. */
  void connect() {
    start();
    call("a", Duration.ofSeconds(1));
    world.run(Duration.ofSeconds(1));
  }

  void call(String text, Duration timeout) {
    call(ECHO, text, text.getBytes(UTF_8), timeout);
  }

  void call(RequestCode code, String name, byte[] body, Duration timeout) {
    calls
        .call(ADDRESS, new Request(code, WireHeader.NONE, Body.of(body)), timeout)
        .whenComplete((answer, failure) -> ends.add(name + " "
            + (failure instanceof RemotingException lost ? lost.reason() : answer.code())));
  }

  /** Sends so many bytes over the connection of the call that was parked first. */
  void notifyClient(int bytes) {
    parked.get(0).connection().notify(new Request(ECHO, WireHeader.NONE, Body.of(new byte[bytes])));
  }

  /** How a call to this address ends. */
  String end(String address) {
    int before = ends.size();
    calls
        .call(address, Request.of(ECHO, WireHeader.NONE), Duration.ofSeconds(9))
        .whenComplete((answer, failure) -> ends.add(
            failure instanceof RemotingException lost ? lost.reason().name() : "answered"));
    world.run(Duration.ofSeconds(10));
    return ends.get(before);
  }
}
