package io.escrowmq.bench;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.netty.NettyNetwork;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fills a broker: topics, half-messages that nobody decides, and plain messages between them. Owner: one thread. */
final class LargeStore implements AutoCloseable {
  private static final int WINDOW = 512;
  private static final int HALF_MESSAGE = 4; // the system flag of messages that wait for a decision
  private static final int HALF_BYTES = 100;
  private static final String TEMPLATE_TOPIC = "TBW102";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RemotingClient client =
      new NettyNetwork().client(RequestTable.of(), RemotingSettings.forClient());
  private final String broker;
  private final byte[] body;
  private final byte[] halfBody = new byte[HALF_BYTES];
  private final Semaphore window = new Semaphore(WINDOW);
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final AtomicLong numbers = new AtomicLong();

  LargeStore(String broker, int bodyBytes) {
    this.broker = broker;
    this.body = new byte[bodyBytes];
  }

  /** Sends to all topics in turn, with half-messages evenly between, until all are there. */
  void fill(int topics, long messages, long halves) throws InterruptedException {
    long sent = 0;
    for (long i = 0; i < messages; i++) {
      send(topic(i % topics), 0, body);
      for (; sent * messages < (i + 1) * halves; sent++) {
        send(topic(sent % topics), HALF_MESSAGE, halfBody);
      }
    }
    window.acquire(WINDOW);
    window.release(WINDOW);
    check();
  }

  private static String topic(long number) {
    return "restart-" + number;
  }

  /** Sends one; true when it was acknowledged. */
  boolean isAccepting() {
    try {
      return client
          .call(broker, request(topic(0), 0, halfBody), Duration.ofSeconds(1))
          .toCompletableFuture()
          .join()
          .isOk();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private void send(String topic, int flag, byte[] bytes) throws InterruptedException {
    check();
    window.acquire();
    client.call(broker, request(topic, flag, bytes), PATIENCE).whenComplete((answer, e) -> {
      if (e != null || !answer.isOk()) {
        failure.compareAndSet(null, e == null ? told(answer) : e.toString());
      }
      window.release();
    });
  }

  private static String told(Answer answer) {
    return answer.code() + ": " + answer.remark();
  }

  private void check() {
    String why = failure.get();
    if (why != null) {
      throw new IllegalStateException("a send failed: " + why);
    }
  }

  private Request request(String topic, int flag, byte[] bytes) {
    String unique = "UNIQ_KEY\u0001restart" + numbers.incrementAndGet() + "\u0002";
    String properties =
        flag == 0 ? unique : unique + "TRAN_MSG\u0001true\u0002PGROUP\u0001restart-group\u0002";
    return new Request(
        RequestCode.SEND_MESSAGE_V2,
        new SendMessageHeader(
            "restart-group",
            topic,
            TEMPLATE_TOPIC,
            4,
            0,
            flag,
            System.currentTimeMillis(),
            0,
            properties,
            0,
            false,
            -1,
            false),
        Body.of(bytes));
  }

  @Override
  public void close() {
    client.close();
  }
}
