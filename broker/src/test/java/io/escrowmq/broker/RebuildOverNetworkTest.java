package io.escrowmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.TestNetwork;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A consumer on a real network pulls from a queue while that is made again. */
class RebuildOverNetworkTest {

  private static final Path QUEUES = Path.of("/data/queues");
  private static final int MESSAGES = 600; // two chunks, and some in memory
  private static final int IN_MEMORY_FROM = 512;

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);

  @AutoClose
  private final BrokerCalls calls = new BrokerCalls();

  @Test
  void shouldRefuseWhatIsBeingMadeAgainServeTheRestAndThenAll() {
    // given: a broker whose disk takes nothing for queues, so that it goes on making them again
    try (Broker broker = broker()) {
      broker.start();
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(send(broker, "m" + i).isOk()).isTrue();
      }
    }
    files.list(QUEUES).forEach(name -> files.flipBit(QUEUES.resolve(name), 100, 1));
    files.fault((operation, file) -> {
      if (operation == Operation.WRITE && file.startsWith(QUEUES)) {
        throw new StorageException(Reason.IO, "no write for now to " + file);
      }
    });
    try (Broker broker = broker()) {
      broker.start();

      // when // then: what is damaged is refused, again and again, and nothing is passed over
      for (int i = 0; i < 20; i++) {
        Answer refused = calls.pull(broker, "readers", 0, 0);
        assertThat(ResponseCode.of(refused.code())).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
        assertThat(refused.remark()).contains("is being made again", "try again");
      }
      assertThat(bodies(calls.pull(broker, "readers", 0, IN_MEMORY_FROM)))
          .startsWith("m512", "m513");

      // when: the disk is mended
      files.fault((operation, file) -> {});

      // then: the same pull is answered, and all that follow
      long until = System.nanoTime() + BrokerCalls.PATIENCE.toNanos();
      Answer first = calls.pull(broker, "readers", 0, 0);
      while (!first.isOk() && System.nanoTime() < until) {
        first = calls.pull(broker, "readers", 0, 0);
      }
      List<String> all = new ArrayList<>(bodies(first));
      while (all.size() < MESSAGES) {
        all.addAll(bodies(calls.pull(broker, "readers", 0, all.size())));
      }
      assertThat(all)
          .isEqualTo(IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList());
    }
  }

  private static List<String> bodies(Answer pulled) {
    assertThat(pulled.isOk()).as("%d: %s", pulled.code(), pulled.remark()).isTrue();
    List<String> bodies = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(pulled.body());
    while (rest.hasRemaining()) {
      int size = rest.getInt(rest.position());
      MessageView message = MessageView.of(rest.slice(rest.position(), size));
      bodies.add(UTF_8.decode(message.body()).toString());
      rest.position(rest.position() + size);
    }
    return bodies;
  }

  private Answer send(Broker broker, String body) {
    WireHeader header = new SendMessageHeader(
        "senders", "orders", "TBW102", 1, 0, 0, 1, 0, "", 0, false, -1, false);
    return calls
        .call(
            broker, new Request(RequestCode.SEND_MESSAGE_V2, header, Body.of(body.getBytes(UTF_8))))
        .join();
  }

  private Broker broker() {
    return new Broker(
        new TestSettings().queues(1).build(),
        new Machine<>(files, TestNetwork.REAL, TestMachine.REAL));
  }
}
