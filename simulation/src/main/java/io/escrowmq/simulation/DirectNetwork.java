package io.escrowmq.simulation;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.NetworkCounts;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Requests as objects, delayed, in order on a connection: a network without frames. */
@SuppressWarnings({
  "AddressSelection",
  "ClassCanBeStatic",
  "CollectionUndefinedEquality",
  "MissingOverride"
})
final class DirectNetwork {
  private final Simulator world;
  private final Map<String, Server> listening = new HashMap<>();
  private final Set<Link> links = new LinkedHashSet<>();
  long longestDelayNanos = 2_000_000;
  private int made;

  DirectNetwork(Simulator world) {
    this.world = world;
  }

  private long delay() {
    return 20_000 + (long) (world.random().nextDouble() * longestDelayNanos);
  }

  Host host(SimulatedMachine machine) {
    return new Host(machine);
  }

  void died(SimulatedMachine machine) {
    listening.values().removeIf(server -> server.machine == machine);
    for (Link link : List.copyOf(links)) {
      if (link.client.machine == machine || link.server.machine == machine) {
        world.afterNanos(delay(), link::closeBoth);
      }
    }
  }

  void breakOne() {
    if (!links.isEmpty()) {
      List<Link> all = List.copyOf(links);
      all.get(world.random().nextInt(all.size())).closeBoth();
    }
  }

  final class Host implements io.escrowmq.remoting.Network {
    private final SimulatedMachine machine;

    Host(SimulatedMachine machine) {
      this.machine = machine;
    }

    @Override
    public RemotingServer server(
        InetSocketAddress listen,
        Function<InetSocketAddress, RequestTable> tables,
        RemotingSettings settings) {
      return new Server(machine, listen, tables);
    }

    @Override
    public RemotingClient client(RequestTable requests, RemotingSettings settings) {
      return new Client(machine, requests);
    }

    @Override
    public long memoryPart(int parts) {
      return 64 << 20;
    }
  }

  private final class Server implements RemotingServer {
    final SimulatedMachine machine;
    final InetSocketAddress listen;
    final Function<InetSocketAddress, RequestTable> tables;

    @Nullable
    RequestTable table;

    Server(
        SimulatedMachine machine,
        InetSocketAddress listen,
        Function<InetSocketAddress, RequestTable> tables) {
      this.machine = machine;
      this.listen = listen;
      this.tables = tables;
    }

    @Override
    public void start() {
      table = tables.apply(listen);
      listening.put(key(listen), this);
    }

    @Override
    public void alsoListen(InetSocketAddress address) {
      listening.put(key(address), this);
    }

    @Override
    public InetSocketAddress address() {
      return listen;
    }

    @Override
    public NetworkCounts counts() {
      return new NoCounts();
    }

    @Override
    public void stopAccepting() {
      listening.values().removeIf(server -> server == this);
    }

    @Override
    public void close() {
      stopAccepting();
      for (Link link : List.copyOf(links)) {
        if (link.server == this) {
          link.closeBoth();
        }
      }
    }
  }

  private static String key(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private final class Client implements RemotingClient {
    final SimulatedMachine machine;
    final RequestTable requests;
    final Map<String, Link> open = new LinkedHashMap<>();
    final Map<String, Runnable> lost = new HashMap<>();

    Client(SimulatedMachine machine, RequestTable requests) {
      this.machine = machine;
      this.requests = requests;
    }

    @Nullable
    Link link(String address) {
      Link link = open.get(address);
      if (link == null || !link.isOpen) {
        Server server = listening.get(address);
        if (server == null) {
          return null;
        }
        link = new Link(this, server, address);
        open.put(address, link);
        links.add(link);
      }
      return link;
    }

    @Override
    public CompletionStage<Answer> call(String address, Request request, Duration timeout) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      Link link = link(address);
      if (link == null) {
        machine.afterNanos(
            delay(),
            () -> answer.completeExceptionally(
                new RemotingException(Reason.NOT_CONNECTED, "nobody listens at " + address)));
      } else {
        link.callServer(request, answer);
      }
      machine.afterNanos(
          timeout.toNanos(),
          () -> answer.completeExceptionally(
              new RemotingException(Reason.TIMED_OUT, "no answer from " + address)));
      return answer;
    }

    @Override
    public void notify(String address, Request request) {
      Link link = link(address);
      if (link != null) {
        link.callServer(request, null);
      }
    }

    @Override
    public void onLost(String address, Runnable action) {
      lost.put(address, action);
    }

    @Override
    public boolean isNetworkThread() {
      return false;
    }

    @Override
    public void close() {
      for (Link link : List.copyOf(open.values())) {
        link.closeBoth();
      }
    }
  }

  private final class Link {
    final Client client;
    final Server server;
    final String address;
    boolean isOpen = true;
    final int number = made++;
    long toServer;
    long toClient;
    final Set<CompletableFuture<Answer>> pending = new LinkedHashSet<>();
    final Side atServer;
    final Side atClient;

