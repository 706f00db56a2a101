package io.escrowmq.simulation;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.wiring.ClientSurroundings;
import io.escrowmq.client.wiring.ClusterClientBuilder;
import io.escrowmq.remoting.message.MessageId;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application with EscrowMQ's own client: it sends, alone and in batches, and has each message of one
 * topic handled at least once, whatever happens to it and to the servers.
 */
final class Shop {

  static final String TOPIC = Work.TOPICS.get(0);

  private static final int ONE_IN = 15; // messages is not handled at first
  private static final int MOST_TIMES = 16; // a message is delivered

  private final Cluster cluster;
  private final Ledger ledger;
  private @Nullable Producer producer;
  private int lives;

  Shop(Cluster cluster, Ledger ledger) {
    this.cluster = cluster;
    this.ledger = ledger;
  }

  /** Its machine is new, and it begins. */
  void start() {
    lives++;
    ClientSurroundings around = cluster.startShop(InetAddress.getLoopbackAddress(), lives);
    EscrowClient client =
        new ClusterClientBuilder(around).nameServers(Cluster.NAMESRV).build();
    producer = client.producer().build();
    var unused = client
        .consumer("shop-consumers")
        .subscribe(TOPIC)
        .startFrom(StartFrom.begin())
        .maxDeliveries(MOST_TIMES)
        .handler(this::handle)
        .start();
    cluster.tell("the shop is open");
  }

  boolean isOpen() {
    return producer != null;
  }

  void crash() {
    cluster.tell("the shop's machine crashes");
    cluster.crashShop();
    producer = null;
  }

  private void handle(Delivery delivery) {
    String id = new String(delivery.body(), StandardCharsets.UTF_8).split(" ", 2)[0];
    cluster.guarded(() -> ledger.handled(id, delivery.topic()));
    if (delivery.attempt() < 3 && cluster.draw(ONE_IN) == 0) {
      throw new IllegalStateException("the shop cannot handle it now");
    }
  }

  void send(int messages, int bodyBytes) {
    Producer sender = producer;
    if (sender == null) {
      return;
    }
    Sending sending = new Sending(TOPIC, Entry.ANY_QUEUE, null, 0, messages, bodyBytes, true);
    List<Entry> entries = new ArrayList<>();
    List<Message> all = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      Entry entry = ledger.begin(sending);
      entries.add(entry);
      all.add(Message.to(TOPIC).key(entry.id).body(Wire.body(entry.id, bodyBytes)));
    }
    ledger.sentAgain(entries); // by the client, when it must
    cluster.tell("the shop sends the " + entries.get(0)
        + (messages == 1 ? "" : " and " + (messages - 1) + " more"));
    if (messages == 1) {
      var unused =
          sender.sendAsync(all.get(0)).thenAccept(receipt -> stored(entries, List.of(receipt)));
    } else {
      var unused = sender.sendBatchAsync(all).thenAccept(receipts -> stored(entries, receipts));
    }
  }

  private void stored(List<Entry> entries, List<SendReceipt> receipts) {
    cluster.guarded(() -> {
      for (int i = 0; i < receipts.size(); i++) {
        SendReceipt receipt = receipts.get(i);
        cluster.tell("the shop's " + entries.get(i) + " is acknowledged at "
            + receipt.queue().queueId() + "@" + receipt.queueOffset());
        MessageId id = MessageId.parse(receipt.location());
        ledger.acknowledged(
            entries.get(i),
            receipt.queue().queueId(),
            receipt.queueOffset(),
            id == null ? -1 : id.position());
      }
    });
  }
}
