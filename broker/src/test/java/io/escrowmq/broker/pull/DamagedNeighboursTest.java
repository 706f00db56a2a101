package io.escrowmq.broker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.UnreadableMessages;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.QueueEntries;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One, two or three neighbouring records are damaged, anywhere in the log: consumers of every queue, from
 * whichever offset they pull, are led past one that is damaged alone, which is named, and past nothing
 * else.
 */
class DamagedNeighboursTest {

  private static final int SEGMENT_BYTES = 1 << 20; // of the test's log
  private static final int SEGMENT_HEADER_BYTES = 64;
  private static final int QUEUES = 2;
  private static final int SEEDS = 3;

  /** Where the damaged records lie. */
  private enum Place {
    FIRST_OF_A_SEGMENT,
    IN_A_SEGMENT,
    LAST_OF_A_SEGMENT,
    FROM_ONE_SEGMENT_INTO_THE_NEXT,
    LAST_OF_THE_LOG
  }

  /** What is wrong with them. */
  private enum Damage {
    BIT_OF_THE_BODY,
    BIT_OF_THE_LENGTH,
    BIT_OF_THE_POSITION,
    ZEROS
  }

  /** A record as it lies in the log. */
  private record RecordPlace(long position, int length) {
    long end() {
      return position + ((length + 7) & -8);
    }

    long segment() {
      return position / SEGMENT_BYTES;
    }
  }

  static Stream<Arguments> cases() {
    List<Arguments> all = new ArrayList<>();
    for (Place place : Place.values()) {
      for (int run = 1; run <= 3; run++) {
        for (Damage damage : Damage.values()) {
          for (long seed = 1; seed <= SEEDS; seed++) {
            all.add(Arguments.of(place, run, damage, seed));
          }
        }
      }
    }
    return all.stream();
  }

  private final TestLog broker = new TestLog();
  private final PullHandler pulls = TestPulls.over(broker, TestPulls.SMALL);

