package io.escrowmq.broker;

import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.LogRepair;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.DamagedChunk;
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

/**
 * Looks at the store of a broker that is stopped, and brings a damaged one into a state from which
 * the broker starts with everything that lies outside the damage. Nothing is deleted: what cannot be
 * used is moved into a directory {@code damaged-<date>} of the store. Used once.
 */
public final class StoreRepair {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final BrokerSettings settings;
  private final FileSystem files;
  private final InstantSource clock;
  private final Path directory;
  private final StateFiles states;

  public StoreRepair(BrokerSettings settings, FileSystem files, InstantSource clock) {
    this.settings = settings;
    this.files = files;
    this.clock = clock;
    this.directory = settings.storeDirectory();
    this.states = new StateFiles(files, directory.resolve("state"));
  }

  /**
   * What is damaged in log and state files; nothing is changed. Queues and keys are not looked at: the
   * broker makes them again by itself.
   *
   * @throws StorageException when a broker is running, or a newer version wrote the store
   */
  public List<Damage> check() {
    return locked(() -> {
      List<Damage> found = new ArrayList<>(states.check());
      found.addAll(LogRepair.check(
          files, directory.resolve("log"), settings.segmentBytes(), newestPosition()));
      return found;
    });
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
      states.moveAway(unusable, aside);
      unusable.forEach(damage -> told.add(damage.toString()));
      LogRepair.repair(
              files,
              directory.resolve("log"),
              settings.segmentBytes(),
              newestPosition(),
              clock.millis(),
              aside)
          .forEach(damage -> told.add(damage.toString()));
      Salvage salvage = new Salvage();
      BrokerState state = BrokerState.openWhatIsLeft(
          settings, files, states, clock, () -> 0, Runtime.getRuntime().maxMemory(), salvage);
      try {
        salvage.complete(state, clock.millis());
        told.addAll(mendQueues(state));
        writeState(state);
      } finally {
        state.close();
      }
      states.moveAway(states.check(), aside);
      told.addAll(salvage.told());
      return told;
    });
  }

  private static List<String> mendQueues(BrokerState state) {
    List<DamagedChunk> damaged = state.queues.findDamaged();
    if (damaged.isEmpty()) {
      return List.of();
    }
    int missing = new QueueRebuild(state.log, state.queues).rebuild(damaged);
    return List.of("the index of " + damaged + " was damaged, and made again from the log; "
        + missing + " of its messages are gone");
  }

  private void writeState(BrokerState state) {
    state.log.sync();
    Map<String, Image> images = new LinkedHashMap<>();
    for (View view : state.views()) {
      images.put(view.name(), view.image());
    }
    states.write(state.log.end(), images);
  }

  private long newestPosition() {
    try (StateFile newest = states.newest()) {
      return newest == null ? 0 : newest.position();
    }
  }

  private interface Work<T> {
    T done();
  }

  private <T> T locked(Work<T> work) {
    if (!files.exists(directory)) {
      throw new StorageException(StorageException.Reason.IO, "there is no store at " + directory);
    }
    AutoCloseable lock = files.lock(directory.resolve("lock"));
    try {
      return work.done();
    } finally {
      unlock(lock);
    }
  }

  private void unlock(AutoCloseable lock) {
    try {
      lock.close();
    } catch (Exception e) {
      throw new IllegalStateException("could not unlock " + directory, e);
    }
  }
}
