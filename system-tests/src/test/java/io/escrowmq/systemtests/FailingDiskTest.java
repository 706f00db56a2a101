package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.escrowmq.systemtests.driver.LoadReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Disks that fail under a real server at load: nothing is acknowledged after a failed sync, and nothing that was
 * acknowledged is lost. How often the long ones fail can be set with the
 * property {@code systemtests.disk-rounds}.
 */
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS)
final class FailingDiskTest {

  private static final int SENDERS = 6;
  private static final int BODY_BYTES = 700;
  private static final int ROUNDS = Integer.getInteger("systemtests.disk-rounds", 10);
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  @TempDir
  private Path directory;

  private final TestBed bed;

  FailingDiskTest(TestBed bed) {
    this.bed = bed;
  }

  /** A server at load. */
  private final class Run implements AutoCloseable {

    final ServerProcess server;
    final WatchedLoad load;
    private final Clients clients;

    Run(StoreDisk disk, String flush) {
      server = bed.startBothOn(
          disk,
          Map.of(
              "store.flush", flush,
              "store.segment-bytes", "1048576",
              "message.max-bytes", "65536"));
      clients = bed.clients(ClientKind.V5_5_0_JSON, server);
      load = new WatchedLoad(server, clients, SENDERS, BODY_BYTES);
    }

    void awaitEnd() {
      within(30).until(() -> !server.isAlive());
    }

    /** The number of acknowledgements when those that were on their way have arrived. */
    long standstill() {
      long[] last = {load.acknowledged()};
      await().pollInterval(A_WHILE).atMost(Duration.ofSeconds(30)).until(() -> {
        long before = last[0];
        last[0] = load.acknowledged();
        return last[0] == before;
      });
      return last[0];
    }

    /** The same, which then stays. */
    long settled() {
      long acknowledged = standstill();
      await()
          .during(A_WHILE)
          .atMost(A_WHILE.multipliedBy(2))
          .until(load::acknowledged, now -> now == acknowledged);
      return acknowledged;
    }

    void startAgain(FailingDisk disk, String when) {
      List<LoadReceipt> promised = load.takeAcknowledged();
      disk.isWell();
      server.start();
      load.assertStored(promised, when);
      load.awaitMore(100);
    }

    @Override
    public void close() {
      clients.close();
      server.close();
    }
  }

  private static void awaitFailure(FailingDisk disk, int before) {
    within(30).until(() -> disk.failures().size() > before);
  }

  @Test
  void shouldAcknowledgeNothingWhileASyncHangsNorAfterItHasFailed() {
    // given
    FailingDisk disk = FailingDisk.in(directory);
    try (Run run = new Run(disk, "sync")) {
      run.load.awaitMore(100);

      // when: syncs hang, and then fail
      disk.let("sync", "hang");
      awaitFailure(disk, 0);
      long acknowledged = run.settled();
      disk.let("sync", "EIO");

      // then: the process ends, and has acknowledged nothing more
      run.awaitEnd();
      assertThat(run.load.acknowledged()).isEqualTo(acknowledged);
      run.startAgain(disk, "acknowledged before a sync failed");
    }
  }

