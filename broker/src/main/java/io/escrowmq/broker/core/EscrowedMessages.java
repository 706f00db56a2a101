package io.escrowmq.broker.core;

import io.escrowmq.store.LogRecord;
import io.escrowmq.store.StorageException;
import java.util.List;

/**
 * Messages of one kind that are in escrow: durable, and in no queue yet. {@link EscrowRenewal} records
 * them again at the log's tail when their segments age. Log loop only.
 */
public interface EscrowedMessages {

  /**
   * Where a message lies.
   *
   * @param id its name for ever
   * @param position of the newest record that holds it
   * @param bytes the length of that record
   */
  record Place(long id, long position, int bytes) {}

  /** What such a message is called in the broker's log. */
  String kind();

  /** The oldest record that holds one of them; {@code Long.MAX_VALUE} when there is none. */
  long oldestPosition();

  /** Those that lie before a position, at most so many of them. */
  List<Place> before(long position, int most);

  /** Records a message again at the tail. The caller has asked for room. */
  void recordAgain(Recorder recorder, Place place, LogRecord record);

  /**
   * The length of the longest record that holds one of them; 0 when there is none.
   *
   * @param shortEnough when it is at most so long, it may be that of one which has left
   */
  int longestRecord(int shortEnough);

  /**
   * A message's record cannot be read: it is damaged or gone for ever (reason CORRUPT), or only now.
   *
   * @return whether the message is given up; if not, its segment is kept
   */
  boolean isGivenUp(Recorder recorder, Place place, StorageException why);
}
