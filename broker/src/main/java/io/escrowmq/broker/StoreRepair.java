package io.escrowmq.broker;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRepair;
import io.escrowmq.store.LostBytes;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.DamagedChunk;
import io.escrowmq.store.queue.DamagedRun;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks at the store of a broker that is stopped, and brings a damaged one into a state from which
 * the broker starts with everything that lies outside the damage. Nothing is deleted: what cannot be
 * used is moved into a directory {@code damaged-<date>} of the store. Used once.
 */
public final class StoreRepair {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private static final String NOT_LOOKED_AT =
      "Nothing else was looked at there. A start is refused until it can; a repair would take for lost"
          + " what may come back, and is refused, too. Look at who may read the files, and at what the"
          + " system says of the disk; what a broken disk still gives is to be copied to another one,"
          + " and repaired there.";

  private final BrokerSettings settings;
  private final FileSystem files;
  private final Surroundings surroundings;
  private final InstantSource clock;
  private final Path directory;
  private final StateFiles states;

  public StoreRepair(BrokerSettings settings, FileSystem files, Surroundings surroundings) {
    this.settings = settings;
    this.files = files;
    this.surroundings = surroundings;
    this.clock = surroundings.clock();
    this.directory = settings.storeDirectory();
    this.states = new StateFiles(files, directory.resolve("state"));
  }

  /**
   * What is damaged in log, state files, queues and keys, or cannot be read now; nothing is changed.
   *
   * @throws StorageException when a broker is running, or a newer version wrote the store
   */
  public List<Damage> check() {
    return locked(() -> {
      List<Damage> found = new ArrayList<>();
      look(found, "state", states::check);
      look(
          found,
          "log",
          () -> LogRepair.check(
              files, directory.resolve("log"), settings.segmentBytes(), statePositions()));
      look(found, "queues", () -> new IndexFiles(files, directory, states).check());
      return new Dependents(files, directory, states).tellOf(found);
    });
  }

  // One part that the disk does not give keeps nobody from looking at the others.
  private void look(List<Damage> found, String part, Supplier<List<Damage>> check) {
    try {
      found.addAll(check.get());
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.IO) {
        throw e;
      }
      found.add(Damage.unreadable(
          directory.resolve(part), String.valueOf(e.getMessage()), NOT_LOOKED_AT));
    }
  }

  /**
   * What earlier repairs have given up: offsets of queues that have no message any more, in sentences.
   *
   * @throws StorageException as {@link #check}, and when the disk does not give what it takes to tell
   */
  public List<String> lost() {
    return locked(() -> new IndexFiles(files, directory, states).lost());
  }

  /** Where what cannot be used will be. */
  public Path aside() {
    return directory.resolve("damaged-" + DATE.format(Instant.ofEpochMilli(clock.millis())));
  }

  /**
   * Repairs; tells in sentences what was found, and what is lost.
   *
   * @throws StorageException when a broker is running, a newer version wrote the store, or too little
   *     is left
   */
  public List<String> repair() {
    return locked(() -> {
      Path aside = aside();
      List<String> told = new ArrayList<>();
      List<Damage> unusable = states.check();
      refuseIfAllThatIsLeftMayComeBack(unusable);
      states.moveAway(unusable, aside);
      unusable.forEach(damage -> told.add(damage.withRepair()));
      LogRepair.RepairReport repaired = repairLog(aside);
      repaired.damages().forEach(damage -> told.add(damage.withRepair()));
      Salvage salvage = new Salvage();
      BrokerCore core = new CoreRecovery(plan()).openWhatIsLeft(salvage);
      try {
        salvage.complete(core, clock.millis());
        told.addAll(mendIndexes(core));
        loseEntries(core, repaired.lost(), told);
        writeStates(core);
      } finally {
        core.close();
      }
      states.moveAway(states.check(), aside);
      told.addAll(salvage.told());
      return told;
    });
  }

  private LogRepair.RepairReport repairLog(Path aside) {
    try {
      return LogRepair.repair(
          files,
          directory.resolve("log"),
          settings.segmentBytes(),
          statePositions(),
          clock.millis(),
          aside);
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.IO) {
        throw e;
      }
      throw new StorageException(
          StorageException.Reason.IO, e.getMessage() + ". " + NOT_LOOKED_AT, e);
    }
  }

  private CorePlan plan() {
    HeapBudget heap = HeapBudget.of(Runtime.getRuntime().maxMemory());
    BrokerHost nobody = BrokerHost.ofNobody(settings, surroundings, heap);
    return CorePlan.of(
        settings, nobody, files, states, Runnable::run, surroundings, heap, why -> {});
  }

  private static List<String> mendIndexes(BrokerCore core) {
    List<String> told = new ArrayList<>();
    core.store.queues().findDamaged();
    core.store.queues().giveUpUnread(); // nobody waits here for a disk to recover
    List<DamagedChunk> chunks = core.store.queues().findDamaged();
    if (!chunks.isEmpty()) {
      tell(
          told,
          chunks,
          new QueueRebuild(core.store.log(), core.store.queues()).rebuildAll(),
          "messages");
    }
    List<DamagedRun> runs = core.store.keys().findDamaged();
    if (!runs.isEmpty()) {
      tell(told, runs, new KeyRebuild(core.store.log(), core.store.keys()).rebuildAll(), "keys");
    }
    return told;
  }

  private static void tell(
      List<String> told, List<?> damaged, RebuildReport rebuilt, String ofThem) {
    told.add("the index of " + damaged + " was damaged, and made again from the log; "
        + rebuilt.missing() + " of its " + ofThem + " are gone");
    rebuilt
        .leftOut()
        .forEach(part -> told.add("left out, it cannot be made again now: " + part
            + "; the broker tries again after its start, and who needs it waits until then"));
  }

  // Left as they are, they would look like damage of neighbours, which nobody is led past.
  private static void loseEntries(BrokerCore core, LostBytes lost, List<String> told) {
    int entries = core.store.queues().lose(lost::contains);
    if (entries > 0) {
      told.add(entries + " offsets of queues have no message any more: their records are lost");
    }
  }

  // Two, as a running broker keeps: one alone would be all that knows what retention has taken.
  private void writeStates(BrokerCore core) {
    writeState(core);
    if (states.positions().size() < 2 && core.store.log().room().inReserve(CommitLog.MARK_BYTES)) {
      core.store.log().mark();
      core.store.log().write();
      writeState(core);
    }
  }

  private void writeState(BrokerCore core) {
    core.store.log().sync();
    Map<String, Image> images = new LinkedHashMap<>();
    for (View view : core.upkeep().stored()) {
      images.put(view.name(), view.image());
    }
    states.write(core.store.log().end(), images);
  }

  // What a disk does not give now is not to be lost for that.
  private void refuseIfAllThatIsLeftMayComeBack(List<Damage> unusable) {
    long start = LogRepair.start(files, directory.resolve("log"));
    boolean isOneOfUse = statePositions().stream().anyMatch(position -> position >= start);
    if (!isOneOfUse && unusable.stream().anyMatch(Damage::mayPass)) {
      StorageException missing = states.missing(start);
      if (missing != null) {
        throw missing;
      }
    }
  }

  private Set<Long> statePositions() {
    StateFile newest = states.newest();
    if (newest != null) {
      newest.close();
    }
    return states.positions();
  }

  private <T> T locked(Supplier<T> work) {
    return StoreLock.held(files, directory, work);
  }
}
