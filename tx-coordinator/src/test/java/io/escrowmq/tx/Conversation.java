package io.escrowmq.tx;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Plays the part of a broker around a coordinator: a clock by hand, a log that is a list, producers
 * that are a word. What it does is told in lines. Commands:
 *
 * <pre>
 * settings first=6s every=10s max-pause=10m checks=15 halves=N group-halves=N bytes=N group-bytes=N
 * half ID [group=G] [name=N] [first=D] [bytes=N]
 * report ID|name=N commit|rollback|unknown [group=G] [check] [halves=N]
 * order ID commit|rollback
 * recheck ID
 * move ID
 * producer G comes|goes            everybody's producers are here at the start
 * advance D
 * restart                          a new coordinator reads the whole log
 * restore                          a new coordinator reads an image
 * show ID
 * </pre>
 */
final class Conversation {

  private static final String GROUP = "orders";

  private final List<String> told = new ArrayList<>();
  private final List<Consumer<TransactionCoordinator>> log = new ArrayList<>();
  private final Map<String, Long> ids = new HashMap<>();
  private final Map<Long, String> names = new HashMap<>();
  private final Set<String> gone = new HashSet<>();
  private CheckSchedule schedule = new CheckSchedule(6_000, 10_000, 600_000, 15);
  private Bounds bounds = Bounds.NONE;
  private TransactionCoordinator coordinator = new TransactionCoordinator(schedule, bounds, 1);
  private long nowMillis;
  private long position = 1000;

  /** Does what the line says; answers what came of it. */
  List<String> say(String line) {
    told.clear();
    String[] words = line.trim().split("\\s+", -1);
    Map<String, String> options = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        options.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    List<String> plain =
        Arrays.stream(words).filter(word -> !word.contains("=")).toList();
    switch (plain.get(0)) {
      case "settings" -> settings(options);
      case "half" -> half(plain.get(1), options);
      case "report" -> report(plain, options);
      case "order" -> order(plain);
      case "recheck" -> recheck(id(plain.get(1)));
      case "move" -> move(id(plain.get(1)));
      case "producer" -> producer(plain.get(1), plain.get(2).equals("comes"));
      case "advance" -> advance(millis(plain.get(1)));
      case "restart" -> coordinator = rebuilt();
      case "restore" -> coordinator = restored();
      case "show" -> show(id(plain.get(1)));
      default -> throw new IllegalArgumentException("what is '" + line + "'?");
    }
    return List.copyOf(told);
  }

  private void settings(Map<String, String> options) {
    schedule = new CheckSchedule(
        millis(options.getOrDefault("first", "6s")),
        millis(options.getOrDefault("every", "10s")),
        millis(options.getOrDefault("max-pause", "10m")),
        Integer.parseInt(options.getOrDefault("checks", "15")));
    bounds = new Bounds(
        number(options, "halves"),
        number(options, "bytes"),
        number(options, "group-halves"),
        number(options, "group-bytes"));
    coordinator = rebuilt();
  }

  private void half(String word, Map<String, String> options) {
    String group = options.getOrDefault("group", GROUP);
    String name = options.get("name");
    int bytes = (int) Math.min(1000, number(options, "bytes"));
    Admission admission = coordinator.onHalves(group, name, 1, bytes);
    if (admission instanceof Admission.Full full) {
      tell("answer full: " + full.limit() + " " + full.held() + " of " + full.most());
      return;
    }
    if (admission instanceof Admission.TooLate late) {
      tell("answer too late: " + inWords(late.decision()));
      return;
    }
    long id = position;
    position += 8;
    ids.put(word, id);
    names.put(id, word);
    long leader = admission instanceof Admission.Joins joins ? joins.leader() : id;
    long first = nowMillis
        + (options.containsKey("first") ? millis(options.get("first")) : schedule.firstMillis());
    Half half = new Half(id, leader, leader == id ? name : null, group, bytes, nowMillis, first);
    record(
        "HALF " + word + (leader == id ? "" : " with " + names.get(leader)), it -> it.apply(half));
    tell("answer ok");
  }

  private void report(List<String> plain, Map<String, String> options) {
    String group = options.getOrDefault("group", GROUP);
    boolean isNamed = options.containsKey("name");
    Outcome outcome = Outcome.valueOf(plain.get(isNamed ? 1 : 2).toUpperCase(Locale.ROOT));
    Ruling ruling = isNamed
        ? coordinator.onReport(
            group,
            options.get("name"),
            Integer.parseInt(options.getOrDefault("halves", "0")),
            outcome)
        : coordinator.onReport(id(plain.get(1)), group, outcome);
    follow(ruling, plain.contains("check") ? Decider.CHECK : Decider.PRODUCER);
  }

  private void order(List<String> plain) {
    Verdict verdict = Verdict.valueOf(plain.get(2).toUpperCase(Locale.ROOT));
    follow(coordinator.onOrder(id(plain.get(1)), verdict), Decider.OPERATOR);
  }

