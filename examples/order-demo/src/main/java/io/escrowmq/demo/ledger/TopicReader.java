package io.escrowmq.demo.ledger;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.demo.ledger.Books.Place;
import io.escrowmq.demo.ledger.Books.StoredMessage;
import io.escrowmq.demo.shop.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads topics from their beginning. Owner: whoever asks. */
public final class TopicReader {

  private static final Duration WAIT = Duration.ofMillis(200);

  private TopicReader() {}

  /** All messages of these queues, up to the end that they have when nobody sends any more. */
  public static List<StoredMessage> read(String nameServer, List<TopicQueue> queues) {
    List<StoredMessage> messages = new ArrayList<>();
    try (EscrowClient client = EscrowClient.builder().nameServers(nameServer).build();
        PullConsumer pull = client
            .pullConsumer("demo-ledger")
            .assign(queues)
            .startFrom(StartFrom.begin())
            .build()) {
      do {
        pull.poll(WAIT).forEach(delivery -> messages.add(message(delivery)));
      } while (queues.stream().anyMatch(queue -> pull.lag(queue) > 0));
    }
    return messages;
  }

  private static StoredMessage message(Delivery delivery) {
    return new StoredMessage(
        new Place(delivery.topic(), delivery.queue().queueId(), delivery.queueOffset()),
        delivery.messageId(),
        number(delivery, Shop.ORDER),
        number(delivery, Shop.CUSTOMER),
        number(delivery, Shop.NUMBER),
        String.valueOf(delivery.property(Shop.ATTEMPT)),
        Long.parseLong(String.valueOf(delivery.property(Shop.BEGUN))),
        delivery.storedAt().toEpochMilli());
  }

  private static int number(Delivery delivery, String property) {
    String value = delivery.property(property);
    return value == null ? -1 : Integer.parseInt(value);
  }
}
