package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.Damage;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StorageException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** In which words a check tells what is damaged, and what the disk does not give now. */
class StoreCheckTest {

  private final TestStore store = new TestStore(1, 1 << 20); // small chunks and runs
  private final StoreRepair repair =
      new StoreRepair(TestStore.settings(), store.files, store.clock.surroundings());

  @BeforeEach
  void fill() {
    store.createTopic("orders", 1);
    for (int i = 0; i < 600; i++) {
      store.send("orders", 0, "b" + i);
    }
    store.writeState();
    store.send("orders", 0, "last");
    store.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "queues/00000001.chunks, consumers of offsets 0 to",
    "keys/00000001.runs, look-ups among",
    "state/*, A start uses another state file",
    "log/00000000000000000000.log, A start is refused",
  })
  void shouldSayThatAFileCannotBeReadNowWhatWaitsForItAndWhatToDo(String name, String waits) {
    for (Operation failing : List.of(Operation.OPEN, Operation.READ, Operation.SIZE)) {
      // given
      Path bad = path(name);
      boolean[] isStruck = {false};
      store.files.fault((operation, file) -> {
        if (operation == failing && file.endsWith(bad)) {
          isStruck[0] = true;
          throw new StorageException(
              Reason.IO, "could not " + failing + " " + file + ": Input/output error");
        }
      });

      // when
      List<Damage> found = repair.check();

      // then
      assertThat(found).as("%s of %s", failing, bad).hasSize(isStruck[0] ? 1 : 0);
      found.forEach(it -> {
        assertThat(it.mayPass()).isTrue();
        assertThat(it.toString())
            .contains(" cannot be read now (could not " + failing + " " + bad, waits)
            .contains("Input/output error", "Look at who may read")
            .doesNotContain("damaged", "Lost");
      });
    }
  }

  @ParameterizedTest
  @CsvSource({"queues/00000001.chunks", "keys/00000001.runs", "state/*"})
  void shouldCallDamagedWhatTheDiskGivesAndIsNotAsItWasWritten(String name) {
    // given
    store.files.flipBit(path(name), 200, 3);

    // when
    List<Damage> found = repair.check();

    // then
    assertThat(found).hasSize(1);
    assertThat(found.get(0).mayPass()).isFalse();
    assertThat(found.get(0).toString()).contains("Lost: ").doesNotContain("cannot be read now");
  }

  @Test
  void shouldLookAtAllOthersWhateverCannotBeRead() {
    // given: one of each kind is damaged, and another file of one kind cannot be read
    List<String> names = List.of("queues/00000001.chunks", "keys/00000001.runs", "state/*");
    names.forEach(name -> store.files.flipBit(path(name), 200, 3));
    store.files.fault((operation, file) -> {
      if (operation == Operation.OPEN && file.endsWith(path("log/00000000000000000000.log"))) {
        throw new StorageException(Reason.IO, "could not open " + file + ": Input/output error");
      }
    });

    // when
    List<Damage> found = repair.check();

    // then
    assertThat(found).hasSize(names.size() + 1);
    assertThat(found).filteredOn(Damage::mayPass).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"OPEN", "READ", "MAP"})
  void shouldRepairNothingOfALogThatCannotBeRead(Operation failing) {
    // given
    StoreHarm harm = new StoreHarm(store, new Random(1));
    var before = harm.contents();
    store.files.fault((operation, file) -> {
      if (operation == failing && file.endsWith(path("log/00000000000000000000.log"))) {
        throw new StorageException(Reason.IO, "could not open " + file + ": Input/output error");
      }
    });

    // when // then
    assertThatThrownBy(repair::repair)
        .hasMessageContaining("Input/output error")
        .hasMessageContaining("may come back");
    store.files.fault((operation, file) -> {});
    assertThat(harm.contents()).isEqualTo(before);
  }

  /** In a mapping, a sector that the disk does not give looks like other bytes. */
  @Test
  void shouldNotTakeASectorThatTheDiskDoesNotGiveForDamage() {
    // given: in the middle of the log
    store.start();
    store.fillSegment("orders", 0);
    store.fillSegment("orders", 0);
    store.stop();
    Path segment = path("log/%020d.log".formatted(0L)); // the next one says where it ends
    StoreHarm harm = new StoreHarm(store, new Random(1));
    var before = harm.contents();
    store.files.withhold(segment, TestStore.SEGMENT_BYTES / 2, 512);

    // when
    List<Damage> found = repair.check();

    // then
    assertThat(found).hasSize(1).allMatch(Damage::mayPass);
    assertThatThrownBy(repair::repair).hasMessageContaining("may come back");
    store.files.give(segment);
    assertThat(harm.contents()).isEqualTo(before);
  }

  // The newest of several.
  private Path path(String name) {
    Path path = TestStore.DIRECTORY.resolve(name);
    List<String> names = store.files.list(path.getParent()).stream()
        .filter(file -> file.endsWith(".state"))
        .toList();
    return name.endsWith("*") ? path.resolveSibling(names.get(names.size() - 1)) : path;
  }
}