  @ParameterizedTest
  @MethodSource("cases")
  void shouldLeadNobodyPastWhatIsNotDamagedAlone(Place place, int run, Damage damage, long seed) {
    // given
    Random random = new Random(seed);
    broker.createTopic("orders", QUEUES);
    while (broker.log.end() < 3 * SEGMENT_BYTES + SEGMENT_BYTES / 4) {
      broker.send(
          "orders", random.nextInt(QUEUES), "x".repeat(100 + random.nextInt(60_000)), "", 0);
      if (random.nextInt(5) == 0) {
        broker.createTopic("other-" + random.nextInt(1000), 1);
      }
    }
    broker.send("orders", 0, "the last one", "", 0);
    List<RecordPlace> records = records();
    Set<Long> damaged = new TreeSet<>();
    for (RecordPlace one : chosen(records, place, run, random)) {
      damage(one, damage);
      damaged.add(one.position());
    }

    // when, then
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      ConsumeQueue queue = broker.queues.find("orders", queueId);
      for (long offset = 0; offset < queue.maxOffset(); offset++) {
        judge(queue, offset, pull(queueId, offset), damaged, records);
      }
    }
    assertThat(broker.unreadable.latest())
        .extracting(UnreadableMessages.Entry::position)
        .as("named are those that are damaged alone")
        .containsExactlyInAnyOrderElementsOf(damaged.stream()
            .filter(position -> isAlone(position, damaged, records))
            .filter(this::isMessage)
            .toList());
  }

  private void judge(
      ConsumeQueue queue,
      long offset,
      FakeCall pulled,
      Set<Long> damaged,
      List<RecordPlace> records) {
    long position = positionOf(queue, offset);
    boolean isRefused = pulled.replyCode() == ResponseCode.SERVICE_NOT_AVAILABLE;
    boolean isPartOfMore = damaged.contains(position) && !isAlone(position, damaged, records);
    assertThat(isRefused).as("%s offset %s is refused", queue, offset).isEqualTo(isPartOfMore);
    if (isRefused) {
      assertThat(pulled.replyFields()).doesNotContainKey("nextBeginOffset");
      return;
    }
    Set<Long> delivered = offsets(pulled);
    long next = Long.parseLong(pulled.replyFields().get("nextBeginOffset"));
    assertThat(next).isGreaterThan(offset);
    for (long passed = offset; passed < next; passed++) {
      long at = positionOf(queue, passed);
      assertThat(delivered.contains(passed))
          .as("%s offset %s is delivered by the pull at %s", queue, passed, offset)
          .isEqualTo(!damaged.contains(at));
      assertThat(damaged.contains(at) && !isAlone(at, damaged, records))
          .as("%s offset %s is passed over", queue, passed)
          .isFalse();
    }
  }

  // By the layout of the log, not by what the broker makes of it.
  private static boolean isAlone(long position, Set<Long> damaged, List<RecordPlace> records) {
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).position() == position) {
        return !(i > 0
                && areNeighbours(records.get(i - 1), records.get(i))
                && damaged.contains(records.get(i - 1).position()))
            && !(i + 1 < records.size()
                && areNeighbours(records.get(i), records.get(i + 1))
                && damaged.contains(records.get(i + 1).position()));
      }
    }
    throw new AssertionError("no record at " + position);
  }

  // Marks of the log itself may lie between two records.
  private static boolean areNeighbours(RecordPlace first, RecordPlace second) {
    return first.end() == second.position()
        || (first.segment() + 1 == second.segment()
            && second.position() % SEGMENT_BYTES == SEGMENT_HEADER_BYTES);
  }

  private List<RecordPlace> records() {
    List<RecordPlace> records = new ArrayList<>();
    broker.log.scan(
        record -> records.add(new RecordPlace(record.position(), record.recordLength())));
    return records;
  }

  private static List<RecordPlace> chosen(
      List<RecordPlace> records, Place place, int run, Random random) {
    int secondSegment = 0;
    while (records.get(secondSegment).segment() == 0) {
      secondSegment++;
    }
    int thirdSegment = secondSegment;
    while (records.get(thirdSegment).segment() == 1) {
      thirdSegment++;
    }
    int first = switch (place) {
      case FIRST_OF_A_SEGMENT -> secondSegment;
      case IN_A_SEGMENT ->
        secondSegment + 1 + random.nextInt(thirdSegment - secondSegment - 1 - run);
      case LAST_OF_A_SEGMENT -> thirdSegment - run;
      case FROM_ONE_SEGMENT_INTO_THE_NEXT -> thirdSegment - (run + 1) / 2;
      case LAST_OF_THE_LOG -> records.size() - run;
    };
    return records.subList(first, first + run);
  }

  private void damage(RecordPlace record, Damage damage) {
    Path file = Path.of(String.format("/data/log/%020d.log", record.segment() * SEGMENT_BYTES));
    long at = record.position() % SEGMENT_BYTES;
    switch (damage) {
      case BIT_OF_THE_BODY -> broker.files.flipBit(file, at + record.length() - 10, 3);
      case BIT_OF_THE_LENGTH -> broker.files.flipBit(file, at + 2, 4);
      case BIT_OF_THE_POSITION -> broker.files.flipBit(file, at + 14, 4);
      case ZEROS -> broker.files.open(file).write(ByteBuffer.allocate(record.length()), at);
    }
  }

  private boolean isMessage(long position) {
    Set<Long> all = new HashSet<>();
    for (int queueId = 0; queueId < QUEUES; queueId++) {
      ConsumeQueue queue = broker.queues.find("orders", queueId);
      for (long offset = 0; offset < queue.maxOffset(); offset++) {
        all.add(positionOf(queue, offset));
      }
    }
    return all.contains(position);
  }

  private static long positionOf(ConsumeQueue queue, long offset) {
    QueueEntries entries = new QueueEntries(1);
    assertThat(queue.read(offset, entries)).isOne();
    return entries.position(0);
  }

  /** The queue offsets of the messages in an answer. */
  private static Set<Long> offsets(FakeCall pulled) {
    ByteBuffer body = ByteBuffer.allocate(pulled.reply().body().length());
    pulled.reply().body().writeTo(body);
    body.flip();
    Set<Long> offsets = new TreeSet<>();
    while (body.hasRemaining()) {
      byte[] message = new byte[body.getInt(body.position())];
      body.get(message);
      offsets.add(MessageView.of(message).queueOffset());
    }
    return offsets;
  }

  private FakeCall pull(int queueId, long offset) {
    return TestPulls.pull(pulls, queueId, offset, 32);
  }
}
