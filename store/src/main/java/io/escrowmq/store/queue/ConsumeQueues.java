package io.escrowmq.store.queue;

import io.escrowmq.store.FileSystem;
import io.escrowmq.store.Image;
import io.escrowmq.store.View;
import java.io.DataInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All consume queues: (topic, queue, offset) to position. Derived from the log. Owner: the log loop;
 * any thread finds and reads queues.
 *
 * <p>The newest entries of a queue are in memory; when a turn ends with enough of them, they are sealed as a
 * chunk in files that all queues share. While these cannot be written, entries stay in memory. Crash argument: an image syncs the chunks it names before
 * it writes their addresses, everything younger is made again by replay, and overwrites what a crash
 * left behind the image's end.
 */
public final class ConsumeQueues implements View, AutoCloseable {

  /** Queues of one topic at most: a number that nobody may trust decides how much memory is taken. */
  static final int MOST_QUEUES = 1 << 16;

  private static final int TRIMMED_A_TURN = 64;

  private final Chunks chunks;
  private final Sealing sealing;
  private final ConcurrentHashMap<String, @Nullable ConsumeQueue[]> topics =
      new ConcurrentHashMap<>();

  private final ChunkDamage damage = new ChunkDamage(this);
  private final UnreadChunks unread;

  // the log loop's
  private final List<ConsumeQueue> touched = new ArrayList<>();
  private Roll roll = new Roll();
  private int untrimmed; // places of the roll from 0 on that have not seen the last forgetting

  private volatile long forgottenBefore;

  private ConsumeQueues(FileSystem files, Path directory, QueueSettings settings) {
    this.chunks = new Chunks(files, directory, settings);
    this.sealing = new Sealing(chunks, settings);
    this.unread = new UnreadChunks(this, chunks);
  }

  /**
   * Queues without entries, to be restored or filled by replay. Chunk files that are in the directory
   * and that no restored image names are deleted.
   */
  public static ConsumeQueues open(FileSystem files, Path directory, QueueSettings settings) {
    return new ConsumeQueues(files, directory, settings);
  }

  // Any thread

  /** The queue, if it was ever appended to. */
  public @Nullable ConsumeQueue find(String topic, int queueId) {
    @Nullable ConsumeQueue[] queues = topics.get(topic);
    return queues == null || queueId < 0 || queueId >= queues.length ? null : queues[queueId];
  }

  // The log loop

  /** The queue, made when it is missing. */
  public ConsumeQueue obtain(String topic, int queueId) {
    ConsumeQueue found = find(topic, queueId);
    if (found != null) {
      return found;
    }
    if (queueId < 0 || queueId >= MOST_QUEUES) {
      throw new IllegalArgumentException("the topic " + topic + " cannot have a queue " + queueId
          + ": numbers of queues are 0 to " + (MOST_QUEUES - 1));
    }
    @Nullable ConsumeQueue[] old = topics.get(topic);
    ConsumeQueue made = new ConsumeQueue(this, topic, queueId, roll.size());
    roll.add(made);
    // copied, so that readers see a whole array
    @Nullable
    ConsumeQueue[] queues = old == null
        ? new ConsumeQueue[queueId + 1]
        : Arrays.copyOf(old, Math.max(old.length, queueId + 1));
    queues[queueId] = made;
    topics.put(topic, queues);
    return made;
  }

  /**
   * Lets a queue go on at an offset beyond its tail, because the messages between were lost: their
   * entries have none. A queue that was never used begins there.
   *
   * @param timeMillis when the message at the offset was stored: the lost ones are looked for there
   */
  public void skipTo(String topic, int queueId, long offset, long timeMillis) {
    ConsumeQueue queue = obtain(topic, queueId);
    if (queue.tail() == 0) {
      Shape empty = new Shape(ChunkDirectory.EMPTY, offset, new long[0]);
      queue.restore(empty, offset, forgottenBefore, offset);
      roll.tail(queue.place(), offset);
      roll.shape(queue.place(), empty);
    }
    while (queue.tail() < offset) {
      queue.appendLost(timeMillis);
      queue.seal();
    }
  }

