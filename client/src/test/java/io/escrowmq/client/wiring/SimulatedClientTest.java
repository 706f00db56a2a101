package io.escrowmq.client.wiring;

import static io.escrowmq.remoting.RequestTable.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.Consumer;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.core.MemoryFiles;
import io.escrowmq.client.pull.StoredMessages;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.BrokerEntry;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.OffsetResponseHeader;
import io.escrowmq.remoting.header.PullResponseHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A whole client in a simulated world, with a server that plays name server and broker: whatever it gets
 * from outside comes from its surroundings, so that a seed says all that happens.
 */
final class SimulatedClientTest {

  private static final int MESSAGES = 3;
  private static final Duration POLL = Duration.ofMinutes(1);

  /** One run. */
  private static final class Run implements AutoCloseable {

    private final List<String> events = new ArrayList<>();
    private final Simulator world;
    private final SimulatedNetwork network;
    private final SimulatedMachine here;
    private final SimulatedMachine there;
    private final InetSocketAddress address;
    private final RemotingServer server;
    private final List<Integer> senders = new ArrayList<>(); // ports, one for each message
    private String member = "";
    private int stored;

    Run(long seed) throws Exception {
      world = new Simulator(seed);
      network = new SimulatedNetwork(world);
      here = world.machine("shop");
      there = world.machine("broker");
      address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 9876);
      server = network.of(there).server(address, bound -> table(), RemotingSettings.forServer(1));
      server.start();
    }

    private EscrowClient client() throws Exception {
      return new ClusterClientBuilder(new ClientSurroundings(
              here.surroundings(),
              network.of(here),
              new MemoryFiles(),
              InetAddress.getByAddress(new byte[] {10, 0, 0, 2}),
              7))
          .nameServers("10.0.0.1:9876")
          .build();
    }

    private RequestTable table() {
      Map<RequestCode, RequestTable.Entry<?>> lines = new EnumMap<>(RequestCode.class);
      for (RequestCode code : RequestCode.values()) {
        lines.put(
            code,
            on(code, HeaderReader.RAW, Permission.CONNECT, (call, header) -> answer(code, call)));
      }
      return RequestTable.of(lines.values().toArray(RequestTable.Entry<?>[]::new));
    }

    private void answer(RequestCode code, Call call) {
      events.add(world.nanos() + " " + code);
      switch (code) {
        case HEART_BEAT -> {
          member = Heartbeat.read(call.bodyBytes()).clientId();
          call.reply(Reply.ok());
        }
        case GET_ROUTEINFO_BY_TOPIC ->
          call.reply(
              "orders".equals(call.fields().text("topic"))
                  ? Reply.ok(route())
                  : Reply.refused(ResponseCode.TOPIC_NOT_EXIST, "there is only one"));
        case GET_CONSUMER_LIST_BY_GROUP ->
          call.reply(Reply.ok(new ConsumerIds(List.of(member)).toBytes()));
        case QUERY_CONSUMER_OFFSET -> call.reply(Reply.ok(new OffsetResponseHeader(0)));
        case SEND_MESSAGE_V2 -> {
          call.reply(
              Reply.ok(new SendResponseHeader("id" + stored, 0, stored, null, null, "r", true)));
          stored++;
          senders.add(call.connection().remoteAddress().getPort());
        }
        case PULL_MESSAGE -> pull(call);
        default -> call.reply(Reply.ok());
      }
    }

    private byte[] route() {
      return new TopicRoute(
              List.of(new QueueEntry("a", 1, 1, 6, 0)),
              List.of(new BrokerEntry("c", "a", Map.of(0L, "10.0.0.1:9876"), false)),
              null)
          .toBytes();
    }

    private void pull(Call call) {
      // once; every other one waits for more
      if (events.stream().filter(event -> event.endsWith(" PULL_MESSAGE")).count() == 1) {
        call.reply(Reply.ok(
            new PullResponseHeader(0, MESSAGES, 0, 100),
            Body.of(StoredMessages.messages(StoredMessages.QUEUE, 0, MESSAGES))));
      }
    }

    /** Sends, has messages handled, polls in vain, and closes. */
    List<String> run() throws Exception {
      try (EscrowClient client = client()) {
        try (Producer producer = client.producer().build()) {
          for (int i = 0; i < MESSAGES; i++) {
            events.add("sent " + producer.send(Message.to("orders").body("m")).messageId());
          }
        }
        try (Consumer consumer = client
            .consumer("stock")
            .subscribe("orders")
            .startFrom(StartFrom.begin())
            .handler(delivery -> events.add(world.nanos() + " handled " + delivery.text()))
            .start()) {
          world.run(Duration.ofSeconds(3));
          assertThat(consumer.queues()).isNotEmpty();
        }
        try (PullConsumer polled =
            client.pullConsumer("count").subscribe("orders").build()) {
          long before = world.nanos();
          assertThat(polled.poll(POLL)).isEmpty();
          assertThat(world.nanos() - before).isGreaterThanOrEqualTo(POLL.toNanos());
        }
      }
      events.add("of " + member);
      assertThat(world.failures()).isEmpty();
      return events;
    }

    /** Sends, while the way is cut for so long too, and once more. */
    void sendOverACutWay(Duration cut) throws Exception {
      try (EscrowClient client = client();
          Producer producer = client.producer().build()) {
        producer.send(Message.to("orders").body("before"));
        network.link(here, there).cut();
        network.link(there, here).cut();
        long begun = world.nanos();
        while (world.nanos() - begun < cut.toNanos()) {
          assertThatThrownBy(() -> producer.send(Message.to("orders").body("lost")))
              .isInstanceOf(EscrowException.class);
          world.run(Duration.ofMillis(100));
        }
        network.healAll();
        world.run(Duration.ofSeconds(30)); // what waited on the old way has come
        senders.subList(1, senders.size()).clear();
        producer.send(Message.to("orders").body("after"));
      }
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private static List<String> run(long seed) throws Exception {
    try (Run run = new Run(seed)) {
      return run.run();
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName() + "#" + thread.getId())
        .filter(name -> name.startsWith("escrowmq"))
        .collect(Collectors.toSet());
  }

  /** Nobody tells the client that the way is dead. */
  @Test
  void shouldLeaveAConnectionOverWhichNothingIsAnsweredForTenSeconds() throws Exception {
    for (int seconds : new int[] {5, 20}) {
      try (Run run = new Run(1)) {
        // when
        run.sendOverACutWay(Duration.ofSeconds(seconds));

        // then
        assertThat(run.senders.get(1).equals(run.senders.get(0)))
            .as("the connection of before is used again after %s s", seconds)
            .isEqualTo(seconds < 10);
      }
    }
  }

  @Test
  void shouldDoTheSameAgainWithTheSameSurroundings() throws Exception {
    // given
    Set<String> before = threads();

    // when
    List<String> first = run(1);
    List<String> again = run(1);
    List<String> other = run(2);

    // then
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
    assertThat(first)
        .anyMatch(event -> event.endsWith(" handled m0"))
        .anyMatch(event -> event.endsWith(" handled m2"))
        .anyMatch(event -> event.endsWith(" UNREGISTER_CLIENT"))
        .anyMatch(event -> event.startsWith("of 10.0.0.2@7#"));
    assertThat(before).containsAll(threads());
  }
}