  @Test
  void shouldLoseNothingAcknowledgedWhenAWriteIsDoneInPart() {
    // given
    FailingDisk disk = FailingDisk.in(directory);
    try (Run run = new Run(disk, "async")) {
      run.load.awaitMore(100);

      // when
      disk.let("write", "short");
      run.awaitEnd();

      // then
      assertThat(disk.failures()).isNotEmpty();
      run.startAgain(disk, "acknowledged before a write failed");
    }
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "sync, EIO, sync", "sync, EIO, async", "write, EIO, sync", "write, EIO, async",
    "write, short, sync", "write, short, async", "write, ENOSPC, sync", "write, ENOSPC, async",
    "'write,change', EROFS, sync", "'write,change', EROFS, async"
  })
  void shouldLoseNothingAcknowledgedHoweverOftenTheDiskFails(
      String kinds, String mode, String flush) {
    // given
    long seed = System.nanoTime();
    Random random = new Random(seed);
    FailingDisk disk = FailingDisk.in(directory);
    int ended = 0;
    try (Run run = new Run(disk, flush)) {
      for (int round = 1; round <= ROUNDS; round++) {
        // when
        run.load.awaitMore(40 + random.nextInt(800));
        int before = disk.failures().size();
        disk.let(kinds, mode);
        awaitFailure(disk, before);

        // then: nothing more is acknowledged; on a full disk it may go on when there is room
        run.settled();
        if (!mode.equals("ENOSPC")) {
          run.awaitEnd();
        }
        List<LoadReceipt> promised = run.load.takeAcknowledged();
        disk.isWell();
        if (!run.server.isAlive()) {
          ended++;
          run.server.start();
        }
        run.load.assertStored(promised, "before failure " + round + " of seed " + seed);
      }
      run.load.assertUnchanged();
      say(kinds + " " + mode + ", flush " + flush, ended, run);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"sync", "write"})
  void shouldGoOnWhenACallThatHungReturns(String kind) {
    // given
    FailingDisk disk = FailingDisk.in(directory);
    try (Run run = new Run(disk, "sync")) {
      for (int round = 1; round <= ROUNDS; round++) {
        run.load.awaitMore(100);

        // when
        int before = disk.failures().size();
        disk.let(kind, "hang");
        awaitFailure(disk, before);
        run.settled();
        disk.isWell();

        // then
        run.load.awaitMore(100);
        assertThat(run.server.isAlive()).isTrue();
      }
      run.load.assertStored(run.load.takeAcknowledged(), "acknowledged between hanging calls");
      say(kind + " hangs, flush sync", 0, run);
    }
  }

  @Tag("long")
  @Test
  void shouldRefuseToStartOnADiskThatIsReadOnlyAndSayWhy() {
    // given
    FailingDisk disk = FailingDisk.in(directory);
    try (Run run = new Run(disk, "sync")) {
      run.load.awaitMore(100);
      disk.let("write,change", "EROFS");
      run.awaitEnd();

      // when // then
      assertThatThrownBy(run.server::start).hasMessageContaining("Read-only file system");
      run.startAgain(disk, "acknowledged before the disk became read-only");
    }
  }

  @Tag("long")
  @Test
  void shouldLoseNothingAcknowledgedWhenTheFileSystemBecomesReadOnly() {
    // given
    ReadOnlyDisk disk = ReadOnlyDisk.in(directory);
    try (Run run = new Run(disk, "sync")) {
      for (int round = 1; round <= ROUNDS; round++) {
        run.load.awaitMore(200);

        // when
        disk.becomeReadOnly(run.server, run.server.storeOfItsOwn());
        run.awaitEnd();
        long acknowledged = run.settled();
        disk.awaitUnmounted();

        // then
        assertThat(run.server.exitCode()).isEqualTo(4);
        assertThat(run.server.output())
            .contains("the log stopped: ")
            .containsAnyOf("Read-only file system", "Input/output error");
        assertThat(run.load.acknowledged()).isEqualTo(acknowledged);
        List<LoadReceipt> promised = run.load.takeAcknowledged();
        run.server.start();
        run.load.assertStored(promised, "before the file system was read-only, round " + round);
      }
      run.load.assertUnchanged();
      say("the file system becomes read-only, flush sync", ROUNDS, run);
    }
  }

  /** What nobody has synced is in the page cache only, and goes with the file system. */
  @Tag("long")
  @Test
  void shouldLoseOnlyWhatWasNotSyncedWhenTheFileSystemBecomesReadOnly() {
    // given
    ReadOnlyDisk disk = ReadOnlyDisk.in(directory);
    int lost = 0;
    try (Run run = new Run(disk, "async")) {
      List<LoadReceipt> unsynced = List.of(); // as far as the log says, and there
      for (int round = 1; round <= ROUNDS; round++) {
        run.load.awaitMore(500);
        List<LoadReceipt> promised = new ArrayList<>(unsynced);
        promised.addAll(run.load.takeAcknowledged());
        long early = promised.stream().mapToLong(LoadReceipt::position).max().orElseThrow();
        within(30).until(() -> LogMarks.synced(run.server.store()) > early);

        // when
        long synced = LogMarks.synced(run.server.store());
        disk.becomeReadOnly(run.server, run.server.storeOfItsOwn());
        run.awaitEnd();
        long acknowledged = run.settled();
        disk.awaitUnmounted();

        // then
        assertThat(run.server.exitCode()).isEqualTo(4);
        assertThat(run.load.acknowledged()).isEqualTo(acknowledged);
        promised.addAll(run.load.takeAcknowledged());
        run.server.start();
        List<LoadReceipt> there = run.load.assertLostFromTheEndOnly(
            promised, synced, "before the file system was read-only, round " + round);
        lost += promised.size() - there.size();
        unsynced =
            there.stream().filter(message -> message.position() >= synced).toList();
      }
      System.out.println("the file system becomes read-only, flush async: processes that ended "
          + ROUNDS + ", acknowledged " + run.load.acknowledged() + ", lost, none of them synced, "
          + lost);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"async", "sync"})
  void shouldLoseNothingAcknowledgedWhenASmallDiskIsFullAndFreed(String flush) {
    // given
    SmallDisk.assumePossible();
    try (Run run = new Run(new SmallDisk(192), flush)) {
      for (int round = 1; round <= ROUNDS; round++) {
        run.load.awaitMore(200);

        // when
        SmallDisk.fill(run.server.store());
        run.standstill(); // until an old state file goes, say, and there is room again
        assertThat(run.server.isAlive()).isTrue();
        SmallDisk.dropBallast(run.server.store());

        // then
        run.load.awaitMore(200);
        run.load.assertStored(
            run.load.takeAcknowledged(), "acknowledged before disk " + round + " was full");
      }
      run.load.assertUnchanged();
      say("a full disk, flush " + flush, 0, run);
    }
  }

  // For the table in docs/reliability.md.
  private static void say(String what, int ended, Run run) {
    System.out.println(what + ": processes that ended " + ended + ", acknowledged "
        + run.load.acknowledged() + ", none lost");
  }
}
