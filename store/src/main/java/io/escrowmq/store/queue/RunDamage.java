package io.escrowmq.store.queue;

import io.escrowmq.store.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sealed runs of keys were found damaged, and which the disk does not give. The index says which
 * runs there are. Any thread.
 */
final class RunDamage {

  private static final Logger LOG = LoggerFactory.getLogger(RunDamage.class);

  private final BlockFiles files;
  private final RunPages pages;
  // addresses, until retention passes them: those that are among the sealed runs were not made
  // again yet
  private final Set<Long> damaged = ConcurrentHashMap.newKeySet();
  private final Unread unread = new Unread();
  private final AtomicLong everDamaged = new AtomicLong();

  RunDamage(BlockFiles files, RunPages pages) {
    this.files = files;
    this.pages = pages;
  }

  /** Never fewer keys than there are, without a word: what is damaged is refused until it is made again. */
  void find(SortedRun run, KeyMatches matches) {
    if (!damaged.contains(run.address())) {
      try {
        pages.find(run, matches);
        return;
      } catch (StorageException e) {
        if (e.reason() != StorageException.Reason.CORRUPT) {
          unread.note(run.address(), String.valueOf(e.getMessage()));
          throw e; // asked later, the answer may be another one
        }
        note(run, e);
      }
    }
    throw new StorageException(
        StorageException.Reason.IO,
        "the index of " + run.entries() + " keys up to log position " + run.highestPosition()
            + " is damaged and is being made again from the log; try again in a while");
  }

  private void note(SortedRun run, StorageException why) {
    if (damaged.add(run.address())) {
      everDamaged.incrementAndGet();
      LOG.error(
          "{}; {} keys are made again from the log, look-ups among them wait",
          why.getMessage(),
          run.entries());
    }
  }

  long everDamaged() {
    return everDamaged.get();
  }

  /** Those of the runs that were found damaged, and that were not made again yet. */
  List<DamagedRun> damagedOf(SortedRun[] sealed) {
    List<DamagedRun> all = new ArrayList<>();
    long before = 0;
    for (SortedRun run : sealed) {
      if (damaged.contains(run.address())) {
        all.add(named(run, before));
      }
      before = run.highestPosition();
    }
    return all;
  }

  /** Those of the runs that the disk did not give when they were last read. */
  List<UnreadPart> unreadOf(SortedRun[] sealed) {
    List<UnreadPart> all = new ArrayList<>();
    long before = 0;
    for (SortedRun run : sealed) {
      String why = unread.why(run.address());
      if (why != null) {
        all.add(new UnreadPart(files.pathOf(run.address()), named(run, before).toString(), why));
      }
      before = run.highestPosition();
    }
    return all;
  }

  private static DamagedRun named(SortedRun run, long before) {
    return new DamagedRun(run.address(), run.entries(), before, run.highestPosition());
  }

  /**
   * Looks at one run.
   *
   * @param mostLooks what the disk has not given so often is damaged
   * @param sealed all runs that there are
   */
  void check(SortedRun run, int mostLooks, SortedRun[] sealed) {
    try {
      pages.check(run);
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.CORRUPT
          && !unread.isLost(
              run.address(), String.valueOf(e.getMessage()), mostLooks, undamaged(sealed))) {
        return;
      }
      note(run, e);
    }
    unread.forget(run.address());
  }

  private LongStream undamaged(SortedRun[] sealed) {
    return Arrays.stream(sealed)
        .mapToLong(SortedRun::address)
        .filter(address -> !damaged.contains(address));
  }

  /** Looks again at some runs that the disk did not give. One thread. */
  void lookAgain(SortedRun[] sealed) {
    unread.lookAgain(sealed, SortedRun::address, run -> check(run, Unread.MOST_LOOKS, sealed));
  }

  /** Forgets the damage of runs that are not there any more. */
  void retain(SortedRun[] sealed) {
    damaged.retainAll(Arrays.stream(sealed).map(SortedRun::address).toList());
  }
}
