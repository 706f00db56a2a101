package io.escrowmq.store.queue;

/**
 * Settings of the key index.
 *
 * @param runEntries how many entries are gathered in memory before they are sorted into a run, at
 *     most 32,768; too low: many runs to search; too high: much memory
 * @param runFileBytes size at which the next run file begins; too high: retention frees the room late
 */
public record KeySettings(int runEntries, int runFileBytes) {

  public static final KeySettings DEFAULT = new KeySettings(32_768, 64 << 20);

  /** Fits a heap of this many bytes: the runs in memory take a thirty-second of it at most. */
  public static KeySettings forHeap(long heapBytes) {
    long entries = heapBytes / 32 / KeyIndex.MOST_IN_MEMORY / MemoryRun.ENTRY_BYTES;
    return new KeySettings(
        (int) Math.max(64, Math.min(DEFAULT.runEntries, entries)), DEFAULT.runFileBytes);
  }

  public KeySettings {
    if (runEntries < 1 || runEntries > 32_768 || runFileBytes < 1) {
      throw new IllegalArgumentException(
          "key settings out of range: %d entries a run, %d bytes a file"
              .formatted(runEntries, runFileBytes));
    }
  }
}
