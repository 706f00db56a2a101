package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.escrowmq.broker.core.LostMessages;
import io.escrowmq.broker.core.LostRanges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Consumers pass what a repair gave up; whoever operates the broker is told, once and in a few lines. */
class LostMessagesTest {

  private static final long SMALL_HEAP = 1 << 20; // small chunks
  private static final int QUEUES = 2;
  private static final long DAY_MILLIS = 24 * 3_600_000L;

  private final Logger logger = (Logger) LoggerFactory.getLogger(LostMessages.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
  }

  @Test
  void shouldTellEachQueueAndRangeOnceWhicheverMessagesWereLost() {
    for (int seed = 0; seed < 12; seed++) {
      // given: messages in chunks and in memory, state files or none
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      TestStore store = new TestStore(seed, SMALL_HEAP);
      store.createTopic("orders", QUEUES);
      List<long[]> sent = new ArrayList<>(); // queue, offset, position
      for (int i = 0, count = 50 + random.nextInt(300); i < count; i++) {
        int queueId = random.nextInt(QUEUES);
        long offset = store.state.store.queueViews().tail("orders", queueId);
        sent.add(new long[] {queueId, offset, store.send("orders", queueId, "m" + i)});
        if (random.nextInt(count) == 0) {
          store.writeState();
        }
      }
      for (int queueId = 0; queueId < QUEUES; queueId++) {
        store.send("orders", queueId, "the last one says how far the queue went");
      }
      store.sync();
      store.state.store.log().mark();
      store.state.store.log().write();
      store.kill();

      // when: some are lost, neighbours among them
      Map<Integer, Set<Long>> lost = new TreeMap<>();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        int first = random.nextInt(sent.size());
        for (int at = first; at < Math.min(sent.size(), first + 1 + random.nextInt(40)); at++) {
          if (lost.computeIfAbsent((int) sent.get(at)[0], id -> new TreeSet<>())
              .add(sent.get(at)[1])) {
            flip(store, sent.get(at)[2] + 40);
          }
        }
      }
      repair(store).repair();
      List<String> expected = ranges(lost);

      // then: a check says it, and calls nothing damaged
      assertThat(repair(store).check()).isEmpty();
      assertThat(repair(store).lost())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(expected);

      // and so does the broker, whatever is pulled, and however often it looks
      lines.list.clear();
      store.start();
      look(store);
      read(store);
      look(store);
      assertThat(warned()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(store.state.store.lost().told()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(store.state.store.lost().count())
          .isEqualTo(lost.values().stream().mapToInt(Set::size).sum());
      store.state.close();
    }
  }

  @Test
  void shouldNameSixtyFourRangesAndSayHowManyMoreThereAre() {
    for (int ranges = LostRanges.MOST_LISTED; ranges <= LostRanges.MOST_LISTED + 1; ranges++) {
      // given
      lines.list.clear();
      LostMessages lost = new LostMessages();

      // when
      for (int look = 0; look < 3; look++) {
        lost.begin();
        for (int i = 0; i < ranges; i++) {
          lost.note("orders", 0, 10L * i, 10L * i + 1);
          lost.note("orders", 0, 10L * i + 2, 10L * i + 4); // goes on in the next chunk
        }
        lost.end();
      }

      // then
      int more = ranges - LostRanges.MOST_LISTED;
      assertThat(lines.list).hasSize(LostRanges.MOST_LISTED + more);
      assertThat(lost.told()).hasSize(LostRanges.MOST_LISTED + more);
      assertThat(lost.count()).isEqualTo(5L * ranges);
      if (more > 0) {
        assertThat(lost.told().get(LostRanges.MOST_LISTED))
            .isEqualTo("1 ranges more, of " + 5 * ranges + " offsets in all");
      }
    }
  }

  @Test
  void shouldKeepTheLinesOfTopicsThatComeAndGoBounded() {
    // given
    LostMessages lost = new LostMessages();

    // when
    for (int look = 0; look < 100; look++) {
      lost.begin();
      for (int i = 0; i < 50; i++) {
        lost.note("topic" + look, i, 0, 1);
      }
      lost.end();
    }

    // then: what is shown is as things are
    assertThat(lines.list).hasSizeLessThan(1_000);
    assertThat(lost.count()).isEqualTo(100);
    assertThat(lost.told()).hasSize(50).allMatch(it -> it.contains("topic99/"));
  }

  private List<String> warned() {
    assertThat(lines.list).allMatch(line -> line.getLevel() == Level.WARN);
    assertThat(lines.list)
        .allMatch(line -> line.getFormattedMessage().contains("a repair of the store"));
    return lines.list.stream()
        .map(line -> line.getFormattedMessage().replaceAll(": a repair.*", ""))
        .toList();
  }

  private static List<String> ranges(Map<Integer, Set<Long>> lost) {
    List<String> all = new ArrayList<>();
    lost.forEach((queueId, offsets) -> {
      for (long from : offsets) {
        if (!offsets.contains(from - 1)) {
          long to = from;
          while (offsets.contains(to + 1)) {
            to++;
          }
          all.add(new LostRanges.Range("orders", queueId, from, to).toString());
        }
      }
    });
    return all;
  }

  private static void look(TestStore store) {
    IndexCheck check = new IndexCheck(
        store.state.store.queues(),
        store.state.store.keys(),
        store.state.store.lost(),
        store.clock.ticker());
    for (int day = 0; day < 3; day++) {
      for (int i = 0; i < 50; i++) {
        check.onTick();
      }
      store.clock.advance(DAY_MILLIS);
    }
  }

  private static void read(TestStore store) {
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      store.readWhatIsWhole("orders", queueId);
    }
  }

  private static void flip(TestStore store, long position) {
    long start = position / TestStore.SEGMENT_BYTES * TestStore.SEGMENT_BYTES;
    store.files.flipBit(
        TestStore.DIRECTORY.resolve(Path.of("log", "%020d.log".formatted(start))),
        position - start,
        1);
  }

  private static StoreRepair repair(TestStore store) {
    return new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());
  }
}
