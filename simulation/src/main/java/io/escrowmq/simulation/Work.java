package io.escrowmq.simulation;

import io.escrowmq.simulation.Deal.ReportTime;
import io.escrowmq.simulation.Producer.Manner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What clients do, from step to step. */
final class Work {

  static final List<String> TOPICS = List.of("orders", "stock");
  static final String FLEETING = "fleeting";

  private static final List<String> CONSUMER_GROUPS = List.of("shop", "audit");
  private static final int GROUPS = 2;
  private static final int PRODUCERS_OF_GROUP = 2;
  private static final int WITNESSES = 2;
  private static final int MOST_OF_DEAL = 4;
  private static final int MOST_OF_BATCH = 20;
  private static final int LARGE_BODY = 60_000;
  private static final int USUAL_BODY = 6_000;
  private static final int SMALL_BODY = 500;
  private static final int LOOKS = 3;
  private static final int LOOK_WITHIN_MICROS = 20_000;
  private static final int REMEMBERED = 200; // of the latest messages: what is looked at mostly
  private static final Duration BEAT_EVERY = Duration.ofSeconds(10);

  private static final List<Integer> DELAY_LEVELS = List.of(1, 1, 2, 3, 4, 5); // 1 s to a minute
  private static final List<Manner> MANNERS = List.of(Manner.values());

  private record Member(String name, ProducerGroup group, Producer producer) {}

  private record MemberOn(int broker, Member member) {}

  private final Cluster cluster;
  private final Ledger ledger;
  private final List<Shop> shops;
  private final boolean isHeavy;
  private final boolean remembersFew;
  private final List<ProducerGroup> groups = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final List<Witness> witnesses = new ArrayList<>();
  private final List<Consumer> consumers = new ArrayList<>();
  private final Admin admin;
  private final int brokers;
  private @Nullable Reader reader;
  private final Map<MemberOn, Entry> last = new HashMap<>(); // that each sends when nothing fails

  Work(Cluster cluster, Ledger ledger, List<Shop> shops, Conditions conditions) {
    this.shops = shops;
    this.cluster = cluster;
    this.ledger = ledger;
    this.isHeavy = conditions.isHeavy();
    this.remembersFew = conditions.remembersFew();
    this.admin = new Admin(cluster, ledger);
    this.brokers = cluster.brokers().size();
    List<Queue> queues = new ArrayList<>();
    for (int broker = 0; broker < brokers; broker++) {
      queues.addAll(queues(broker));
    }
    for (String name : CONSUMER_GROUPS) {
      Group group = new Group(name, cluster, conditions);
      consumers.add(new Consumer(group, cluster, ledger, queues));
    }
  }

  Admin admin() {
    return admin;
  }

  // Those that are there, or soon will be.
  private List<Queue> queues(int broker) {
    List<Queue> queues = new ArrayList<>();
    for (String topic : TOPICS) {
      for (int queue = 0; queue < admin.queuesOf(broker, topic); queue++) {
        queues.add(new Queue(broker, topic, queue));
      }
    }
    return queues;
  }

  void begin() {
    for (int i = 0; i < GROUPS; i++) {
      ProducerGroup group = new ProducerGroup("producers-" + (char) ('a' + i));
      groups.add(group);
      for (int j = 0; j < PRODUCERS_OF_GROUP; j++) {
        String name = group.name + j;
        Member member = new Member(name, group, new Producer(name, group, cluster, ledger));
        members.add(member);
        beat(member);
      }
    }
    for (int i = 0; i < WITNESSES; i++) {
      witnesses.add(new Witness("witness-" + i, cluster, ledger));
    }
    readOn();
    consumers.forEach(Consumer::beat);
    consumers.forEach(Consumer::begin);
  }

  /** Something was lost: all is read again, and these transactions may be open. */
  void goOn(List<Deal> open) {
    readOn();
    for (Deal deal : open) {
      groups.stream()
          .filter(group -> group.name.equals(deal.group))
          .forEach(group -> group.met(deal));
    }
  }

  // From the beginning, and then what comes.
  private void readOn() {
    if (reader != null) {
      reader.stop();
    }
    Reader next = new Reader("reader", cluster, ledger, true);
    reader = next;
    for (int broker = 0; broker < brokers; broker++) {
      queues(broker).forEach(queue -> next.read(queue, 0));
      next.read(new Queue(broker, FLEETING, 0), 0);
    }
  }