  /**
   * Takes the message from each entry whose record is lost. Before anybody reads; durable when it
   * returns.
   *
   * @param isLost by the position of a record
   * @return how many entries
   */
  public int lose(LongPredicate isLost) {
    Set<Integer> rewritten = new HashSet<>();
    int lost = 0;
    for (ConsumeQueue queue : all()) {
      lost += queue.lose(isLost, rewritten);
    }
    chunks.files().syncRewritten(rewritten);
    return lost;
  }

  /** Names and queues of all topics that have queues. The log loop only. */
  public Map<String, Integer> queuesByTopic() {
    Map<String, Integer> all = new TreeMap<>();
    topics.forEach((topic, queues) -> all.put(topic, queues.length));
    return all;
  }

  /** Forgets the topic's queues. A queue of the same name begins at offset 0 again. */
  public void delete(String topic) {
    @Nullable ConsumeQueue[] queues = topics.remove(topic);
    if (queues == null) {
      return;
    }
    for (ConsumeQueue queue : queues) {
      if (queue != null) {
        sealing.tailGrew(-(long) roll.shape(queue.place()).tail.length * Long.BYTES);
        roll.remove(queue.place());
        touched.remove(queue);
      }
    }
    damage.forget(topic);
  }

  /**
   * The log before this position is gone: entries that point there are, too. Called before {@link
   * #restore} it says which chunk files may be missing.
   */
  public void forgetBefore(long logPosition) {
    if (logPosition <= forgottenBefore) {
      return;
    }
    // first the position, then the files: a reader who misses a file finds out why
    forgottenBefore = logPosition;
    chunks.files().forgetBefore(logPosition);
    untrimmed = roll.size();
  }

  /** How many queues {@link #handOverTouched} would hand over now. */
  public int touched() {
    return touched.size();
  }

  /**
   * Hands over every queue that was appended to in this turn, with its tail of now. {@link #sealTouched} follows
   * when nobody waits for the turn any more.
   */
  public void handOverTouched(ObjLongConsumer<ConsumeQueue> into) {
    for (ConsumeQueue queue : touched) {
      into.accept(queue, queue.tail());
      queue.drain();
    }
  }

  /** Ends the turn: seals the tails that are long enough, of the queues that were handed over. */
  public void sealTouched() {
    touched.forEach(ConsumeQueue::seal);
    touched.clear();
    trimSome();
  }

  /** Both, where nobody waits. Now and then in a replay. */
  public void drainTouched(ObjLongConsumer<ConsumeQueue> into) {
    handOverTouched(into);
    sealTouched();
  }

  /** True from when the files could not be written until all that stayed in memory was tried again. */
  public boolean hasUnsealed() {
    return sealing.isBehind();
  }

  /**
   * Tries to seal a bounded number of tails again. Otherwise only appends have the files tried again, and there
   * are none while {@link #isOverfull} has sends refused.
   *
   * @return whether it can go on at once
   */
  public boolean sealAgain() {
    return sealing.again(roll);
  }

  /** A little each turn: with very many queues all of them at once would stall the log loop. */
  private void trimSome() {
    untrimmed = Math.min(untrimmed, roll.size());
    for (int i = 0; i < TRIMMED_A_TURN && untrimmed > 0; i++) {
      untrimmed--;
      roll.queue(untrimmed).trim(forgottenBefore);
    }
  }

  /**
   * True when the chunk files could not be written for so long that the entries in memory take twice
   * what they may: nothing more should be sent then. The log loop only.
   */
  public boolean isOverfull() {
    return sealing.isOverfull();
  }

  /** Memory that unsealed entries take, in bytes. The log loop only. */
  public long tailBytes() {
    return sealing.tailBytes();
  }

  @Override
  public String name() {
    return "queues";
  }

  @Override
  public Image beginImage() {
    return new QueuesImage(roll.copy(), forgottenBefore, chunks.files());
  }

