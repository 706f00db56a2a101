package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.COUNT;
import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.FAIL;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.LONG;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.settings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.frame.HeaderEncoding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a server makes of requests, and what becomes of answers. */
class NettyServingTest {

  @AutoClose
  private final Loopback net = new Loopback();

  @Test
  void shouldAnswerAndRepeatOpaqueAndEncoding() throws Exception {
    NettyRemotingServer server = net.server(settings());
    RawPeer peer = net.raw(server);
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
  void shouldSayWhichAddressIsTaken() {
    // given
    InetSocketAddress taken = net.server(settings()).address();
    NettyRemotingServer second = Loopback.server(taken, RequestTable.of(), settings());

    // when, then
    assertThatThrownBy(second::start)
        .isInstanceOf(RemotingException.class)
        .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getPort() + ": ")
        .hasMessageEndingWith("choose another address, or stop what uses this one");
    second.close();
  }

  @Test
  void shouldServeManyRequestsOfOneConnectionInOrder() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));
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
    RawPeer peer = net.raw(net.server(settings()));
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
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(RequestTable.of());

    // when
    Answer unknown = net.call(client, server, RequestCode.POP_MESSAGE, new byte[0]);
    Answer failed = net.call(client, server, FAIL, new byte[0]);
    Answer fine = net.call(client, server, ECHO, HELLO);

    // then
    assertThat(unknown.code()).isEqualTo(3);
    assertThat(unknown.remark()).contains("200050");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.remark()).contains("QUERY_MESSAGE").doesNotContain("on purpose");
    assertThat(server.counts().failedHandlers()).isEqualTo(1);
    assertThat(fine.isOk()).isTrue();
    assertThat(fine.body()).isEqualTo(HELLO);
  }

  @Test
  void shouldNotAnswerOneWayRequests() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));

    // when
    peer.send(
        RawPeer.frame(HeaderEncoding.BINARY, COUNT.number(), 1, true, new byte[0]),
        RawPeer.request(ECHO.number(), 2, HELLO));

    // then
    assertThat(peer.receive().header().opaque()).isEqualTo(2);
    assertThat(net.oneWays).hasValue(1);
  }

  @Test
  void shouldAnswerLaterFromOtherThreadsAndOnlyOnce() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));
    int calls = 200;
    byte[][] frames = new byte[calls][];
    for (int i = 0; i < calls; i++) {
      frames[i] = RawPeer.request(PARK.number(), i, HELLO);
    }
    peer.send(frames);
    await().until(() -> net.parked.size() == calls);

    // when
    Thread other = new Thread(() -> {
      for (Call call : net.parked) {
        call.reply(Reply.ok(WireHeader.NONE, net.counted()));
        call.reply(Reply.ok(WireHeader.NONE, net.counted()));
      }
    });
    other.start();

    // then
    for (int i = 0; i < calls; i++) {
      assertThat(peer.receive().header().opaque()).isEqualTo(i);
    }
    other.join();
    assertThat(net.released).hasValue(2 * calls);
  }

  @Test
  void shouldTakeTheBodyAwayWhenTheHandlerReturns() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));

    // when
    peer.send(RawPeer.request(PARK.number(), 1, HELLO));
    await().until(() -> net.parked.size() == 1);

    // then
    await()
        .untilAsserted(() -> assertThatThrownBy(() -> net.parked.element().body())
            .isInstanceOf(IllegalStateException.class));
  }

  @Test
  void shouldReleaseAnswersToAConnectionThatIsGone() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));
    peer.send(RawPeer.request(PARK.number(), 1, HELLO));
    await().until(() -> net.parked.size() == 1);
    CountDownLatch gone = new CountDownLatch(1);
    net.parked.element().connection().onClose(gone::countDown);

    // when
    peer.close();
    assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
    net.parked.element().reply(Reply.ok(WireHeader.NONE, net.counted()));

    // then
    await().until(() -> net.released.get() == 1);
    assertThat(net.parked.element().connection().isOpen()).isFalse();
  }

  @Test
  void shouldAnswerWithAnErrorWhenTheBodyCannotBeWritten() throws Exception {
    // given
    RawPeer peer = net.raw(net.server(settings()));
    peer.send(RawPeer.request(PARK.number(), 1, HELLO), RawPeer.request(ECHO.number(), 2, HELLO));
    peer.receive();

    // when
    net.parked.element().reply(Reply.ok(WireHeader.NONE, new Body() {
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
  void shouldSayThatAnAnswerIsTooLongForAFrame() throws Exception {
    // given
    RemotingSettings settings = settings();
    RawPeer peer = net.raw(net.server(settings));
    peer.send(RawPeer.request(PARK.number(), 1, HELLO), RawPeer.request(ECHO.number(), 2, HELLO));
    peer.receive();

    // when
    net.parked.element().reply(Reply.ok(new byte[settings.maxFrameBytes()]));

    // then
    RawPeer.Received answer = peer.receive();
    assertThat(answer.header().code()).isEqualTo(ResponseCode.SYSTEM_ERROR.number());
    assertThat(answer.header().remark())
        .contains("too long", Integer.toString(settings.maxFrameBytes()), "ask for less");
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
    NettyRemotingServer server = net.server(settings());
    NettyRemotingClient client = net.client(clientRequests);
    net.call(client, server, ECHO, HELLO);

    // when
    net.peer()
        .notify(Request.of(
            RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, fields -> fields.put("consumerGroup", "cg")));
    Answer answer = net.peer()
        .call(Request.of(RequestCode.GET_CONSUMER_RUNNING_INFO, WireHeader.NONE), LONG)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);

    // then
    assertThat(answer.body()).isEqualTo(HELLO);
    assertThat(notified.get(5, TimeUnit.SECONDS)).isEqualTo("cg");
  }

  @Test
  void shouldRunTasksOnTheConnectionsLoop() throws Exception {
    NettyRemotingServer server = net.server(settings());
    net.call(net.client(RequestTable.of()), server, ECHO, HELLO);
    CompletableFuture<String> thread = new CompletableFuture<>();

    net.peer().execute(() -> thread.complete(Thread.currentThread().getName()));

    assertThat(thread.get(5, TimeUnit.SECONDS)).startsWith("escrowmq-net");
  }

  @Test
  void shouldServeASecondAddressAsTheFirstUntilItStopsAccepting() throws Exception {
    // given
    NettyRemotingServer server = net.server(settings());
    InetSocketAddress second;
    try (ServerSocket free = new ServerSocket(0, 1, server.address().getAddress())) {
      second = new InetSocketAddress(free.getInetAddress(), free.getLocalPort());
    }

    // when
    server.alsoListen(second);
    RawPeer peer = new RawPeer(second);
    net.closeLater(peer::close);
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));

    // then
    assertThat(peer.receive().body()).isEqualTo(HELLO);
    assertThatThrownBy(() -> server.alsoListen(second))
        .isInstanceOf(RemotingException.class)
        .hasMessageContaining(String.valueOf(second.getPort()));
    server.stopAccepting();
    await() // the system closes the socket a moment later
        .untilAsserted(
            () -> assertThatThrownBy(() -> new RawPeer(second)).isInstanceOf(IOException.class));
  }
}
