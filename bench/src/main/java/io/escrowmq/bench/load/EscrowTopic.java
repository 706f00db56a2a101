package io.escrowmq.bench.load;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.StartFrom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One topic and the producer of EscrowMQ's own client that sends to it. Immutable, any thread. */
record EscrowTopic(EscrowClient client, Producer producer, String name) implements Target {
  private static final int PROBE_TIMEOUT_SECONDS = 1;

  @Override
  public String send() {
    return producer.send(message(BODY)).location();
  }

  /** Sends one message and waits a second for its acknowledgement. */
  void probe() throws Exception {
    producer
        .sendAsync(message(BODY))
        .toCompletableFuture()
        .get(PROBE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the outcome is told what became of it
  public void sendAsync(byte[] body, Outcome outcome) {
    producer.sendAsync(message(body)).whenComplete((receipt, failure) -> {
      if (failure == null) {
        outcome.acknowledged(receipt.location());
      } else {
        outcome.failed(failure);
      }
    });
  }

  @Override
  public String sendBatch(int size) {
    List<Message> batch = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      batch.add(message(BODY));
    }
    List<SendReceipt> receipts = producer.sendBatch(batch);
    return receipts.get(receipts.size() - 1).location();
  }

  @Override
  public AutoCloseable consume(Consumer<byte[]> each) {
    return client
        .consumer("bench-" + UUID.randomUUID())
        .subscribe(name)
        .startFrom(StartFrom.begin())
        .handler(delivery -> each.accept(delivery.body()))
        .start();
  }

  private Message message(byte[] body) {
    return Message.to(name).body(body);
  }
}
