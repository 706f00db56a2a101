package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static io.escrowmq.remoting.netty.Loopback.HELLO;
import static io.escrowmq.remoting.netty.Loopback.PARK;
import static io.escrowmq.remoting.netty.Loopback.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Policy;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestCounts;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.frame.FrameHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is too busy for one kind of requests. */
class NettyBusyTest {

  private static final int CALLS = 300;

  @AutoClose
  private final Loopback net = new Loopback();

  private final AtomicInteger read = new AtomicInteger();
  private final RequestCounts counts = new RequestCounts(() -> 0);
  private volatile RequestTable.Admission rule =
      () -> Reply.refused(ResponseCode.SYSTEM_BUSY, "\"later\"");

  @ParameterizedTest
  @EnumSource(HeaderEncoding.class)
  void shouldAnswerEachRequestThatItRefusesUnreadAndGoOnWithTheOthers(HeaderEncoding encoding)
      throws Exception {
    // given
    NettyRemotingServer server = busyServer();
    RawPeer peer = net.raw(server);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      int code = i % 3 == 0 ? PARK.number() : ECHO.number();
      frames.add(RawPeer.frame(encoding, code, i, i % 5 == 1, HELLO)); // some wait for no answer
    }

    // when
    peer.send(frames.toArray(byte[][]::new));