  private void readAlso(Queue queue) {
    if (reader != null) {
      reader.read(queue, 0); // from when it is there
    }
  }

  private void beat(Member member) {
    member.producer.beat();
    cluster.after(member.name, BEAT_EVERY, () -> beat(member));
  }

  void step(Random random) {
    Member member = members.get(random.nextInt(members.size()));
    int what = random.nextInt(100);
    if (what < 35) {
      send(random, member, 0).forEach(entry -> look(random, entry));
    } else if (what < 40) {
      send(random, member, DELAY_LEVELS.get(random.nextInt(DELAY_LEVELS.size())));
    } else if (what < 55) {
      begin(random, member);
    } else if (what < 75) {
      decide(random, member);
    } else if (what < 77) {
      admin.changeTopics(random, this::readAlso);
    } else if (what < 80) {
      shops
          .get(random.nextInt(shops.size()))
          .transact(random.nextInt(3) > 0, reportTime(random), bytes(random));
    } else if (what < 86) {
      List<String> topics = new ArrayList<>();
      for (int i = random.nextInt(1 + random.nextInt(MOST_OF_DEAL)); i >= 0; i--) {
        topics.add(TOPICS.get(random.nextInt(TOPICS.size())));
      }
      shops
          .get(random.nextInt(shops.size()))
          .transactAtTill(random.nextInt(3) > 0, topics, bytes(random));
    } else if (what < 90) {
      Shop shop = shops.get(random.nextInt(shops.size()));
      int messages = random.nextInt(4) == 0 ? 2 + random.nextInt(MOST_OF_BATCH) : 1;
      shop.send(messages, bytes(random) / messages);
    } else if (what < 91) {
      Consumer consumer = consumers.get(random.nextInt(consumers.size()));
      consumer.begin();
    } else if (ledger.sent() > 0) {
      look(random, any(random));
    }
  }

  private List<Entry> send(Random random, Member member, int delayLevel) {
    int broker = random.nextInt(brokers);
    String topic = random.nextInt(30) == 0 ? FLEETING : TOPICS.get(random.nextInt(TOPICS.size()));
    int queue = topic.equals(FLEETING) ? 0 : random.nextInt(Settings.QUEUES);
    boolean isBatch = delayLevel == 0 && random.nextInt(8) == 0;
    int messages = isBatch ? 2 + random.nextInt(MOST_OF_BATCH) : 1;
    int bytes = bytes(random) / messages;
    boolean isOnce = random.nextInt(3) > 0 && !topic.equals(FLEETING); // it may come too late
    return member.producer.send(
        new Shipment(broker, topic, queue, null, delayLevel, messages, bytes, isOnce));
  }

  private int bytes(Random random) {
    int usual = isHeavy ? USUAL_BODY : SMALL_BODY;
    return random.nextInt(random.nextInt(40) == 0 ? LARGE_BODY : usual);
  }

  private void begin(Random random, Member member) {
    int messages = random.nextInt(3) == 0 ? 1 + random.nextInt(MOST_OF_DEAL) : 1;
    boolean isNamed = messages > 1 || random.nextBoolean();
    Deal deal = member.group.begin(
        random.nextInt(brokers), random.nextInt(3) > 0, isNamed, reportTime(random));
    for (int i = 0; i < messages; i++) {
      String topic = TOPICS.get(random.nextInt(TOPICS.size()));
      int queue = random.nextInt(Settings.QUEUES);
      boolean isBatch = isNamed && random.nextInt(3) == 0;
      int inBatch = isBatch ? 2 + random.nextInt(MOST_OF_BATCH) : 1;
      int bytes = bytes(random) / inBatch;
      boolean isOnce = random.nextInt(3) > 0 && !remembersFew; // else it is another transaction
      member.producer.send(
          new Shipment(deal.broker, topic, queue, deal, 0, inBatch, bytes, isOnce));
    }
  }