    Link(Client client, Server server, String address) {
      this.client = client;
      this.server = server;
      this.address = address;
      atServer = new Side(this, true);
      atClient = new Side(this, false);
    }

    void later(boolean server_, Runnable action) {
      long at = Math.max(world.nanos() + delay(), server_ ? toServer : toClient) + 1;
      if (server_) {
        toServer = at;
      } else {
        toClient = at;
      }
      (server_ ? server.machine : client.machine).afterNanos(at - world.nanos(), () -> {
        if (isOpen) {
          action.run();
        }
      });
    }

    void callServer(Request request, @Nullable CompletableFuture<Answer> answer) {
      send(request, answer, true);
    }

    void send(Request request, @Nullable CompletableFuture<Answer> answer, boolean toServer_) {
      if (answer != null) {
        pending.add(answer);
        var unused = answer.whenComplete((a, f) -> pending.remove(answer));
      }
      Link link = this;
      FakeCall call = new FakeCall(request, toServer_ ? atServer : atClient) {
        @Override
        public void reply(Reply reply) {
          boolean first = !isAnswered();
          super.reply(reply);
          Body body = reply.body();
          ByteBuffer bytes = ByteBuffer.allocate(body.length());
          if (first && answer != null) {
            body.writeTo(bytes);
          }
          body.release();
          if (first && answer != null) {
            FakeCall fields = new FakeCall(RequestCode.HEART_BEAT);
            replyFields().forEach(fields::with);
            Answer made = new Answer(
                reply.code().number(), 513, reply.remark(), fields.fields(), bytes.array());
            link.later(!toServer_, () -> answer.complete(made));
          }
        }
      };
      if (answer == null) {
        call.asOneWay();
      }
      later(toServer_, () -> {
        RequestTable table = toServer_ ? Objects.requireNonNull(server.table) : client.requests;
        table.dispatch(call);
        table.readDone();
      });
    }

    void closeBoth() {
      if (!isOpen) {
        return;
      }
      isOpen = false;
      links.remove(this);
      client.open.remove(address, this);
      for (CompletableFuture<Answer> one : List.copyOf(pending)) {
        client.machine.afterNanos(
            1,
            () -> one.completeExceptionally(
                new RemotingException(Reason.CONNECTION_CLOSED, "closed")));
      }
      server.machine.afterNanos(delay(), atServer::closed);
      client.machine.afterNanos(delay(), () -> {
        atClient.closed();
        Runnable action = client.lost.get(address);
        if (action != null) {
          action.run();
        }
      });
    }
  }

  private final class Side implements Connection {
    final Link link;
    final boolean atServer;
    final List<Runnable> onClose = new ArrayList<>();
    boolean isClosed;

    Side(Link link, boolean atServer) {
      this.link = link;
      this.atServer = atServer;
    }

    // What is kept by connection comes in an order that the seed knows.
    @Override
    public int hashCode() {
      return 2 * link.number + (atServer ? 1 : 0);
    }

    void closed() {
      isClosed = true;
      List<Runnable> all = List.copyOf(onClose);
      onClose.clear();
      all.forEach(Runnable::run);
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress("127.0.0.1", 40000 + link.number % 1000);
    }

    @Override
    public InetSocketAddress localAddress() {
      return link.server.listen;
    }

    @Override
    public boolean isOpen() {
      return link.isOpen;
    }

    @Override
    public void notify(Request request) {
      if (link.isOpen) {
        link.send(request, null, !atServer);
      }
    }

    @Override
    public CompletionStage<Answer> call(Request request, Duration timeout) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      if (link.isOpen) {
        link.send(request, answer, !atServer);
      }
      (atServer ? link.server.machine : link.client.machine)
          .afterNanos(
              timeout.toNanos(),
              () -> answer.completeExceptionally(
                  new RemotingException(Reason.TIMED_OUT, "no answer")));
      return answer;
    }

    @Override
    public void execute(Runnable task) {
      (atServer ? link.server.machine : link.client.machine).afterNanos(1, task);
    }

    @Override
    public void onClose(Runnable action) {
      if (isClosed) {
        action.run();
      } else {
        onClose.add(action);
      }
    }

    @Override
    public void close() {
      link.closeBoth();
    }
  }

  private static final class NoCounts implements NetworkCounts {
    public int openConnections() {
      return 0;
    }

    public long requests() {
      return 0;
    }

    public long badFrames() {
      return 0;
    }

    public long refusedConnections() {
      return 0;
    }

    public long slowPeers() {
      return 0;
    }

    public long greedyPeers() {
      return 0;
    }

    public long silentPeers() {
      return 0;
    }

    public long failedHandlers() {
      return 0;
    }
  }
}
