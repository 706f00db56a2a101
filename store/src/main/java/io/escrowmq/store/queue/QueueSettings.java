package io.escrowmq.store.queue;

/**
 * Settings of the consume queues.
 *
 * @param chunkEntries how many entries a queue gathers in memory before they are sealed as a chunk;
 *     too low: many small writes and a large directory; too high: much memory for each queue in use
 * @param chunkFileBytes size at which the next chunk file begins; too low: many open files; too high:
 *     retention frees the room late
 * @param tailBytes how much memory the unsealed entries of all queues may take before queues seal
 *     small chunks; too low: many small writes; too high: a broker with very many queues runs out of
 *     heap
 * @param cachedChunks how many chunks are kept in memory for readers that lag
 */
public record QueueSettings(
    int chunkEntries, int chunkFileBytes, long tailBytes, int cachedChunks) {

  private static final int CACHED_CHUNKS = 1024;

  /** Fits a heap of this many bytes: chunks in the cache take three eighths of a small one at most. */
  public static QueueSettings forHeap(long heapBytes) {
    long entries = heapBytes * 3 / 8 / CACHED_CHUNKS / Entry.BYTES;
    return new QueueSettings(
        (int) Math.max(16, Math.min(256, entries)),
        64 << 20,
        Math.max(heapBytes / 6, 4 << 20),
        CACHED_CHUNKS);
  }

  public QueueSettings {
    if (chunkEntries < 2 || chunkFileBytes < 1 || tailBytes < 0 || cachedChunks < 1) {
      throw new IllegalArgumentException(
          "queue settings out of range: %d entries a chunk, %d bytes a file, %d bytes, %d cached"
              .formatted(chunkEntries, chunkFileBytes, tailBytes, cachedChunks));
    }
  }
}
