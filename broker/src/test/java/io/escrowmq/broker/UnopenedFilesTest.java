package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.escrowmq.broker.StoreModel.Visible;
import io.escrowmq.store.Damage;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import io.escrowmq.store.queue.KeyIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * One derived file that the disk does not open, read or measure when a broker starts: the broker works
 * all the same, and who needs what is in the file finds it when the disk gives it again, or when it was
 * made again from the log.
 */
class UnopenedFilesTest {

  private static final List<String> DERIVED = List.of("queues", "keys", "state");
  private static final List<String> LEFT_OVER = // by a crash: no state file names them
      List.of("queues/00000009.chunks", "keys/00000099.runs");
  private static final Path CHUNKS = Path.of("queues", "00000001.chunks");
  private static final long SMALL_HEAP = 1 << 20; // small chunks and runs
  private static final int SEEDS = 2;
  private static final int TICKS = 60; // more than it takes to give up a file
  private static final long EVER = Long.MAX_VALUE;

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.escrowmq.store");
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

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"OPEN", "READ", "SIZE", "DELETE"})
  void shouldStartAndServeAndFindAllAgainWhicheverDerivedFileFails(Operation failing) {
    int struck = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      int files = 1;
      for (int i = 0; i < files; i++) {
        Run run = new Run(seed, i, failing);
        files = run.derived.size();
        struck += run.play() ? 1 : 0;
      }
    }
    assertThat(struck)
        .as("files of which the start wanted something")
        .isGreaterThanOrEqualTo(SEEDS);
  }

  private final class Run {
    private final String name;
    private final Random random;
    private final TestStore store;
    private final StoreModel model;
    private final Map<String, Map<Long, String>> sent = new HashMap<>();
    private final List<Path> derived = new ArrayList<>();
    private final Operation operation;
    private final Path bad;
    private boolean isFailing = true;
    private int struck;

    Run(int seed, int index, Operation operation) {
      this.operation = operation;
      random = new Random(seed * 0x9E3779B97F4A7C15L);
      store = new TestStore(seed, SMALL_HEAP);
      model = StoreModel.of(store, random);
      for (String topic : StoreModel.TOPICS) {
        for (int queueId = 0; queueId < 2; queueId++) {
          sent.put(topic + queueId, store.read(topic, queueId));
        }
      }
      store.stop();
      LEFT_OVER.forEach(
          file -> store.files.open(TestStore.DIRECTORY.resolve(file)).close());
      for (String kind : DERIVED) {
        Path directory = TestStore.DIRECTORY.resolve(kind);
        store.files.list(directory).forEach(file -> derived.add(directory.resolve(file)));
      }
      bad = derived.get(index);
      name = "seed " + seed + ", " + operation + " of " + bad;
    }

    /** False when the start did not want it. */
    boolean play() {
      // given
      lines.list.clear();
      store.files.fault((asked, file) -> {
        boolean isAnother =
            asked == Operation.RENAME && file.endsWith("empty-" + bad.getFileName());
        boolean isMoved = asked == Operation.WRITE && file.endsWith(bad) && bad.endsWith(CHUNKS);
        if (isAnother || isMoved) {
          isFailing = false; // by another file of its name, or to other blocks of the disk
        }
        if (isFailing && asked == operation && file.endsWith(bad)) {
          struck++;
          throw new StorageException(
              Reason.IO, "could not " + asked + " " + file + ": Input/output error");
        }
      });

      // when
      store.start();
      boolean isTried = struck > 0;

      // then: it is named; sends work; what is there is read, or refused for now
      if (isTried && !bad.toString().contains("reserve")) {
        assertThat(lines.list)
            .as(name)
            .anyMatch(line -> line.getLevel() == Level.WARN
                && line.getFormattedMessage().contains(bad.getFileName().toString()));
      }
      send("new");
      assertFound(true);

      // when: it passes, or lasts
      boolean passes = random.nextBoolean();
      if (passes) {
        isFailing = false;
      }
      tick();

      // then
      assertFound(false);
      if (passes && bad.toString().contains("queues")) {
        assertThat(store.state.store.queues().everDamaged()).as(name).isZero();
      }

      // and also later
      send("newer");
      store.writeState();
      store.kill();
      isFailing = false;
      store.start();
      assertFound(false);
      assertThat(new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings())
              .check())
          .as(name)
          .isEmpty();
      store.state.close();
      return isTried;
    }

    private void send(String body) {
      sent.forEach((queue, messages) -> {
        String topic = queue.substring(0, queue.length() - 1);
        int queueId = queue.charAt(queue.length() - 1) - '0';
        long offset = store.state.store.queueViews().tail(topic, queueId);
        store.send(topic, queueId, body);
        messages.put(offset, body);
      });
    }

    private void tick() {
      IndexCheck check = new IndexCheck(
          store.state.store.queues(),
          store.state.store.keys(),
          store.state.store.lost(),
          store.clock.ticker());
      QueueRebuild queues = new QueueRebuild(store.state.store.log(), store.state.store.queues());
      KeyRebuild keys = new KeyRebuild(store.state.store.log(), store.state.store.keys());
      for (int i = 0; i < TICKS; i++) {
        check.onTick();
        queues.onTick();
        keys.onTick();
      }
    }

    private void assertFound(boolean mayBeRefused) {
      sent.forEach((queue, messages) -> unlessRefused(
          mayBeRefused,
          () -> assertThat(
                  store.read(queue.substring(0, queue.length() - 1), queue.endsWith("0") ? 0 : 1))
              .as(name)
              .isEqualTo(messages)));
      for (Visible message : model.visible()) {
        long hash =
            KeyIndex.hash(message.topic(), message.topic() + message.queueId() + message.body());
        unlessRefused(
            mayBeRefused,
            () -> assertThat(store.state.store.keys().find(hash, 0, EVER, Long.MAX_VALUE, 100))
                .as(name)
                .contains(message.madeVisibleAt()));
      }
    }

    private void unlessRefused(boolean mayBeRefused, Runnable look) {
      try {
        look.run();
      } catch (StorageException e) {
        assertThat(mayBeRefused && e.reason() == Reason.IO)
            .as("%s: %s", name, e.getMessage())
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"queues", "keys", "state", "log"})
  void shouldRefuseTheStartWhenADirectoryCannotBeListed(String kind) {
    // given
    TestStore store = stored();
    Path directory = TestStore.DIRECTORY.resolve(kind);
    store.files.fault((operation, file) -> {
      if (operation == Operation.LIST && file.endsWith(directory)) {
        throw new StorageException(Reason.IO, "could not list " + directory + ": no permission");
      }
    });

    // when // then: and nothing was changed
    assertThatThrownBy(store::start).hasMessageContaining("could not list " + directory);
    store.files.fault((operation, file) -> {});
    store.start();
    assertThat(store.read("orders", 0)).hasSize(200);
    store.state.close();
  }

  @Test
  void shouldRefuseTheStartAndTheRepairWhileAllStateThatRetentionLeftCannotBeRead() {
    // given: the log begins later than the topics
    TestStore store = stored();
    store.start();
    store.fillSegment("orders", 0);
    store.writeState();
    store.fillSegment("orders", 0);
    store.writeState();
    store.retain(TestStore.SEGMENT_BYTES);
    Map<Long, String> before = store.read("orders", 0);
    store.stop();
    store.files.fault((operation, file) -> {
      if (operation == Operation.OPEN && file.toString().endsWith(".state")) {
        throw new StorageException(Reason.IO, "could not open " + file + ": no permission");
      }
    });
    StoreRepair repair =
        new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());

    // when // then
    assertThatThrownBy(store::start)
        .hasMessageContaining("no state file can be read now")
        .hasMessageContaining("no permission")
        .hasMessageContaining("Start again");
    assertThatThrownBy(repair::repair).hasMessageContaining("no state file can be read now");
    assertThat(repair.check())
        .hasSize(2)
        .allMatch(Damage::mayPass)
        .allMatch(it -> it.toString().contains(".state cannot be read now (could not open"));

    // when: it passes
    store.files.fault((operation, file) -> {});
    store.start();

    // then
    assertThat(store.read("orders", 0)).isEqualTo(before);
    assertThat(store.state.topics.catalog().find("orders")).isNotNull();
    store.state.close();
  }

  @Test
  void shouldRefuseTheStartAndTheRepairWhileOnlyAStateFileCanBeReadThatIsOlderThanTheLog() {
    // given: retention has gone on, and a file of before that was not deleted
    TestStore store = stored();
    store.start();
    store.send("orders", 0, "before");
    store.writeState();
    Path directory = TestStore.DIRECTORY.resolve("state");
    String old = store.files.list(directory).stream()
        .filter(name -> name.endsWith(".state"))
        .max(Comparator.naturalOrder())
        .orElseThrow();
    store.files.rename(directory.resolve(old), directory.resolve("copy"));
    store.fillSegment("orders", 0);
    store.writeState();
    store.fillSegment("orders", 0);
    store.writeState();
    store.retain(TestStore.SEGMENT_BYTES);
    Map<Long, String> before = store.read("orders", 0);
    store.stop();
    store.files.rename(directory.resolve("copy"), directory.resolve(old));
    store.files.fault((operation, file) -> {
      if (operation == Operation.OPEN
          && file.toString().endsWith(".state")
          && !file.endsWith(old)) {
        throw new StorageException(Reason.IO, "could not open " + file + ": no permission");
      }
    });
    StoreRepair repair =
        new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());

    // when // then: nothing says that a repair would help, and none is made
    assertThatThrownBy(store::start)
        .hasMessageContaining("no permission")
        .hasMessageContaining("Start again");
    assertThatThrownBy(repair::repair).hasMessageContaining("no permission");

    // when: it passes
    store.files.fault((operation, file) -> {});
    store.start();

    // then
    assertThat(store.read("orders", 0)).isEqualTo(before);
    store.state.close();
  }

  private static TestStore stored() {
    TestStore store = new TestStore(1, SMALL_HEAP);
    store.createTopic("orders", 1);
    for (int i = 0; i < 200; i++) {
      store.send("orders", 0, "b" + i);
    }
    store.stop();
    return store;
  }
}
