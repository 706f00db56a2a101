package io.escrowmq.client;

import static io.escrowmq.remoting.RequestTable.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.escrowmq.client.core.Failures;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.body.BrokerEntry;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.remoting.body.TopicRoute.QueueEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendResponseHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The table "What can go wrong" of docs/client.md: each row is provoked with the public client and a real
 * server that plays name server and broker. The rows about transactions are held by the tests of
 * transactions.
 */
final class ErrorTableTest {

  private static final Path PAGE = Path.of("../docs/client.md");
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+Exception)` \\| ([^|]+) \\|.*");
  private static final Duration SHORT = Duration.ofMillis(150); // where nobody answers
  private static final Duration ENOUGH_TO_SEND = Duration.ofSeconds(2);
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final int MIB = 1 << 20;

  private final Map<String, String> rows = rows();
  private final Map<RequestCode, Consumer<Call>> answers = new ConcurrentHashMap<>();

  @AutoClose
  private final RemotingServer server = server();

  @AutoClose("close")
  private EscrowClient client;

  ErrorTableTest() {
    answers.put(RequestCode.GET_ROUTEINFO_BY_TOPIC, call -> call.reply(Reply.ok(route(address()))));
    client = client(address(), PATIENT);
  }

  private RemotingServer server() {
    Map<RequestCode, RequestTable.Entry<?>> lines = new EnumMap<>(RequestCode.class);
    for (RequestCode code : RequestCode.values()) {
      lines.put(
          code,
          on(
              code,
              HeaderReader.RAW,
              Permission.CONNECT,
              (call, header) ->
                  answers.getOrDefault(code, other -> other.reply(Reply.ok())).accept(call)));
    }
    RemotingServer started = TestNetwork.REAL.server(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        bound -> RequestTable.of(lines.values().toArray(RequestTable.Entry<?>[]::new)),
        RemotingSettings.forServer(1));
    started.start();
    return started;
  }

  private String address() {
    return "127.0.0.1:" + server.address().getPort();
  }

  private static EscrowClient client(String nameServer, Duration requestTimeout) {
    return EscrowClient.builder()
        .nameServers(nameServer)
        .requestTimeout(requestTimeout)
        .build();
  }

  private static byte[] route(String broker) {
    return new TopicRoute(
            List.of(new QueueEntry("a", 1, 1, 6, 0)),
            List.of(new BrokerEntry("c", "a", Map.of(0L, broker), false)),
            null)
        .toBytes();
  }

  private void refusing(RequestCode request, ResponseCode code) {
    answers.put(request, call -> call.reply(Reply.refused(code, "because")));
  }

  private void silent(RequestCode request) {
    answers.put(request, call -> {});
  }

  /** Connects and learns the route, so that a short time is long enough to send. */
  private void meetTheServer() {
    assertThat(client.queuesOf("orders")).isNotEmpty();
  }

  private Producer producer(Duration sendTimeout) {
    return client.producer().retries(0).sendTimeout(sendTimeout).build();
  }

  private SendReceipt send() {
    return send(PATIENT);
  }

  private SendReceipt send(Duration sendTimeout) {
    return producer(sendTimeout).send(Message.to("orders").body("one teapot"));
  }

  private <E extends EscrowException> E thrown(Class<E> type, ThrowingCallable call) {
    E thrown = catchThrowableOfType(type, call);
    assertThat(thrown).isNotNull();
    assertThat(thrown.getMessage()).isNotBlank();
    assertThat(rows.get(type.getSimpleName()))
        .as("may have happened, as the table says it of " + type.getSimpleName())
        .isIn(thrown.mayHaveHappened() ? "yes" : "no", "it says");
    return thrown;
  }

  private static Map<String, String> rows() {
    try (Stream<String> lines = Files.lines(PAGE)) {
      Map<String, String> rows = new TreeMap<>();
      lines
          .map(ROW::matcher)
          .filter(Matcher::matches)
          .forEach(row -> rows.put(row.group(1), row.group(2).strip()));
      return rows;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void shouldHaveARowForEachException() throws Exception {
    Path classes = Path.of(EscrowException.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .toURI())
        .resolve("io/escrowmq/client");
    try (Stream<Path> files = Files.list(classes)) {
      assertThat(files
              .map(file -> file.getFileName().toString().replace(".class", ""))
              .filter(name -> name.endsWith("Exception") && !name.equals("EscrowException")))
          .containsExactlyInAnyOrderElementsOf(rows.keySet());
    }
  }

  @Test
  void shouldThrowSendTimeoutWhenABrokerDoesNotConfirm() {
    meetTheServer();
    silent(RequestCode.SEND_MESSAGE_V2);

    assertThat(thrown(SendTimeoutException.class, () -> send(SHORT)).server()).isEqualTo(address());
  }

  @Test
  void shouldThrowReplyTimeoutWhenNobodyReplies() {
    answers.put(
        RequestCode.SEND_MESSAGE_V2,
        call -> call.reply(Reply.ok(new SendResponseHeader("1", 0, 0, null, null, "r", true))));
    meetTheServer();

    thrown(
        ReplyTimeoutException.class,
        () -> producer(PATIENT).request(Message.to("orders").body("a question"), ENOUGH_TO_SEND));
  }

  @Test
  void shouldThrowNoRequesterWhenAReplyIsToNoRequest() {
    Delivery noRequest = new TestDelivery(Map.of());

    thrown(NoRequesterException.class, () -> producer(PATIENT).reply(noRequest, "an answer"));
  }

  @Test
  void shouldThrowNotWritableWhenTheBrokerCannotBeReached() throws Exception {
    String nobody = closedPort();
    answers.put(RequestCode.GET_ROUTEINFO_BY_TOPIC, call -> call.reply(Reply.ok(route(nobody))));
    meetTheServer();

    assertThat(thrown(NotWritableException.class, () -> send(SHORT)).server()).isEqualTo(nobody);
  }

  @Test
  void shouldThrowOverloadedWhenTooMuchIsUnderWay() {
    // given
    silent(RequestCode.SEND_MESSAGE_V2);
    Producer producer = client.producer().maxInFlightBytes(1).build();
    producer.sendAsync(Message.to("orders").body("first"));

    // when, then
    thrown(OverloadedException.class, () -> {
      try {
        producer
            .sendAsync(Message.to("orders").body("second"))
            .toCompletableFuture()
            .join();
      } catch (CompletionException e) {
        throw Failures.unwrapped(e);
      }
    });
  }

  @Test
  void shouldThrowMessageRefusedAtOnceForWhatFitsNoFrame() {
    // given
    Message message = Message.to("orders").body(new byte[17 * MIB]);
    Producer patient = client.producer().sendTimeout(Duration.ofDays(1)).build();

    // when
    MessageRefusedException refused =
        thrown(MessageRefusedException.class, () -> patient.send(message));

    // then
    assertThat(refused).hasMessageContaining("at most " + 16 * MIB);
  }

  @Test
  void shouldThrowMessageRefusedWhenTheBrokerRefusesIt() {
    refusing(RequestCode.SEND_MESSAGE_V2, ResponseCode.MESSAGE_ILLEGAL);

    assertThat(thrown(MessageRefusedException.class, this::send)).hasMessageContaining("because");
  }

  @Test
  void shouldThrowTopicNotFoundWhenNoBrokerHasIt() {
    refusing(RequestCode.GET_ROUTEINFO_BY_TOPIC, ResponseCode.TOPIC_NOT_EXIST);

    assertThat(thrown(TopicNotFoundException.class, () -> client.queuesOf("orders")))
        .hasMessageContaining("orders");
  }

  @Test
  void shouldThrowNotPermittedWhenTheBrokerForbidsIt() {
    refusing(RequestCode.SEND_MESSAGE_V2, ResponseCode.NO_PERMISSION);

    thrown(NotPermittedException.class, this::send);
  }

  @Test
  void shouldThrowFilterRefusedWhenTheBrokerCannotReadTheCondition() {
    refusing(RequestCode.CHECK_CLIENT_CONFIG, ResponseCode.SUBSCRIPTION_PARSE_FAILED);

    thrown(
        FilterRefusedException.class,
        () ->
            client.pullConsumer("audit").subscribe("orders", Filter.sql("a >")).build());
  }

  @Test
  void shouldThrowUnsupportedWhenTheServerDoesNotKnowTheRequest() {
    refusing(RequestCode.SEND_MESSAGE_V2, ResponseCode.REQUEST_CODE_NOT_SUPPORTED);

    thrown(UnsupportedByServerException.class, this::send);
  }

  @Test
  void shouldThrowNotConnectedWhenARequestReachesNobody() throws Exception {
    try (EscrowClient lost = client(closedPort(), PATIENT)) {
      thrown(NotConnectedException.class, () -> lost.queuesOf("orders"));
    }
  }

  @Test
  void shouldNameAHostThatIsUnknown() {
    try (EscrowClient lost = client("no-such-host.invalid:9876", PATIENT)) {
      assertThat(thrown(NotConnectedException.class, () -> lost.queuesOf("orders")))
          .hasMessageContaining("the host no-such-host.invalid is unknown");
    }
  }

  @Test
  void shouldThrowRequestTimeoutWhenARequestIsNotAnswered() {
    meetTheServer();
    silent(RequestCode.GET_ROUTEINFO_BY_TOPIC);

    try (EscrowClient hasty = client(address(), SHORT)) {
      thrown(RequestTimeoutException.class, () -> hasty.queuesOf("orders"));
    }
  }

  @Test
  void shouldThrowServerRefusedForOtherReasons() {
    refusing(RequestCode.SEND_MESSAGE_V2, ResponseCode.SYSTEM_ERROR);
    SendTimeoutException maybe = thrown(SendTimeoutException.class, this::send);
    assertThat(maybe.getCause()).isInstanceOf(ServerRefusedException.class);

    refusing(RequestCode.SEND_MESSAGE_V2, ResponseCode.INVALID_PARAMETER);
    assertThat(thrown(ServerRefusedException.class, this::send).code())
        .isEqualTo(ResponseCode.INVALID_PARAMETER.number());
  }

  @Test
  void shouldThrowInterruptedWaitAndKeepTheFlag() {
    silent(RequestCode.SEND_MESSAGE_V2);
    Producer producer = producer(SHORT); // closing waits for what it sent
    Thread.currentThread().interrupt();

    thrown(
        InterruptedWaitException.class,
        () -> producer.send(Message.to("orders").body("one teapot")));
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void shouldThrowClosedAfterTheClientWasClosed() {
    client.close();

    thrown(ClosedException.class, client::producer);
  }
}