    // then
    for (int i : IntStream.range(0, CALLS).filter(i -> i % 5 != 1).toArray()) {
      RawPeer.ReceivedFrame answer = peer.receive();
      assertThat(answer.encoding()).isEqualTo(encoding);
      assertThat(answer.header().opaque()).isEqualTo(i);
      assertThat(answer.header().isResponse()).isTrue();
      if (i % 3 == 0) {
        assertThat(answer.header().code()).isZero();
        assertThat(answer.body()).isEqualTo(HELLO);
      } else {
        assertThat(answer.header().code()).isEqualTo(ResponseCode.SYSTEM_BUSY.number());
        assertThat(answer.header().remark()).isEqualTo("\"later\"");
        assertThat(answer.body()).isEmpty();
      }
    }
    await().until(() -> server.counts().requests() == CALLS);
    assertThat(read).hasValue(0);
  }

  @Test
  void shouldTakeThemAgainWhenItIsNoLongerBusy() throws Exception {
    // given
    RawPeer peer = net.raw(busyServer());
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO));
    peer.receive();

    // when
    rule = RequestTable.Admission.ALWAYS;
    peer.send(RawPeer.request(ECHO.number(), 2, HELLO));

    // then
    assertThat(peer.receive().header().code()).isZero();
    assertThat(read).hasValue(1);
  }

  @Test
  void shouldRefuseAlsoWhatItHasToReadForThat() throws Exception {
    // given
    RawPeer peer = net.raw(busyServer());
    byte[] unusual =
        ("{\"code\":" + ECHO.number() + ", 'opaque' : 7}").getBytes(StandardCharsets.UTF_8);

    // when
    peer.send(RawPeer.frame(HeaderEncoding.JSON, unusual, new byte[0]));

    // then
    RawPeer.ReceivedFrame answer = peer.receive();
    assertThat(answer.header().code()).isEqualTo(ResponseCode.SYSTEM_BUSY.number());
    assertThat(answer.header().opaque()).isEqualTo(7);
    assertThat(read).hasValue(0);
  }

  /** Whatever flag, encoding and order its header has. */
  @Test
  void shouldRefuseRequestsAndNoAnswers() throws Exception {
    // given
    NettyRemotingServer server = busyServer();
    RawPeer peer = net.raw(server);
    Random random = new Random(3);
    List<Integer> waiting = new ArrayList<>();
    int sent = 0;

    // when
    for (int opaque = 0; opaque < CALLS; opaque++) {
      int flag = random.nextInt(4);
      sent += (flag & 1) == 0 ? 1 : 0;
      if (flag == 0) {
        waiting.add(opaque);
      }
      peer.send(flagged(random, flag, opaque));
    }

    // then
    for (int opaque : waiting) {
      FrameHeader answer = peer.receive().header();
      assertThat(answer.opaque()).isEqualTo(opaque);
      assertThat(answer.code()).isEqualTo(ResponseCode.SYSTEM_BUSY.number());
    }
    int requests = sent;
    await().until(() -> server.counts().requests() >= requests);
    peer.send(RawPeer.request(PARK.number(), CALLS, HELLO)); // all before it was looked at
    assertThat(peer.receive().header().opaque()).isEqualTo(CALLS);
    assertThat(server.counts().requests()).isEqualTo(requests + 1);
    assertThat(counts.refusedRequests()).isEqualTo(requests);
  }

  private static byte[] flagged(Random random, int flag, int opaque) {
    String fields = ",\"extFields\":{\"a\":\"" + "x".repeat(random.nextInt(300)) + "\"}";
    String rest = ",\"flag\":" + flag + ",\"opaque\":" + opaque;
    String code = "{\"code\":" + ECHO.number();
    return switch (random.nextInt(4)) {
      case 0 -> json(code + fields + rest + "}");
      case 1 -> json(code + rest + fields + "}");
      case 2 -> json(code + fields + rest + ", 'more':1}"); // which has to be read
      default ->
        RawPeer.frame(
            HeaderEncoding.BINARY,
            ByteBuffer.allocate(21)
                .putShort((short) ECHO.number())
                .put(new byte[3])
                .putInt(opaque)
                .putInt(flag)
                .array(),
            HELLO);
    };
  }

  private static byte[] json(String header) {
    return RawPeer.frame(HeaderEncoding.JSON, header.getBytes(StandardCharsets.UTF_8), HELLO);
  }

  @Test
  void shouldTellWhoAsksThatARuleFailsAndServeAllOthers() throws Exception {
    // given
    NettyRemotingServer server = busyServer();
    RawPeer peer = net.raw(server);
    rule = () -> {
      throw new IllegalStateException("as the test wants");
    };

    // when
    peer.send(
        RawPeer.request(PARK.number(), 1, HELLO),
        RawPeer.request(ECHO.number(), 2, HELLO),
        json("{\"code\":" + ECHO.number() + ",\"flag\":1,\"opaque\":0}"),
        RawPeer.request(PARK.number(), 3, HELLO));

    // then
    assertThat(peer.receive().header().code()).isZero();
    FrameHeader failed = peer.receive().header();
    assertThat(failed.opaque()).isEqualTo(2);
    assertThat(failed.code()).isEqualTo(ResponseCode.SYSTEM_ERROR.number());
    assertThat(failed.remark())
        .isEqualTo("the handler of SEND_MESSAGE failed: IllegalStateException");
    assertThat(peer.receive().header().opaque()).isEqualTo(3);
    assertThat(server.counts().failedHandlers()).isEqualTo(1);
  }

  @Test
  void shouldTellWhoAsksThatARefusalCannotBeWrittenAndServeAllOthers() throws Exception {
    // given
    NettyRemotingServer server = busyServer();
    RawPeer peer = net.raw(server);
    WireHeader unwritable = fields -> {
      throw new IllegalStateException("as the test wants");
    };
    rule = () -> new Reply(ResponseCode.SYSTEM_BUSY, null, unwritable, Body.EMPTY);

    // when
    peer.send(RawPeer.request(ECHO.number(), 1, HELLO), RawPeer.request(PARK.number(), 2, HELLO));

    // then
    FrameHeader failed = peer.receive().header();
    assertThat(failed.opaque()).isEqualTo(1);
    assertThat(failed.code()).isEqualTo(ResponseCode.SYSTEM_ERROR.number());
    assertThat(failed.remark()).contains("could not be written");
    assertThat(peer.receive().body()).isEqualTo(HELLO);
  }

  private NettyRemotingServer busyServer() {
    RequestTable requests = RequestTable.of(
            RequestTable.on(
                    ECHO,
                    call -> read.incrementAndGet(),
                    Permission.CONNECT,
                    (call, header) -> call.reply(Reply.ok()))
                .admittedBy(() -> rule.refusal()),
            RequestTable.on(
                PARK,
                HeaderReader.RAW,
                Permission.CONNECT,
                (call, header) -> call.reply(Reply.ok(fields -> {}, Body.of(call.bodyBytes())))))
        .behind(Gate.of(Policy.forAll(Permission.ALL), counts));
    NettyRemotingServer server = Loopback.server(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), requests, settings());
    net.closeLater(server::close);
    server.start();
    return server;
  }
}