  private static ReportTime reportTime(Random random) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> ReportTime.WHEN_ASKED;
      case 2 -> ReportTime.LATE;
      default -> ReportTime.SOON;
    };
  }

  private void decide(Random random, Member member) {
    Deal deal = member.group.any(random);
    if (deal == null) {
      return;
    }
    if (random.nextInt(20) == 0) {
      Member stranger = members.get(random.nextInt(members.size()));
      if (stranger.group != member.group) {
        stranger.producer.meddle(deal, random.nextBoolean());
        return;
      }
    }
    boolean isConfused = random.nextInt(10) == 0;
    Manner manner = MANNERS.get(random.nextInt(MANNERS.size()));
    member.producer.report(deal, deal.commits != isConfused, manner);
    deal.entries.forEach(entry -> look(random, entry));
  }

  private Entry any(Random random) {
    List<Entry> all = ledger.entries();
    int among = random.nextInt(4) == 0 ? all.size() : Math.min(all.size(), REMEMBERED);
    return all.get(all.size() - 1 - random.nextInt(among));
  }

  /** Has others look at a message, at moments that are near. */
  private void look(Random random, Entry entry) {
    for (int i = random.nextInt(LOOKS); i > 0; i--) {
      Witness witness = witnesses.get(random.nextInt(WITNESSES));
      int way = random.nextInt(3);
      cluster.after(
          "witness",
          Duration.ofNanos(1_000L * random.nextInt(LOOK_WITHIN_MICROS)),
          () -> look(witness, way, entry));
    }
  }

  private static void look(Witness witness, int way, Entry entry) {
    if (way == 0) {
      witness.view(entry);
    } else {
      witness.query(entry, way == 1);
    }
  }

  /** Reports each transaction rightly whose end nobody was told, until somebody is. */
  void finish(Random random) {
    groups.forEach(ProducerGroup::tellAll);
    for (Member member : members) {
      for (Deal deal : member.group.open()) {
        Manner manner = deal.isNamed ? Manner.BY_NAME : Manner.ANSWERED;
        if (random.nextBoolean()) {
          member.producer.report(deal, deal.commits, manner);
        }
      }
    }
  }

  /** Has each producer send something to each broker, and again while it is not answered. */
  void sendLast() {
    for (Member member : members) {
      for (int broker = 0; broker < brokers; broker++) {
        MemberOn on = new MemberOn(broker, member);
        Entry before = last.get(on);
        if (before == null || !before.isAcknowledged) {
          Shipment shipment = new Shipment(broker, TOPICS.get(0), 0, null, 0, 1, SMALL_BODY, true);
          last.put(on, member.producer.send(shipment).get(0));
        }
      }
    }
  }

  /** A producer whom a broker does not answer; null when there is none. */
  @Nullable
  String unanswered() {
    for (Member member : members) {
      for (int broker = 0; broker < brokers; broker++) {
        Entry entry = last.get(new MemberOn(broker, member));
        if (entry == null || !entry.isAcknowledged) {
          return cluster.broker(broker).name + " does not answer " + member.name;
        }
      }
    }
    return null;
  }

  /** Reads all queues of a broker from their beginning, or so far before their end, once. */
  Reader audit(int broker, String name, long behindEnd) {
    Reader reader = new Reader(name, cluster, ledger, false);
    for (Queue queue : queues(broker)) {
      long end = ledger.end(queue);
      if (queue.queueId() < Settings.QUEUES || end > 0) { // else it may not be there
        reader.read(queue, Math.max(0, end - behindEnd));
      }
    }
    return reader;
  }

  /** Consumers report where they are. */
  void reportAll() {
    consumers.forEach(Consumer::reportAll);
  }

  /** What consumers reported by then is in the log: they begin again with that. */
  void beginAgain(long recordedNanos) {
    consumers.forEach(consumer -> consumer.isRecorded(recordedNanos));
    consumers.forEach(Consumer::begin);
  }

  /** Whether all consumers know where their groups are. */
  boolean areConsumersThere() {
    return consumers.stream().allMatch(Consumer::isThere);
  }

  /** Looks at so many messages that were shown before. */
  void lookBack(Random random, int count) {
    for (int i = 0; i < count && ledger.sent() > 0; i++) {
      look(witnesses.get(random.nextInt(WITNESSES)), random.nextInt(3), any(random));
    }
  }
}
