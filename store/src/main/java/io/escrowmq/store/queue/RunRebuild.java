package io.escrowmq.store.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes damaged runs of keys again from the log. The caller offers every key of every record between
 * {@link #from} and {@link #to}, in order. Owner: one thread, beside readers.
 *
 * <p>A record whose keys are in two runs has all of them in the one that is made again: which of them
 * were in it, nobody knows any more. So a key may be found twice, which {@link KeyMatches} takes care
 * of.
 */
public final class RunRebuild {

  private static final class Target {
    private final DamagedRun run;
    private final List<MemoryRun> made = new ArrayList<>();
    private int keys;

    private Target(DamagedRun run) {
      this.run = run;
    }
  }

  private final KeyIndex index;
  private final int runEntries;
  private final List<Target> targets;

  RunRebuild(KeyIndex index, int runEntries, List<DamagedRun> damaged) {
    this.index = index;
    this.runEntries = runEntries;
    this.targets = damaged.stream().map(Target::new).toList();
  }

  /** No record before this position has a key that is looked for. */
  public long from() {
    return targets.stream().mapToLong(target -> target.run.from()).min().orElse(0);
  }

  /** Nor one behind this position. */
  public long to() {
    return targets.stream().mapToLong(target -> target.run.to()).max().orElse(-1);
  }

  /** Whether keys of the record at this position are looked for. */
  public boolean wants(long position) {
    for (Target target : targets) {
      if (position >= target.run.from() && position <= target.run.to()) {
        return true;
      }
    }
    return false;
  }

  /** The record at a position has a key. */
  public void offer(long keyHash, long position, long timeMillis) {
    for (Target target : targets) {
      if (position >= target.run.from() && position <= target.run.to()) {
        add(target, keyHash, position, timeMillis);
      }
    }
  }

  private void add(Target target, long keyHash, long position, long timeMillis) {
    int last = target.made.size() - 1;
    if (last < 0 || !target.made.get(last).add(keyHash, position, timeMillis)) {
      MemoryRun more = new MemoryRun(runEntries);
      more.add(keyHash, position, timeMillis);
      target.made.add(more);
    }
    target.keys++;
  }

  /**
   * Puts what was made in place of what was damaged; answers how many keys the log did not have any
   * more.
   *
   * @throws io.escrowmq.store.StorageException when the disk does not take it; it may be tried again
   */
  public int finish() {
    int missing = 0;
    for (Target target : targets) {
      index.replace(target.run.address(), target.made);
      missing += Math.max(0, target.run.keys() - target.keys);
    }
    return missing;
  }
}
