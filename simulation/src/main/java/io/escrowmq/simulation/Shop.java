package io.escrowmq.simulation;

import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.TransactionReceipt;
import io.escrowmq.client.TransactionalProducer;
import io.escrowmq.client.wiring.ClientSurroundings;
import io.escrowmq.client.wiring.ClusterClientBuilder;
import io.escrowmq.remoting.message.MessageId;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An application with EscrowMQ's own client, one of several processes: it sends, alone, in batches and in
 * transactions of both kinds, and gets each message of one topic three times: handled in no order, in order, and on its
 * board, as every process does.
 */
final class Shop {

  static final String TOPIC = Work.TOPICS.get(0);

  private static final int ONE_IN = 15; // messages is not handled at first
  private static final int MOST_TIMES = 16; // a message is delivered
  private static final Duration SEND_WITHIN = Duration.ofSeconds(1);

  private final String name;
  private final Cluster cluster;
  private final Ledger ledger;
  private final ShopBook book;
  private final Till till;
  private final ShopDatabase database;
  private @Nullable Producer producer;
  private @Nullable TransactionalProducer transactions;
  private @Nullable EscrowTransactions atTill;
  private final String nameServers;
  private int lives;

  Shop(
      String name,
      Cluster cluster,
      Ledger ledger,
      ShopBook book,
      Till till,
      ShopDatabase database) {
    this.name = name;
    this.cluster = cluster;
    this.ledger = ledger;
    this.book = book;
    this.till = till;
    this.database = database;
    this.nameServers = cluster.nameServers().stream()
        .map(server -> server.address)
        .collect(Collectors.joining(";"));
    book.opens(name);
  }

  /** Its machine is new, and it begins. */
  void start() {
    lives++;
    ClientSurroundings around = cluster.startShop(name, InetAddress.getLoopbackAddress(), lives);
    EscrowClient client = new ClusterClientBuilder(around)
        .nameServers(nameServers)
        .instance(name + "-" + lives)
        .build();
    producer = client.producer().build();
    transactions = client
        .transactionalProducer(ShopBook.GROUP, book)
        .sendTimeout(SEND_WITHIN)
        .build();
    atTill = client
        .transactions(database.of(name, this::crash))
        .group(Till.GROUP)
        .createTable()
        .build();
    var unused = List.of(
        consumer(client, "shop-consumers").handler(this::handle).start(),
        consumer(client, "shop-in-order").orderlyHandler(this::handleInOrder).start(),
        consumer(client, "shop-board")
            .broadcasting(book.file(name))
            .handler(this::show)
            .start());
    cluster.tell(name + " is open");
  }

  private static ConsumerBuilder consumer(EscrowClient client, String group) {
    return client
        .consumer(group)
        .subscribe(TOPIC)
        .startFrom(StartFrom.begin())
        .maxDeliveries(MOST_TIMES);
  }

  boolean isOpen() {
    return producer != null;
  }

  void crash() {
    cluster.tell("the machine of " + name + " crashes");
    cluster.crashShop(name);
    producer = null;
    transactions = null;
    atTill = null;
    database.crash(name);
    book.closed(name);
  }

  /** It crashes when this time has passed, whatever it is doing then. */
  void crashSoon(Duration time) {
    int life = lives;
    cluster.soon(time, () -> {
      if (isOpen() && life == lives) {
        crash();
      }
    });
  }

  private void handle(Delivery delivery) {
    cluster.guarded(() -> {
      Queue queue = queue(delivery.queue());
      ledger.handled(idOf(delivery), queue.broker(), delivery.topic());
    });
    failNowAndThen(delivery);
  }

  private void handleInOrder(Delivery delivery) {
    Queue queue = queue(delivery.queue());
    cluster.guarded(() -> {
      ledger.shown(
          idOf(delivery), queue.broker(), delivery.topic(), "the shop's client in order", 0);
      book.comesInOrder(queue, delivery.queueOffset());
    });
    failNowAndThen(delivery);
    book.isDoneInOrder(queue, delivery.queueOffset());
  }