  /** A chunk file that is missing or too short is no obstacle: who reads it finds damage. */
  @Override
  public void restore(DataInput in) throws IOException {
    clear();
    boolean whole = false;
    try {
      QueuesImage.read(in, this, chunks.files());
      whole = true;
    } finally {
      if (!whole) {
        clear();
      }
    }
  }

  private void clear() {
    topics.clear();
    roll = new Roll();
    sealing.tailGrew(-sealing.tailBytes());
  }

  /** Ends the use of the chunk files; readers have stopped. */
  @Override
  public void close() {
    chunks.files().close();
  }

  // Damage: any thread

  /** How many chunks were found damaged so far. */
  public long everDamaged() {
    return damage.everDamaged();
  }

  /** The chunks that readers found damaged, and that were not made again yet. */
  public List<DamagedChunk> damaged() {
    return damage.all();
  }

  /** Looks at all chunks, so that {@link #damaged} knows of all that are damaged now. */
  public List<DamagedChunk> findDamaged() {
    all().forEach(queue -> queue.checkChunks(0, Integer.MAX_VALUE, LostSink.NONE));
    return damaged();
  }

  /** The chunks that the disk did not give when they were last read. */
  public List<UnreadPart> unread() {
    return unread.all();
  }

  /**
   * Looks again at some of those: what is not given however often is damaged from then on. About once a
   * second; one thread.
   */
  public void lookAgain() {
    unread.lookAgain();
  }

  /** Takes all for damaged that the disk does not give now. */
  public void giveUpUnread() {
    unread.giveUp();
  }

  /** The queues that there are now. Any thread. */
  public List<ConsumeQueue> all() {
    List<ConsumeQueue> all = new ArrayList<>();
    for (@Nullable ConsumeQueue[] queues : topics.values()) {
      for (ConsumeQueue queue : queues) {
        if (queue != null) {
          all.add(queue);
        }
      }
    }
    return all;
  }

  /** The file that a damaged chunk is in. */
  public Path fileOf(DamagedChunk chunk) {
    return chunks.files().pathOf(chunk.address());
  }

  /** Begins to make chunks again; {@link #rebuilt} ends it. */
  public ChunkRebuild rebuild(List<DamagedChunk> chunksToMake) {
    return new ChunkRebuild(chunks, chunksToMake);
  }

  /** They can be read again. */
  public void rebuilt(List<DamagedChunk> made) {
    damage.made(made);
  }

  // For the queues

  ChunkDamage damage() {
    return damage;
  }

  UnreadChunks unreadChunks() {
    return unread;
  }

  Sealing sealing() {
    return sealing;
  }

  long forgottenBefore() {
    return forgottenBefore;
  }

  void rewrite(long address, long firstOffset, long[] words, int count) {
    chunks.rewrite(address, firstOffset, words, count);
  }

  void appended(ConsumeQueue queue, int place, long tail, boolean first) {
    roll.tail(place, tail);
    sealing.appended();
    if (first) {
      touched.add(queue);
    }
  }

  void reshaped(int place, Shape shape, long moreBytes) {
    roll.shape(place, shape);
    sealing.tailGrew(moreBytes);
  }

  long @Nullable [] checkChunk(long address, long firstOffset, int count) {
    return chunks.check(address, firstOffset, count);
  }

  long[] chunk(long address, long firstOffset, int count) {
    return chunks.read(address, firstOffset, count);
  }

  /** The queue of the image's next entry, as it was; everything of it is published. */
  void restored(
      String topic, int queueId, Shape shape, long tail, long minOffsetFor, long minOffset) {
    ConsumeQueue queue = obtain(topic, queueId);
    queue.restore(shape, tail, minOffsetFor, minOffset);
    roll.tail(queue.place(), tail);
    reshaped(queue.place(), shape, (long) shape.tail.length * Long.BYTES);
  }

  void restoredForgotten(long position) {
    forgottenBefore = Math.max(forgottenBefore, position);
  }

  /** For tests: the topics that have queues. */
  Map<String, @Nullable ConsumeQueue[]> topics() {
    return topics;
  }
}
