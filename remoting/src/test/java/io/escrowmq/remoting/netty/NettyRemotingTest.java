package io.escrowmq.remoting.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.frame.HeaderEncoding;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyRemotingTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final byte[] HELLO = "hello".getBytes(UTF_8);

  private final Queue<Call> parked = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Connection> peer = new AtomicReference<>();
  private final AtomicInteger oneWays = new AtomicInteger();
  private final AtomicInteger released = new AtomicInteger();

  // ECHO answers the body, PARK keeps the call, FAIL fails, COUNT counts one-way requests.
  private static final RequestCode ECHO = RequestCode.SEND_MESSAGE;
  private static final RequestCode PARK = RequestCode.PULL_MESSAGE;
  private static final RequestCode FAIL = RequestCode.QUERY_MESSAGE;
  private static final RequestCode COUNT = RequestCode.UPDATE_CONSUMER_OFFSET;
  private static final RequestCode BIG = RequestCode.VIEW_MESSAGE_BY_ID;

  private final RequestTable requests = RequestTable.of(
      RequestTable.on(ECHO, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        peer.set(call.connection());
        call.reply(Reply.ok(fields -> fields.put("v", call.version()), Body.of(call.bodyBytes())));
      }),
      RequestTable.on(PARK, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        parked.add(call);
      }),
      RequestTable.on(FAIL, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        throw new IllegalStateException("on purpose");
      }),
      RequestTable.on(COUNT, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        oneWays.incrementAndGet();
        call.reply(Reply.ok());
      }),
      RequestTable.on(BIG, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        call.reply(Reply.ok(WireHeader.NONE, zeros(64 << 10)));
      }));

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void shouldAnswerAndRepeatOpaqueAndEncoding() throws Exception {
    NettyRemotingServer server = server(settings());
    RawPeer peer = raw(server);
    for (HeaderEncoding encoding : HeaderEncoding.values()) {
      // when
      peer.send(RawPeer.frame(encoding, ECHO.number(), 77, false, HELLO));
      RawPeer.Received answer = peer.receive();

      // then
      assertThat(answer.encoding()).isEqualTo(encoding);
      assertThat(answer.header().opaque()).isEqualTo(77);
      assertThat(answer.header().isResponse()).isTrue();
      assertThat(answer.header().code()).isZero();
      assertThat(answer.header().version()).isEqualTo(513);
      assertThat(answer.header().fields().text("v")).isEqualTo("513");
      assertThat(answer.body()).isEqualTo(HELLO);
    }
  }

  @Test
  void shouldServeManyRequestsOfOneConnectionInOrder() throws Exception {
    // given
    RawPeer peer = raw(server(settings()));
    byte[][] frames = new byte[1_000][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = RawPeer.request(ECHO.number(), i, ("body-" + i).getBytes(UTF_8));
    }

    // when
    peer.send(frames);

    // then
    for (int i = 0; i < frames.length; i++) {
      RawPeer.Received answer = peer.receive();
      assertThat(answer.header().opaque()).isEqualTo(i);
      assertThat(new String(answer.body(), UTF_8)).isEqualTo("body-" + i);
    }
  }

  @Test
  void shouldPutFramesTogetherThatArriveInPieces() throws Exception {
    // given
    RawPeer peer = raw(server(settings()));
    byte[] small = RawPeer.request(ECHO.number(), 1, HELLO);
    byte[] large = RawPeer.request(ECHO.number(), 2, new byte[3 << 20]);

    // when
    for (byte b : small) {
      peer.send(new byte[] {b});
    }
    peer.send(large, small);

    // then
    assertThat(peer.receive().body()).isEqualTo(HELLO);
    assertThat(peer.receive().body()).hasSize(3 << 20);
    assertThat(peer.receive().body()).isEqualTo(HELLO);
  }

  @Test
  void shouldAnswerUnknownCodesAndFailuresAndGoOn() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    NettyRemotingClient client = client(RequestTable.of());

    // when
    Answer unknown = call(client, server, RequestCode.POP_MESSAGE, new byte[0]);
    Answer failed = call(client, server, FAIL, new byte[0]);
    Answer fine = call(client, server, ECHO, HELLO);

    // then
    assertThat(unknown.code()).isEqualTo(3);
    assertThat(unknown.remark()).contains("200050");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.remark()).contains("QUERY_MESSAGE").doesNotContain("on purpose");
    assertThat(server.traffic().failedHandlers()).isEqualTo(1);
    assertThat(fine.isOk()).isTrue();
    assertThat(fine.body()).isEqualTo(HELLO);
  }

  @Test
  void shouldNotAnswerOneWayRequests() throws Exception {
    // given
    RawPeer peer = raw(server(settings()));

    // when
    peer.send(
        RawPeer.frame(HeaderEncoding.BINARY, COUNT.number(), 1, true, new byte[0]),
        RawPeer.request(ECHO.number(), 2, HELLO));

    // then
    assertThat(peer.receive().header().opaque()).isEqualTo(2);
    assertThat(oneWays).hasValue(1);
  }

  @Test
  void shouldAnswerLaterFromOtherThreadsAndOnlyOnce() throws Exception {
    // given
    RawPeer peer = raw(server(settings()));
    int calls = 200;
    byte[][] frames = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, HELLO);
    }
    peer.send(frames);
    await().until(() -> parked.size() == calls);

    // when
    Thread other = new Thread(() -> {
      for (Call call : parked) {
        call.reply(Reply.ok(WireHeader.NONE, counted()));
        call.reply(Reply.ok(WireHeader.NONE, counted()));
      }
    });
    other.start();

    // then
    for (int i = 0; i < calls; i++) {
      assertThat(peer.receive().header().opaque()).isEqualTo(i);
    }
    other.join();
    assertThat(released).hasValue(2 * calls);
  }

  @Test
  void shouldTakeTheBodyAwayWhenTheHandlerReturns() throws Exception {
    // given
    RawPeer peer = raw(server(settings()));

    // when
    peer.send(RawPeer.request(PARK.number(), 1, HELLO));
    await().until(() -> parked.size() == 1);

    // then
    await()
        .untilAsserted(() -> assertThatThrownBy(() -> parked.element().body())
            .isInstanceOf(IllegalStateException.class));
  }

  @Test
  void shouldReleaseAnswersToAConnectionThatIsGone() throws Exception {
    // given
    RawPeer peer = raw(server(settings()));
    peer.send(RawPeer.request(PARK.number(), 1, HELLO));
    await().until(() -> parked.size() == 1);
    CountDownLatch gone = new CountDownLatch(1);
    parked.element().connection().onClose(gone::countDown);

    // when
    peer.close();
    assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
    parked.element().reply(Reply.ok(WireHeader.NONE, counted()));

    // then
    await().until(() -> released.get() == 1);
    assertThat(parked.element().connection().isOpen()).isFalse();
  }

  @Test
  void shouldAnswerWithAnErrorWhenTheBodyCannotBeWritten() throws Exception {
    // given
    RawPeer peer = raw(server(settings()));
    peer.send(RawPeer.request(PARK.number(), 1, HELLO), RawPeer.request(ECHO.number(), 2, HELLO));
    peer.receive();

    // when
    parked.element().reply(Reply.ok(WireHeader.NONE, new Body() {
      @Override
      public int length() {
        return 10;
      }

      @Override
      public void writeTo(ByteBuffer target) {
        target.put((byte) 1);
      }
    }));

    // then
    RawPeer.Received answer = peer.receive();
    assertThat(answer.header().code()).isEqualTo(ResponseCode.SYSTEM_ERROR.number());
    assertThat(answer.body()).isEmpty();
    peer.send(RawPeer.request(ECHO.number(), 3, HELLO));
    assertThat(peer.receive().header().opaque()).isEqualTo(3);
  }

  @Test
  void shouldAskThePeerOverItsOwnConnection() throws Exception {
    // given
    CompletableFuture<String> notified = new CompletableFuture<>();
    RequestTable clientRequests = RequestTable.of(
        RequestTable.on(
            RequestCode.NOTIFY_CONSUMER_IDS_CHANGED,
            fields -> fields.requiredText("consumerGroup"),
            Permission.CONNECT,
            (call, group) -> notified.complete(group)),
        RequestTable.on(
            RequestCode.GET_CONSUMER_RUNNING_INFO,
            HeaderReader.RAW,
            Permission.CONNECT,
            (call, header) -> call.reply(Reply.ok(HELLO))));
    NettyRemotingServer server = server(settings());
    NettyRemotingClient client = client(clientRequests);
    call(client, server, ECHO, HELLO);

    // when
    peer.get()
        .notify(Request.of(
            RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, fields -> fields.put("consumerGroup", "cg")));
    Answer answer = peer.get()
        .call(Request.of(RequestCode.GET_CONSUMER_RUNNING_INFO, WireHeader.NONE), LONG)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);

    // then
    assertThat(answer.body()).isEqualTo(HELLO);
    assertThat(notified.get(5, TimeUnit.SECONDS)).isEqualTo("cg");
  }

  @Test
  void shouldFailCallsAtTheirDeadlineAndServeLaterOnes() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    NettyRemotingClient client = client(RequestTable.of());
    call(client, server, ECHO, HELLO);

    // when
    CompletionStage<Answer> longer =
        client.call(address(server), Request.of(PARK, WireHeader.NONE), LONG);
    CompletionStage<Answer> shorter =
        client.call(address(server), Request.of(PARK, WireHeader.NONE), Duration.ofMillis(50));

    // then
    assertReason(shorter, Reason.TIMED_OUT);
    assertThat(longer.toCompletableFuture()).isNotDone();
    await().until(() -> parked.size() == 2);
    parked.forEach(call -> call.reply(Reply.ok()));
    assertThat(longer.toCompletableFuture().get(5, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(call(client, server, ECHO, HELLO).isOk()).isTrue();
  }

  @Test
  void shouldFailPendingCallsWhenTheConnectionCloses() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    NettyRemotingClient client = client(RequestTable.of());
    CompletionStage<Answer> pending =
        client.call(address(server), Request.of(PARK, WireHeader.NONE), LONG);
    await().until(() -> parked.size() == 1);

    // when
    parked.remove().connection().close();

    // then
    assertReason(pending, Reason.CONNECTION_CLOSED);
    assertThat(call(client, server, ECHO, HELLO).isOk()).as("connects again").isTrue();
  }

  @Test
  void shouldRefuseCallsBeyondTheLimit() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    NettyRemotingClient client = client(RequestTable.of(), withMaxPending(2));
    call(client, server, ECHO, HELLO);

    // when
    CompletionStage<Answer> first = park(client, server);
    CompletionStage<Answer> second = park(client, server);
    CompletionStage<Answer> third = park(client, server);

    // then
    assertReason(third, Reason.TOO_MANY_PENDING);
    await().until(() -> parked.size() == 2);
    parked.forEach(call -> call.reply(Reply.ok()));
    assertThat(first.toCompletableFuture().get(5, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(second.toCompletableFuture().get(5, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(call(client, server, ECHO, HELLO).isOk()).isTrue();
  }

  @Test
  void shouldSayWhenItCannotConnect() throws Exception {
    NettyRemotingServer server = server(settings());
    NettyRemotingClient client = client(RequestTable.of());
    String address = address(server);
    server.close();

    assertReason(
        client.call(address, Request.of(ECHO, WireHeader.NONE), LONG), Reason.NOT_CONNECTED);
    assertReason(
        client.call("nowhere", Request.of(ECHO, WireHeader.NONE), LONG), Reason.NOT_CONNECTED);
    client.close();
    assertReason(
        client.call(address, Request.of(ECHO, WireHeader.NONE), LONG), Reason.NOT_CONNECTED);
  }

  @Test
  void shouldCloseTheConnectionOfAHostileFrameAndNoOther() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    RawPeer bystander = raw(server);
    byte[] noise = {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'};
    byte[][] hostile = {
      ints(Integer.MAX_VALUE),
      ints(-1),
      ints(0),
      ints(3),
      ints((16 << 20) + 1),
      ints(100, 101), // the header is longer than the frame
      ints(1 << 20, 300 << 10), // the header is longer than any header
      ints(8, 7 << 24, 0), // an unknown encoding
      ints(8, 4, 0x5B5B5B5B), // JSON that is no object
      ints(25, 1 << 24 | 21, 0, 0, 0, 0x00FF_0000, 0, 0), // the binary remark is 4 GB long
      noise
    };

    for (byte[] frame : hostile) {
      // when
      RawPeer peer = raw(server);
      peer.send(RawPeer.request(ECHO.number(), 5, HELLO));
      peer.receive();
      peer.send(frame);

      // then
      assertThat(peer.isClosedByPeer())
          .as(java.util.HexFormat.of().formatHex(frame))
          .isTrue();
    }
    assertThat(server.traffic().badFrames()).isEqualTo(hostile.length);
    bystander.send(RawPeer.request(ECHO.number(), 6, HELLO));
    assertThat(bystander.receive().body()).isEqualTo(HELLO);
  }

  @Test
  void shouldTakeNoMemoryForWhatAFrameOnlyClaims() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    RawPeer first = raw(server);
    first.send(RawPeer.request(ECHO.number(), 1, HELLO));
    first.receive();
    long before = usedDirectBytes();

    // when
    for (int i = 0; i < 50; i++) {
      raw(server).send(ints(16 << 20, 40), new byte[20]);
    }
    await().until(() -> server.traffic().openConnections() == 51);
    first.send(RawPeer.request(ECHO.number(), 1, HELLO));
    first.receive();

    // then
    assertThat(usedDirectBytes() - before).isLessThan(32 << 20); // they claim 800 MB
  }

  @Test
  void shouldStopReadingFromAPeerThatDoesNotRead() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    RawPeer lazy = raw(server);
    RawPeer other = raw(server);
    int calls = 2_000; // 128 MB of answers
    byte[][] frames = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      frames[i] = RawPeer.request(BIG.number(), i, new byte[0]);
    }

    // when
    lazy.send(frames);

    // then
    other.send(RawPeer.request(ECHO.number(), 6, HELLO));
    assertThat(other.receive().body()).isEqualTo(HELLO);
    assertThat(server.traffic().requests()).isLessThan(calls);
    for (int i = 0; i < calls; i++) {
      assertThat(lazy.receive().header().opaque()).isEqualTo(i);
    }
    assertThat(server.traffic().slowPeers()).isZero();
  }

  @Test
  void shouldCloseAPeerForWhichTooMuchWaits() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    RawPeer lazy = raw(server);
    int calls = 1_500; // 96 MB of answers, 64 MB may wait
    byte[][] frames = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, new byte[0]);
    }
    lazy.send(frames);
    await().until(() -> parked.size() == calls);

    // when
    parked.forEach(call -> call.reply(Reply.ok(WireHeader.NONE, zeros(64 << 10))));

    // then
    await().until(() -> server.traffic().slowPeers() == 1);
    await().until(() -> released.get() == calls);
  }

  @Test
  void shouldReadNoMoreRequestsWhileTooManyAreUnanswered() throws Exception {
    // given
    NettyRemotingServer server = server(withMaxPending(10));
    RawPeer peer = raw(server);
    byte[][] frames = new byte[25][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, HELLO);
    }

    // when
    peer.send(frames);

    // then
    int answered = 0;
    while (answered < frames.length) {
      int most = Math.min(10, frames.length - answered);
      await().until(() -> parked.size() == most);
      Call call;
      while ((call = parked.poll()) != null) {
        call.reply(Reply.ok());
        assertThat(peer.receive().header().opaque()).isEqualTo(answered++);
        if (answered == frames.length) {
          break;
        }
      }
    }
  }

  @Test
  void shouldRefuseConnectionsBeyondTheLimit() throws Exception {
    // given
    RemotingSettings two =
        new RemotingSettings(1, 16 << 20, Duration.ofMinutes(1), 1 << 20, 64 << 20, 2, 100);
    NettyRemotingServer server = server(two);
    RawPeer first = raw(server);
    RawPeer second = raw(server);
    await().until(() -> server.traffic().openConnections() == 2);

    // when
    RawPeer third = raw(server);

    // then
    assertThat(third.isClosedByPeer()).isTrue();
    assertThat(server.traffic().refusedConnections()).isEqualTo(1);
    first.close();
    await().until(() -> server.traffic().openConnections() == 1);
    RawPeer fourth = raw(server);
    fourth.send(RawPeer.request(ECHO.number(), 1, HELLO));
    assertThat(fourth.receive().body()).isEqualTo(HELLO);
    second.close();
  }

  @Test
  void shouldCloseIdleConnections() throws Exception {
    RemotingSettings impatient =
        new RemotingSettings(1, 16 << 20, Duration.ofMillis(100), 1 << 20, 64 << 20, 10, 100);
    RawPeer peer = raw(server(impatient));
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    peer.receive();

    assertThat(peer.isClosedByPeer()).isTrue();
  }

  @Test
  void shouldGiveWhatWasAnsweredToTheSocketBeforeItCloses() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    RawPeer peer = raw(server);
    peer.send(RawPeer.request(PARK.number(), 1, HELLO));
    await().until(() -> parked.size() == 1);

    // when
    parked.element().reply(Reply.ok(HELLO));
    long begun = System.nanoTime();
    server.close();

    // then
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    assertThat(peer.receive().body()).isEqualTo(HELLO);
    assertThat(peer.isClosedByPeer()).isTrue();
  }

  @Test
  void shouldKeepServingItsConnectionsWhenItAcceptsNoMore() throws Exception {
    // given
    NettyRemotingServer server = server(settings());
    RawPeer peer = raw(server);
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    peer.receive();
    InetSocketAddress address = server.address();

    // when
    server.stopAccepting();

    // then
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    assertThat(peer.receive().body()).isEqualTo(HELLO);
    assertThatThrownBy(() -> new RawPeer(address)).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void shouldNameTheAddressThatIsTaken() throws Exception {
    NettyRemotingServer server = server(settings());
    NettyRemotingServer second = new NettyRemotingServer(server.address(), requests, settings());
    opened.add(second);

    assertThatThrownBy(second::start)
        .isInstanceOf(RemotingException.class)
        .hasMessageContaining(String.valueOf(server.address().getPort()));
  }

  @Test
  void shouldRunTasksOnTheConnectionsLoop() throws Exception {
    NettyRemotingServer server = server(settings());
    call(client(RequestTable.of()), server, ECHO, HELLO);
    CompletableFuture<String> thread = new CompletableFuture<>();

    peer.get().execute(() -> thread.complete(Thread.currentThread().getName()));

    assertThat(thread.get(5, TimeUnit.SECONDS)).startsWith("escrowmq-net");
  }

  private Body counted() {
    return new Body() {
      @Override
      public int length() {
        return 1;
      }

      @Override
      public void writeTo(ByteBuffer target) {
        target.put((byte) 1);
      }

      @Override
      public void release() {
        released.incrementAndGet();
      }
    };
  }

  private Body zeros(int length) {
    return new Body() {
      @Override
      public int length() {
        return length;
      }

      @Override
      public void writeTo(ByteBuffer target) {
        target.position(target.position() + length);
      }

      @Override
      public void release() {
        released.incrementAndGet();
      }
    };
  }

  private static long usedDirectBytes() {
    return io.netty.buffer.PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private static byte[] ints(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return bytes.array();
  }

  private CompletionStage<Answer> park(NettyRemotingClient client, NettyRemotingServer server) {
    return client.call(address(server), Request.of(PARK, WireHeader.NONE), LONG);
  }

  private static Answer call(
      NettyRemotingClient client, NettyRemotingServer server, RequestCode code, byte[] body)
      throws Exception {
    return client
        .call(address(server), new Request(code, WireHeader.NONE, Body.of(body)), LONG)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  private static void assertReason(CompletionStage<Answer> call, Reason reason) {
    assertThatThrownBy(
            () -> call.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RemotingException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static RemotingSettings settings() {
    return RemotingSettings.forServer(2);
  }

  private static RemotingSettings withMaxPending(int maxPending) {
    return new RemotingSettings(
        1, 16 << 20, Duration.ofMinutes(1), 1 << 20, 64 << 20, 10, maxPending);
  }

  private NettyRemotingServer server(RemotingSettings settings) {
    NettyRemotingServer server = new NettyRemotingServer(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), requests, settings);
    opened.add(server);
    server.start();
    return server;
  }

  private NettyRemotingClient client(RequestTable requests) {
    return client(requests, RemotingSettings.forClient());
  }

  private NettyRemotingClient client(RequestTable requests, RemotingSettings settings) {
    NettyRemotingClient client = new NettyRemotingClient(requests, settings);
    opened.add(client);
    return client;
  }

  private RawPeer raw(NettyRemotingServer server) throws Exception {
    RawPeer peer = new RawPeer(server.address());
    opened.add(peer);
    return peer;
  }

  private static String address(NettyRemotingServer server) {
    return "127.0.0.1:" + server.address().getPort();
  }
}