  private void show(Delivery delivery) {
    cluster.guarded(() -> {
      Queue queue = queue(delivery.queue());
      Entry entry =
          ledger.shown(idOf(delivery), queue.broker(), delivery.topic(), "the shop's board", 0);
      book.isOnBoard(name, entry);
    });
  }

  private Queue queue(TopicQueue queue) {
    return new Queue(cluster.brokerOf(queue.brokerName()), queue.topic(), queue.queueId());
  }

  private static String idOf(Delivery delivery) {
    return new String(delivery.body(), StandardCharsets.UTF_8).split(" ", 2)[0];
  }

  private void failNowAndThen(Delivery delivery) {
    if (delivery.attempt() < 3 && cluster.draw(ONE_IN) == 0) {
      throw new IllegalStateException("the shop cannot handle it now");
    }
  }

  /** Sends so many messages, if it is open. */
  void send(int messages, int bodyBytes) {
    Producer sender = producer;
    if (sender == null) {
      return;
    }
    Shipment shipment =
        new Shipment(Entry.ANY, TOPIC, Entry.ANY, null, 0, messages, bodyBytes, true);
    List<Entry> entries = new ArrayList<>();
    List<Message> all = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      Entry entry = ledger.begin(shipment);
      entries.add(entry);
      all.add(message(entry, bodyBytes));
    }
    ledger.sentAgain(entries); // by the client, when it must
    cluster.tell(name + " sends the " + entries.get(0)
        + (messages == 1 ? "" : " and " + (messages - 1) + " more"));
    if (messages == 1) {
      var unused =
          sender.sendAsync(all.get(0)).thenAccept(receipt -> stored(entries, List.of(receipt)));
    } else {
      var unused = sender.sendBatchAsync(all).thenAccept(receipts -> stored(entries, receipts));
    }
  }

  static Message message(Entry entry, int bodyBytes) {
    return Message.to(entry.topic).key(entry.id).body(Wire.body(entry.id, bodyBytes));
  }

  /** Does a transaction and sends a message with it, if it is open. The sender waits, and others go on. */
  void transact(boolean commits, Deal.ReportTime reportTime, int bodyBytes) {
    TransactionalProducer sender = transactions;
    if (sender == null) {
      return;
    }
    Deal deal = book.begin(name, commits, reportTime);
    Shipment shipment = new Shipment(Entry.ANY, TOPIC, Entry.ANY, deal, 0, 1, bodyBytes, true);
    Entry entry = ledger.begin(shipment);
    ledger.sentAgain(List.of(entry)); // by the client, when it must
    cluster.tell(name + " begins " + deal + " with the " + entry);
    cluster.soonInShop(name, () -> {
      try {
        stored(deal, entry, sender.send(message(entry, bodyBytes), entry));
      } catch (EscrowException e) {
        cluster.tell(deal + " is not done: " + e.getMessage());
        book.isOver(deal);
      }
    });
  }

  /** Does a transaction at its till, with a message to each of these topics, if it is open. */
  void transactAtTill(boolean commits, List<String> topics, int bodyBytes) {
    if (atTill != null) {
      till.transact(name, atTill, commits, topics, bodyBytes);
    }
  }

  private void stored(Deal deal, Entry entry, TransactionReceipt receipt) {
    MessageId id = MessageId.parse(receipt.half().location());
    Queue queue = queue(receipt.half().queue());
    ledger.acknowledged(entry, queue, 0, id == null ? -1 : id.position());
    var unused = receipt.confirmation().whenComplete((isConfirmed, failure) -> {
      cluster.guarded(() -> {
        if (failure != null) {
          throw new Violation("a shop has done %s, and is told: %s".formatted(deal, failure));
        }
        if (isConfirmed) {
          cluster.tell("the end of " + deal + " is confirmed");
          deal.ended(deal.commits, "a confirmation", cluster.nanos());
        }
      });
    });
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
            queue(receipt.queue()),
            receipt.queueOffset(),
            id == null ? -1 : id.position());
      }
    });
  }
}