  private void follow(Ruling ruling, Decider by) {
    if (ruling instanceof Ruling.Decide record) {
      Decision decision = new Decision(record.id(), record.verdict(), by, nowMillis);
      String halves = String.join(
          " ", record.halves().stream().map(half -> names.get(half.id())).toList());
      record("DECISION " + record.verdict() + " " + halves, it -> it.apply(decision));
      tell("answer ok");
    } else if (ruling instanceof Ruling.AlreadySo already) {
      tell("answer already " + inWords(already.decision()));
    } else if (ruling instanceof Ruling.Contradicts contrary) {
      tell("answer refused: " + inWords(contrary.decision()));
    } else if (ruling instanceof Ruling.NotYours other) {
      tell("answer refused: it belongs to " + other.owner());
    } else if (ruling instanceof Ruling.Incomplete incomplete) {
      tell("answer refused: only " + incomplete.here() + " here");
    } else {
      tell("answer " + (ruling instanceof Ruling.Nothing ? "nothing" : "not open"));
    }
  }

  private static String inWords(Decision decision) {
    return decision.verdict() + " by " + decision.by() + " at " + decision.timeMillis() + " ms";
  }

  private void recheck(long id) {
    long now = nowMillis;
    record("RESUMED " + names.get(id), it -> it.applyResumed(id, now));
    tick();
  }

  private void move(long id) {
    StoredHalf moved = new StoredHalf(id, position, 1000);
    position += 8;
    record("MOVED " + names.get(id), it -> it.applyMoved(moved));
  }

  private void producer(String group, boolean comes) {
    if (comes) {
      gone.remove(group);
      coordinator.producerCame(group);
      tick();
    } else {
      gone.add(group);
    }
  }

  private void advance(long millis) {
    long until = nowMillis + millis;
    for (long next = coordinator.nextTick(); next <= until; next = coordinator.nextTick()) {
      nowMillis = Math.max(nowMillis, next);
      tick();
    }
    nowMillis = until;
  }

  private void tick() {
    for (Effect effect : coordinator.onTick(nowMillis)) {
      if (effect instanceof Effect.Exhaustion exhausted) {
        record("SUSPENDED " + names.get(exhausted.id()), it -> it.applySuspended(exhausted.id()));
      } else if (effect instanceof Effect.Ask ask) {
        if (gone.contains(ask.group())) {
          coordinator.noProducer(ask.id());
          tell("nobody in " + ask.group() + " to ask about " + names.get(ask.id()));
        } else {
          record(
              "CHECK " + names.get(ask.id()) + " " + ask.check(),
              it -> it.applyAsked(ask.id(), ask.nextMillis()));
          tell("ask " + ask.group() + " about " + names.get(ask.id()) + " at " + nowMillis + " ms");
        }
      }
    }
  }

  private void show(long id) {
    OpenTransaction open = coordinator.find(id);
    Decision decision = coordinator.decision(id);
    if (open != null) {
      String halves = String.join(
          " ", open.halves().stream().map(half -> names.get(half.id())).toList());
      tell((open.suspended() ? "SUSPENDED" : "IN DOUBT") + " after " + open.checks() + " checks: "
          + halves);
    } else {
      tell(decision == null ? "not known" : inWords(decision));
    }
  }

  private void record(String what, Consumer<TransactionCoordinator> fact) {
    fact.accept(coordinator);
    log.add(fact);
    tell("record " + what);
  }

  private void tell(String line) {
    told.add(line);
  }

  /** What a restart without a state file, or a slave, makes of the log. */
  TransactionCoordinator rebuilt() {
    TransactionCoordinator fresh = new TransactionCoordinator(schedule, bounds, 1);
    log.forEach(fact -> fact.accept(fresh));
    return fresh;
  }

  private TransactionCoordinator restored() {
    TransactionCoordinator fresh = new TransactionCoordinator(schedule, bounds, 1);
    try {
      fresh.restore(new DataInputStream(new ByteArrayInputStream(image(coordinator))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return fresh;
  }

  /** What the live coordinator would write into a state file. */
  byte[] image() {
    return image(coordinator);
  }

  byte[] imageOfRebuilt() {
    return image(rebuilt());
  }

  byte[] imageOfRestored() {
    return image(restored());
  }

  static byte[] image(TransactionCoordinator of) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CoordinatorImage image = of.beginImage();
      while (!image.take()) {
        // a part at a time
      }
      image.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  TransactionCoordinator coordinator() {
    return coordinator;
  }

  private long id(String word) {
    Long id = ids.get(word);
    return id == null ? 8_888_888 : id;
  }

  private static long number(Map<String, String> options, String name) {
    return options.containsKey(name) ? Long.parseLong(options.get(name)) : Long.MAX_VALUE;
  }

  private static long millis(String text) {
    return text.endsWith("ms")
        ? Long.parseLong(text.substring(0, text.length() - 2))
        : Duration.parse("PT" + text.toUpperCase(Locale.ROOT)).toMillis();
  }
}
