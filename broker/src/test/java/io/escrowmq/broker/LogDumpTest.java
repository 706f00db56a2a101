package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.LogDump.Filter;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogDumpTest {

  private static final Filter ALL = filter(Set.of(), null, -1);

  @Test
  void shouldPrintEachWholeRecordOnceWhateverIsDamaged() {
    for (int seed = 0; seed < 40; seed++) {
      // given: a store with a random history, and damage of any kind
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      TestStore store = new TestStore(seed);
      StoreModel.of(store, random);
      Map<Long, Long> ends = new TreeMap<>(); // of all records, by position
      store
          .state
          .store
          .log()
          .scan(record -> ends.put(record.position(), record.position() + record.recordLength()));
      store.stop();
      StoreHarm harm = new StoreHarm(store, random);
      if (seed % 2 == 1) {
        harm.any();
      }

      // when
      Map<Path, String> before = harm.contents();
      List<String> lines = dump(store, ALL);

      // then
      String name = "seed " + seed + ": " + harm;
      assertThat(harm.contents()).as(name).isEqualTo(before);
      List<Long> printed = lines.stream()
          .filter(line -> line.matches("\\d+ [A-Z_]+ .*") && !line.contains(" DAMAGED "))
          .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
          .toList();
      List<Long> whole = ends.entrySet().stream()
          .filter(it -> !harm.hits(new long[] {it.getKey(), it.getValue()}))
          .map(Map.Entry::getKey)
          .toList();
      assertThat(printed).as(name).containsAll(whole).doesNotHaveDuplicates().isSorted();
      assertThat(ends.keySet()).as(name).containsAll(printed);
      assertThat(lines).as(name).noneMatch(line -> line.contains("cannot be read"));
    }
  }

  /** A store in which each kind of record is, and what their lines say. */
  private static TestStore withAllKinds(Map<String, Long> ids) {
    TestStore store = new TestStore(1);
    store.createTopic("orders", 2);
    store.createTopic("gone", 1);
    store.deleteTopic("gone");
    ids.put("sent", store.send("orders", 1, "sent"));
    store.sendDelayed("orders", 0, "later", 50);
    TestEscrow escrow = new TestEscrow(store);
    ids.put("committed", escrow.half("orders", 0, "committed"));
    ids.put("open", escrow.half("orders", 0, "open"));
    escrow.commit(ids.get("committed"));
    escrow.producer();
    escrow.advance(20_000);
    store.stop();
    return store;
  }

  @Test
  void shouldSayInWordsWhatRecordsSayAndReferTo() {
    // given
    Map<String, Long> ids = new TreeMap<>();
    TestStore store = withAllKinds(ids);

    // when
    List<String> lines = dump(store, ALL);

    // then
    assertThat(lines)
        .anyMatch(it -> it.contains(" TOPIC ") && it.contains("topic orders was created"))
        .anyMatch(it -> it.contains(" TOPIC_DELETED ") && it.contains("topic gone was deleted"))
        .anyMatch(it -> it.startsWith(ids.get("sent") + " MESSAGE ")
            && it.contains("offset 0 of orders/1, unique key orders1sent, body of 4 bytes"))
        .anyMatch(it -> it.contains(" DELAYED ") && it.contains("due at 20"))
        .anyMatch(it -> it.contains(" DELIVERY ") && it.contains(" becomes offset "))
        .anyMatch(it -> it.startsWith(ids.get("committed") + " HALF ")
            && it.contains("half-message, of group orders-service, for orders/0"))
        .anyMatch(it -> it.contains(" DECISION ")
            && it.contains("half-message " + ids.get("committed") + " becomes offset "))
        .anyMatch(it -> it.contains(" CHECK ")
            && it.contains("producers are asked about half-messages " + ids.get("open")));
  }

  @Test
  void shouldPrintOnlyWhatIsAskedFor() {
    // given
    Map<String, Long> ids = new TreeMap<>();
    TestStore store = withAllKinds(ids);
    long committed = ids.get("committed");

    // when // then
    assertThat(dump(store, filter(Set.of(RecordKind.HALF), null, -1)))
        .hasSize(2)
        .allMatch(it -> it.contains(" HALF "));
    assertThat(dump(store, filter(Set.of(), "gone", -1)))
        .hasSize(2)
        .allMatch(it -> it.contains("topic gone"));
    assertThat(dump(store, filter(Set.of(), null, committed)))
        .satisfiesExactly(
            it -> assertThat(it).startsWith(committed + " HALF "),
            it -> assertThat(it).contains(" DECISION "));
    assertThat(dump(store, new Filter(committed, committed + 1, Set.of(), null, -1, 9, false)))
        .singleElement()
        .asString()
        .startsWith(committed + " HALF ");
    assertThat(dump(store, new Filter(0, Long.MAX_VALUE, Set.of(), null, -1, 3, false)))
        .hasSize(3);
    assertThat(dump(store, new Filter(0, Long.MAX_VALUE, Set.of(), null, -1, 999, true)))
        .anyMatch(it -> it.contains(" (log) ") && it.contains(" was synced when it was written"));
  }

  @Test
  void shouldRefuseWhileABrokerRuns() throws Exception {
    // given
    TestStore store = new TestStore(1);
    AutoCloseable lock = store.files.lock(TestStore.DIRECTORY.resolve("lock"));

    // when // then
    assertThatThrownBy(() -> dump(store, ALL))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.LOCKED));
    lock.close();
  }

  private static Filter filter(Set<RecordKind> kinds, @Nullable String topic, long refersTo) {
    return new Filter(0, Long.MAX_VALUE, kinds, topic, refersTo, Long.MAX_VALUE, false);
  }

  private static List<String> dump(TestStore store, Filter filter) {
    List<String> lines = new ArrayList<>();
    LogDump.Totals dumped = new LogDump(store.files, TestStore.DIRECTORY).print(filter, lines::add);
    assertThat(dumped.records() + dumped.damagedPlaces())
        .isEqualTo(lines.stream().filter(it -> !it.contains(" (log) ")).count());
    return lines;
  }
}
