package io.escrowmq.broker;

import io.escrowmq.broker.delay.DelayedMessages;
import io.escrowmq.broker.tx.Transactions;
import io.escrowmq.broker.visible.Release;
import io.escrowmq.broker.visible.StoredMessages;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A store with a random history, and what its log says that there is. */
final class StoreModel {

  static final List<String> TOPICS = List.of("orders", "payments");
  private static final int QUEUES = 2;

  /**
   * A message that consumers see.
   *
   * @param madeVisibleAt the position of the record that did
   * @param records from where to where those lie that it needs
   */
  record Visible(
      String topic,
      int queueId,
      long queueOffset,
      String body,
      long madeVisibleAt,
      List<long[]> records) {}

  private final TestStore store;
  private final Random random;
  private final TestEscrow escrow;
  private final List<Visible> visible = new ArrayList<>();
  private final TreeMap<Long, long[]> open = new TreeMap<>(); // half-messages, by id

  private StoreModel(TestStore store, Random random) {
    this.store = store;
    this.random = random;
    this.escrow = new TestEscrow(store);
  }

  /** Lives for a while; the store is still open afterwards. */
  static StoreModel of(TestStore store, Random random) {
    StoreModel model = new StoreModel(store, random);
    model.live();
    model.look();
    return model;
  }

  List<Visible> visible() {
    return visible;
  }

  /** Half-messages that nobody has decided: where their records lie. */
  Map<Long, long[]> open() {
    return open;
  }

  private void live() {
    TOPICS.forEach(topic -> store.createTopic(topic, QUEUES));
    int steps = 200 + random.nextInt(700);
    for (int i = 0; i < steps; i++) {
      String topic = TOPICS.get(random.nextInt(2));
      int queueId = random.nextInt(QUEUES);
      String body = "b" + i + "-".repeat(random.nextInt(400));
      int dice = random.nextInt(150);
      if (dice == 0) {
        store.writeState();
      } else if (dice == 1) {
        retain();
      } else if (dice < 10) {
        store.sync();
      } else if (dice < 25) {
        open.put(escrow.half(topic, queueId, body), new long[2]);
      } else if (dice < 38 && !open.isEmpty()) {
        decide();
      } else if (dice < 50) {
        store.sendDelayed(topic, queueId, body, 1 + random.nextInt(20));
      } else {
        store.send(topic, queueId, body);
      }
    }
    store.clock.advance(100);
    store.rule(recorder -> {}); // what is delayed is due
    store.rule(recorder -> {});
  }

  private void decide() {
    List<Long> ids = List.copyOf(open.keySet());
    long id = ids.get(random.nextInt(ids.size()));
    open.remove(id);
    if (random.nextInt(3) == 0) {
      escrow.rollBack(id);
    } else {
      escrow.commit(id);
    }
  }

  // What is in escrow would be recorded again before; here its segment stays.
  private void retain() {
    long most =
        Math.min(store.states.oldestPosition(), store.state.delays.delayed().oldestPosition());
    most = open.isEmpty() ? most : Math.min(most, open.firstKey());
    if (most > 0) {
      store.retain(random.nextLong(most) / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES);
    }
  }

  private void look() {
    Map<Long, String> bodies = new HashMap<>();
    store.state.store.log().scan(record -> {
      long[] own = range(record.position(), record.recordLength());
      if (open.containsKey(record.position())) {
        open.put(record.position(), own);
      }
      switch (record.kind()) {
        case MESSAGE -> {
          MessageView message =
              new MessageView().wrap(record.payload(), StoredMessages.messageAt(record));
          visible.add(new Visible(
              message.topic(),
              message.queueId(),
              message.queueOffset(),
              body(record),
              record.position(),
              List.of(own)));
        }
        case HALF, DELAYED -> bodies.put(record.position(), body(record));
        case DELIVERY -> add(DelayedMessages.releaseOf(record), bodies, own);
        case DECISION ->
          Transactions.releasesOf(record).forEach(release -> add(release, bodies, own));
        case CHECK, CONSUMER_OFFSETS, TOPIC, TOPIC_DELETED, GROUP, GROUP_DELETED -> {
          // nothing becomes visible
        }
      }
    });
  }

  private void add(Release release, Map<Long, String> bodies, long[] own) {
    String body = release == null ? null : bodies.get(release.position());
    if (body != null) { // not gone with an old segment
      visible.add(new Visible(
          release.topic(),
          release.queueId(),
          release.queueOffset(),
          body,
          own[0],
          List.of(range(release.position(), release.recordLength()), own)));
    }
  }

  private static long[] range(long position, int length) {
    return new long[] {position, position + length};
  }

  private static String body(LogRecord record) {
    MessageView message =
        new MessageView().wrap(record.payload(), StoredMessages.messageAt(record));
    return StandardCharsets.UTF_8.decode(message.body()).toString();
  }
}
