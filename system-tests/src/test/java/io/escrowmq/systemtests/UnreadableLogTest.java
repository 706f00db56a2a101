package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.StartFrom;
import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.systemtests.driver.DriverException;
import io.escrowmq.systemtests.driver.MessageFilter;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PushPlan;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A part of the log cannot be read for a while: unmodified consumers, and ours, stop in front of it, pause
 * between their pulls, and go on when it can be read again.
 *
 * <p>The test overwrites a part of a file that the running broker has mapped. The system shows the
 * new bytes in the mapping at once, so nothing has to be restarted.
 */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class UnreadableLogTest {

  private static final int MESSAGES = 60;
  private static final int BODY_CHARACTERS = 30_000;
  private static final int DAMAGE_AT = 300_000; // of the first segment, which has 1 MiB
  private static final int DAMAGE_BYTES = 300_000;

  private static final Set<Integer> PULLS = Set.of(11, 361);
  private static final int QUERY_CONSUMER_OFFSET = 14;
  private static final int SERVICE_NOT_AVAILABLE = 14;

  private static final int REFUSALS_TO_SEE = 3;
  // Clients pause for 1 s or for 3 s; one without a pause makes thousands of pulls meanwhile.
  private static final int MOST_REFUSALS = 60;

  private final CuttingProxy proxy = new CuttingProxy();
  private final ServerProcess server;
  private final Clients clients;
  private final EscrowClient own;
  private final List<String> sent = new ArrayList<>();
  private final List<String> polled = new ArrayList<>();
  private final Inbox ours = new Inbox();

  UnreadableLogTest(ClientKind kind, TestBed bed) {
    server = bed.startBoth(
        "unreadable",
        Map.of(
            "broker.advertise",
            proxy.address(),
            "store.segment-bytes",
            "1MiB",
            "message.max-bytes",
            "512KiB"));
    proxy.leadTo(server.broker());
    clients = bed.clients(kind, server);
    own = EscrowClient.builder().nameServers(server.nameServer()).build();
  }

  @AfterEach
  void end() {
    own.close();
    clients.close();
    server.close();
    proxy.close();
  }

  @Test
  void shouldStopConsumersInFrontOfWhatCannotBeReadAndLetThemGoOnAfterwards() throws IOException {
    // given
    String topic = topicWithMessages();
    List<String> groups = Stream.generate(clients::freshGroup).limit(4).toList();
    byte[] original = overwrite(new byte[DAMAGE_BYTES]);

    // when
    String concurrent = clients.push(groups.get(0), topic);
    String orderly = clients.push(groups.get(1), topic, PushPlan::inOrder);
    String lite = clients.litePull(groups.get(2), topic, MessageFilter.EVERYTHING);
    own.consumer(groups.get(3))
        .subscribe(topic)
        .startFrom(StartFrom.begin())
        .handler(ours)
        .start();
    within(60).until(() -> {
      poll(lite);
      return groups.stream().allMatch(group -> refused(group).size() >= REFUSALS_TO_SEE);
    });

    // then
    int readable = bodies(orderly).size();
    assertThat(readable).isBetween(1, DAMAGE_AT / BODY_CHARACTERS);
    assertThat(bodies(orderly)).isEqualTo(sent.subList(0, readable));
    assertThat(bodies(concurrent)).hasSameElementsAs(sent.subList(0, readable));
    assertThat(polled).isEqualTo(sent.subList(0, readable));
    assertThat(ourBodies()).hasSameElementsAs(sent.subList(0, readable));
    for (String group : groups) {
      assertThat(refused(group))
          .as("pulls of %s", group)
          .hasSizeLessThan(MOST_REFUSALS)
          .allSatisfy(pull -> assertThat(pull.request().fields().text("queueOffset"))
              .isEqualTo(Integer.toString(readable)));
      assertThat(committedOffset(group, topic)).isLessThanOrEqualTo(readable);
    }

    // when
    overwrite(original);

    // then
    within(60).untilAsserted(() -> {
      poll(lite);
      assertThat(bodies(orderly)).isEqualTo(sent);
      assertThat(bodies(concurrent)).containsExactlyInAnyOrderElementsOf(sent);
      assertThat(polled).isEqualTo(sent);
      assertThat(ourBodies()).containsExactlyInAnyOrderElementsOf(sent);
    });
  }

  @Test
  void shouldTellAnApplicationThatPullsAndDeliverAtTheSameOffsetAfterwards() throws IOException {
    // given
    String topic = topicWithMessages();
    String puller = clients.pull(clients.freshGroup());
    int inTheDamage = (DAMAGE_AT + DAMAGE_BYTES / 2) / BODY_CHARACTERS;
    byte[] original = overwrite(new byte[DAMAGE_BYTES]);

    // when, then
    for (int i = 0; i < REFUSALS_TO_SEE; i++) {
      assertThatThrownBy(() -> pull(puller, topic, inTheDamage))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("CODE: " + SERVICE_NOT_AVAILABLE)
          .hasMessageContaining("offset " + inTheDamage);
    }
    overwrite(original);
    assertThat(pull(puller, topic, inTheDamage)).containsExactly(sent.get(inTheDamage));
  }

  private String topicWithMessages() {
    String topic = clients.freshTopic(1);
    String producer = clients.producer();
    for (int i = 0; i < MESSAGES; i++) {
      sent.add(incompressible(i));
      clients.driver().send(producer, OutgoingMessage.to(topic, sent.get(i)));
    }
    return topic;
  }

  /** The client compresses bodies of more than 4 KiB, and these have to fill a file. */
  private static String incompressible(int seed) {
    byte[] body = new byte[BODY_CHARACTERS];
    new Random(seed).nextBytes(body);
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private List<String> pull(String puller, String topic, long offset) {
    return clients
        .driver()
        .pull(puller, topic, clients.brokerName(), 0, MessageFilter.EVERYTHING, offset, 1)
        .messages()
        .stream()
        .map(ReceivedMessage::body)
        .toList();
  }

  private List<String> bodies(String consumer) {
    return clients.driver().received(consumer).stream()
        .map(ReceivedMessage::body)
        .toList();
  }

  private List<String> ourBodies() {
    return ours.deliveries().stream()
        .map(delivery -> new String(delivery.body(), StandardCharsets.ISO_8859_1))
        .toList();
  }

  private void poll(String consumer) {
    clients.driver().poll(consumer, 100).forEach(message -> polled.add(message.body()));
  }

  private List<CuttingProxy.Exchange> refused(String group) {
    return proxy.exchanges(request -> isPullOf(request, group)).stream()
        .filter(exchange -> exchange.answer().code() == SERVICE_NOT_AVAILABLE)
        .toList();
  }

  private static boolean isPullOf(FrameHeader request, String group) {
    return PULLS.contains(request.code()) && group.equals(request.fields().text("consumerGroup"));
  }

  /** -1 when the group has none. */
  private long committedOffset(String group, String topic) {
    String offset = clients
        .request(
            server.broker(),
            QUERY_CONSUMER_OFFSET,
            Map.of("consumerGroup", group, "topic", topic, "queueId", "0"))
        .fields()
        .get("offset");
    return offset == null ? -1 : Long.parseLong(offset);
  }

  /** Writes into the first segment; returns what was there. */
  private byte[] overwrite(byte[] bytes) throws IOException {
    try (FileChannel file =
        FileChannel.open(firstSegment(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer before = ByteBuffer.allocate(bytes.length);
      while (before.hasRemaining() && file.read(before, DAMAGE_AT + before.position()) >= 0) {
        // all of it
      }
      assertThat(before.hasRemaining()).as("the file ends within the damage").isFalse();
      ByteBuffer now = ByteBuffer.wrap(bytes);
      while (now.hasRemaining()) {
        file.write(now, DAMAGE_AT + now.position());
      }
      return before.array();
    }
  }

  private Path firstSegment() throws IOException {
    try (Stream<Path> files = Files.list(server.store().resolve("log"))) {
      return files.sorted().findFirst().orElseThrow();
    }
  }
}
