package io.escrowmq.remoting.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.frame.HeaderBuffer;
import io.escrowmq.remoting.frame.HeaderMark;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Whatever bytes come over one connection, those of others are answered. */
class FramesFuzzTest extends FuzzContract {

  private static final Duration LONG = Duration.ofSeconds(10);

  @Override
  protected int rounds() {
    return 500;
  }

  @Override
  protected List<FuzzTarget> targets() {
    byte[] json = frame(HeaderEncoding.JSON, false);
    byte[] oneWay = frame(HeaderEncoding.BINARY, true);
    return List.of(FuzzTarget.of("frames", FramesFuzzTest::send)
        .reading(json)
        .reading(ByteBuffer.allocate(json.length + oneWay.length)
            .put(oneWay)
            .put(json)
            .array())
        .taking(16 << 20, 2_000));
  }

  private static void send(byte[] input) throws IOException {
    TwoMachines two = new TwoMachines(1);
    RemotingServer server = two.start();
    InetSocketAddress address = server.address();
    two.network.host(two.client).connect(address, socket -> socket.send(input), failure -> {
      throw new AssertionError(failure);
    });
    two.world.run(LONG);
    two.call("of another", LONG);
    two.world.run(Duration.ofSeconds(1));
    assertThat(two.ends).containsExactly("of another 0");
    assertThat(two.world.failures()).isEmpty();
    assertThat(server.counts().openConnections()).isLessThanOrEqualTo(2);
    server.close();
  }

  private static byte[] frame(HeaderEncoding encoding, boolean oneWay) {
    HeaderBuffer header = new HeaderBuffer();
    header.writeRequest(
        encoding, TwoMachines.ECHO.number(), 7, oneWay, fields -> fields.put("topic", "T"));
    return ByteBuffer.allocate(8 + header.size() + 4)
        .putInt(4 + header.size() + 4)
        .putInt(HeaderMark.of(encoding, header.size()))
        .put(header.bytes(), 0, header.size())
        .putInt(0x01020304)
        .array();
  }
}
