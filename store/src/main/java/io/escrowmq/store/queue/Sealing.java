package io.escrowmq.store.queue;

/**
 * When entries of queues leave memory for their files: how much of them there is, how many a queue gathers, and
 * when a disk is tried again that did not take a chunk. Owner: the log loop.
 */
final class Sealing {

  private static final int ENTRIES_WHEN_SHORT_OF_MEMORY = 16;
  private static final int MOST_TAILS = 2; // times what the settings give to unsealed entries
  private static final int APPENDS_BETWEEN_TRIES = 4096;
  private static final int QUEUES_A_TURN = 4096; // tried again; most have too few entries to seal
  private static final int BYTES_A_TURN = 1 << 20; // sealed when queues are tried again

  private final Chunks chunks;
  private final QueueSettings settings;
  private long tailBytes; // of all queues' unsealed entries
  private int appendsDue; // to let pass before a disk is tried again that did not take a chunk
  private int untried; // places of the roll from 0 on that were not tried since then
  private long sealedBytes; // in this turn of trying again

  Sealing(Chunks chunks, QueueSettings settings) {
    this.chunks = chunks;
    this.settings = settings;
  }

  // Memory

  void tailGrew(long moreBytes) {
    tailBytes += moreBytes;
  }

  long tailBytes() {
    return tailBytes;
  }

  boolean isOverfull() {
    return tailBytes > MOST_TAILS * settings.tailBytes();
  }

  boolean isShortOfMemory() {
    return tailBytes > settings.tailBytes();
  }

  /** A queue with so many entries is to be sealed. */
  int sealAt() {
    return isShortOfMemory()
        ? Math.min(ENTRIES_WHEN_SHORT_OF_MEMORY, settings.chunkEntries())
        : settings.chunkEntries();
  }

  int chunkEntries() {
    return settings.chunkEntries();
  }

  // The disk

  void appended() {
    if (appendsDue > 0) {
      appendsDue--;
    }
  }

  /** False when the disk did not take a chunk a short while ago. */
  boolean tries() {
    return appendsDue == 0;
  }

  /** As {@link Chunks#append}; if it finds no room, the disk is left alone for a while. */
  long seal(long firstOffset, long[] words, int count, long highestPosition) {
    long address = chunks.append(firstOffset, words, count, highestPosition);
    if (address == Chunks.NO_ROOM) {
      appendsDue = APPENDS_BETWEEN_TRIES;
      untried = Integer.MAX_VALUE;
    } else {
      sealedBytes += Chunks.bytes(count);
    }
    return address;
  }

  /** True from when the disk did not take a chunk until each queue was tried again. */
  boolean isBehind() {
    return untried > 0;
  }

  /** Tries a bounded number of queues again; returns true when it can go on at once. */
  boolean again(Roll roll) {
    sealedBytes = 0;
    appendsDue = 0;
    untried = Math.min(untried, roll.size());
    for (int i = 0; i < QUEUES_A_TURN && sealedBytes < BYTES_A_TURN; i++) {
      if (untried == 0) {
        return false;
      }
      roll.queue(untried - 1).seal();
      if (!tries()) {
        return false;
      }
      untried--;
    }
    return true;
  }
}
