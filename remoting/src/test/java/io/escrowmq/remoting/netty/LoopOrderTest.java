package io.escrowmq.remoting.netty;

import static io.escrowmq.remoting.netty.Loopback.COUNT;
import static io.escrowmq.remoting.netty.Loopback.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.simulated.SimulatedNetwork;
import io.escrowmq.runtime.Simulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the thread of an event loop sends arrives in its order, however much that is. */
class LoopOrderTest {

  private static final int LARGE = 1 << 20;
  private static final Duration LONG = Duration.ofSeconds(10);

  private final Simulator world = new Simulator(1);
  private final List<Integer> arrived = new ArrayList<>();
  private int sent;

  /** The server's end of a connection whose other end keeps the numbers that it is sent. */
  private NettyConnection connection() {
    SimulatedNetwork network = new SimulatedNetwork(world);
    CompletableFuture<NettyConnection> opened = new CompletableFuture<>();
    RequestTable requests =
        RequestTable.of(RequestTable.on(ECHO, HeaderReader.RAW, Permission.CONNECT, (call, h) -> {
          opened.complete((NettyConnection) call.connection());
          call.reply(Reply.ok());
        }));
    network
        .of(world.machine("server"))
        .server(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911),
            bound -> requests,
            RemotingSettings.forServer(1))
        .start();
    RequestTable keep = RequestTable.of(RequestTable.on(
        COUNT,
        fields -> fields.requiredInt("number"),
        Permission.CONNECT,
        (call, number) -> arrived.add(number)));
    var unused = network
        .of(world.machine("client"))
        .client(keep, RemotingSettings.forClient())
        .call("127.0.0.1:10911", Request.of(ECHO, WireHeader.NONE), LONG);
    world.run(Duration.ofSeconds(1));
    return opened.join();
  }

  private void send(NettyConnection connection, int bytes) {
    int number = sent++;
    connection.notify(
        new Request(COUNT, fields -> fields.put("number", number), Body.of(new byte[bytes])));
  }

  private void assertOrder() {
    world.run(LONG);
    assertThat(arrived).isEqualTo(IntStream.range(0, sent).boxed().toList());
    assertThat(world.failures()).isEmpty();
  }

  @Test
  void shouldNotOvertakeWhatWaitsBecauseTooMuchIsGathered() {
    NettyConnection connection = connection();

    connection.execute(() -> IntStream.range(0, 6).forEach(i -> send(connection, LARGE)));
    connection.loop().afterOthers(() -> send(connection, 1));

    assertOrder();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldKeepTheOrderWhateverTheTurnsAre(long seed) {
    NettyConnection connection = connection();
    Random random = new Random(seed);

    for (int turn = 0; turn < 12; turn++) {
      int[] bodies =
          random.ints(random.nextInt(8), 0, 2).map(large -> large * LARGE).toArray();
      Runnable work = () -> IntStream.of(bodies).forEach(bytes -> send(connection, bytes));
      if (random.nextBoolean()) {
        connection.execute(work);
      } else {
        connection.loop().afterOthers(work);
      }
    }

    assertOrder();
  }
}
