package io.escrowmq.remoting.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers and raw peers of one test, on the loopback address. Closes what it opened. */
final class Loopback implements AutoCloseable {

  // ECHO answers the body, PARK keeps the call, COUNT counts one-way requests, and BIG
  // answers 64 KiB.
  static final RequestCode ECHO = RequestCode.SEND_MESSAGE;
  static final RequestCode PARK = RequestCode.PULL_MESSAGE;
  static final RequestCode COUNT = RequestCode.UPDATE_CONSUMER_OFFSET;
  static final RequestCode BIG = RequestCode.VIEW_MESSAGE_BY_ID;

  static final byte[] HELLO = "hello".getBytes(UTF_8);

  final Queue<Call> parked = new ConcurrentLinkedQueue<>();
  final AtomicInteger oneWays = new AtomicInteger();
  final AtomicInteger released = new AtomicInteger(); // bodies of counted() and zeros()

  private final List<Closeable> opened = new ArrayList<>();

  final RequestTable requests = RequestTable.of(
      RequestTable.on(ECHO, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        call.reply(Reply.ok(fields -> fields.put("v", call.version()), Body.of(call.bodyBytes())));
      }),
      RequestTable.on(PARK, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        parked.add(call);
      }),
      RequestTable.on(COUNT, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        oneWays.incrementAndGet();
        call.reply(Reply.ok());
      }),
      RequestTable.on(BIG, HeaderReader.RAW, Permission.CONNECT, (call, header) -> {
        call.reply(Reply.ok(WireHeader.NONE, zeros(64 << 10)));
      }));

  static RemotingSettings settings() {
    return RemotingSettings.forServer(2);
  }

  static RemotingSettings withMaxPending(int maxPending) {
    return new RemotingSettings(
        1,
        16 << 20,
        Duration.ofMinutes(1),
        Duration.ofMinutes(1),
        1 << 20,
        64 << 20,
        RemotingSettings.NO_BOUND,
        10,
        maxPending,
        HeaderEncoding.JSON);
  }

  /** A server that is not started, and that the test closes. */
  static NettyRemotingServer server(
      InetSocketAddress listen, RequestTable requests, RemotingSettings settings) {
    return new NettyRemotingServer(
        listen,
        address -> requests,
        settings,
        new NettyLoops(new SystemSockets("escrowmq-net", settings.eventLoops())));
  }

  NettyRemotingServer server(RemotingSettings settings) {
    NettyRemotingServer server =
        server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), requests, settings);
    opened.add(server::close);
    server.start();
    return server;
  }

  static RemotingSettings withMaxConnections(int most) {
    return new RemotingSettings(
        1,
        16 << 20,
        Duration.ofMinutes(1),
        Duration.ofMinutes(1),
        1 << 20,
        64 << 20,
        RemotingSettings.NO_BOUND,
        most,
        100,
        HeaderEncoding.JSON);
  }

  RawPeer raw(NettyRemotingServer server) throws IOException {
    return raw(server, "127.0.0.1");
  }

  RawPeer raw(NettyRemotingServer server, String from) throws IOException {
    RawPeer peer = new RawPeer(server.address(), from);
    opened.add(peer::close);
    return peer;
  }

  void closeLater(Closeable one) {
    opened.add(one);
  }

  Body counted() {
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

  Body zeros(int length) {
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

  @Override
  public void close() throws IOException {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }
}
