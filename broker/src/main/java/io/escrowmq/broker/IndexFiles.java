package io.escrowmq.broker;

import io.escrowmq.broker.core.LostRanges;
import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.LogRepair;
import io.escrowmq.store.ReadOnlyFiles;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import io.escrowmq.store.queue.DamagedChunk;
import io.escrowmq.store.queue.DamagedRun;
import io.escrowmq.store.queue.KeyIndex;
import io.escrowmq.store.queue.KeySettings;
import io.escrowmq.store.queue.QueueSettings;
import io.escrowmq.store.queue.UnreadPart;
import io.escrowmq.store.state.StateFile;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the files of queues and keys of a broker that is stopped, as far as the newest state file
 * names what is in them; what follows that one is made again from the log at every start. Changes
 * nothing.
 */
final class IndexFiles {

  private static final String LOST =
      "nothing; it is made again from the log after the start, and readers of it wait until then";
  private static final String WAITS =
      "The broker starts all the same, and makes it again from the log if it stays so. Look at who may"
          + " read the file, and at what the system says of the disk.";
  private static final long LITTLE_HEAP = 64 << 20;

  private final Path directory;
  private final FileSystem files;
  private final StateFiles states;

  IndexFiles(FileSystem files, Path directory, StateFiles states) {
    this.files = new ReadOnlyFiles(files);
    this.directory = directory;
    this.states = states;
  }

  List<Damage> check() {
    return looked(IndexFiles::damaged, List::of);
  }

  /** The offsets without a message, in sentences; a bounded number of them. */
  List<String> lost() {
    return looked((queues, keys) -> lost(queues), unusable -> List.of());
  }

  private static List<String> lost(ConsumeQueues queues) {
    LostRanges lost = new LostRanges();
    for (ConsumeQueue queue : queues.all()) {
      queue.checkChunks(
          0, Integer.MAX_VALUE, (from, to) -> lost.add(queue.topic(), queue.queueId(), from, to));
    }
    lost.end();
    return lost.told();
  }

  private <T> List<T> looked(
      BiFunction<ConsumeQueues, KeyIndex, List<T>> look, Function<Damage, List<T>> otherwise) {
    ConsumeQueues queues =
        ConsumeQueues.open(files, directory.resolve("queues"), QueueSettings.forHeap(LITTLE_HEAP));
    KeyIndex keys =
        KeyIndex.open(files, directory.resolve("keys"), KeySettings.DEFAULT, task -> {});
    try (StateFile newest = states.newest()) {
      if (newest == null) {
        return List.of();
      }
      long start = LogRepair.start(files, directory.resolve("log"));
      queues.forgetBefore(start);
      keys.forgetBefore(start);
      Damage unusable = restore(newest, queues, keys);
      return unusable == null ? look.apply(queues, keys) : otherwise.apply(unusable);
    } finally {
      queues.close();
      keys.close();
    }
  }

  private static @Nullable Damage restore(StateFile state, View queues, View keys) {
    try {
      state.restoreOne(queues);
      state.restoreOne(keys);
      return null;
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.CORRUPT) {
        throw e;
      }
      return new Damage(
          state.path(),
          String.valueOf(e.getMessage()),
          "nothing while another state file or the whole log is there; queues and keys are not checked"
              + " further",
          "it is moved away, and two new state files are written");
    }
  }

  private static List<Damage> damaged(ConsumeQueues queues, KeyIndex keys) {
    Map<Path, List<String>> damaged = new TreeMap<>();
    for (DamagedChunk chunk : queues.findDamaged()) {
      damaged
          .computeIfAbsent(queues.fileOf(chunk), file -> new ArrayList<>())
          .add(chunk.toString());
    }
    for (long at = 0; at >= 0; ) {
      at = keys.checkBehind(at);
    }
    for (DamagedRun run : keys.damaged()) {
      damaged.computeIfAbsent(keys.fileOf(run), file -> new ArrayList<>()).add(run.toString());
    }
    List<Damage> found = new ArrayList<>();
    damaged.forEach((file, parts) -> found.add(new Damage(
        file, "it does not hold " + told(parts), LOST, "it is made again from the log")));
    found.addAll(unread(queues.unread(), "consumers of "));
    found.addAll(unread(keys.unread(), "look-ups among "));
    return found;
  }

  private static List<Damage> unread(List<UnreadPart> parts, String who) {
    Map<Path, List<UnreadPart>> byFile = new TreeMap<>();
    parts.forEach(
        it -> byFile.computeIfAbsent(it.file(), file -> new ArrayList<>()).add(it));
    List<Damage> found = new ArrayList<>();
    byFile.forEach((file, of) -> found.add(Damage.unreadable(
        file,
        of.get(0).why(),
        "Until it can, " + who + told(of.stream().map(UnreadPart::part).toList()) + " wait. "
            + WAITS)));
    return found;
  }

  private static String told(List<String> parts) {
    return parts.get(0) + (parts.size() == 1 ? "" : ", and " + (parts.size() - 1) + " parts more");
  }
}
