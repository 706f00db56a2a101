package io.escrowmq.remoting.message;

import static io.escrowmq.remoting.message.PropertyNames.*;

import java.util.ArrayList;
import java.util.List;

/**
 * Properties that tell brokers what to do with a message, and act once: they are taken off at the door,
 * so that whoever sends a message on, or copies its properties, sends a new plain one. Pure.
 *
 * <p>All other properties describe the message and stay with it.
 */
public final class PassingProperties {

  /** What becomes of a property at the door. */
  private enum Fate {
    STAYS,
    /** Needed while the message is in escrow, and kept beside it so long. */
    KEPT_ASIDE,
    /** Has acted already, or is the broker's to say. */
    DROPPED,
    /** Tells a consumer group's tries of a message; means nothing elsewhere. */
    OF_RETRIES
  }

  private record Entry(String name, byte[] bytes, Fate fate) {

    Entry(String name, Fate fate) {
      this(name, PropertyCursor.name(name), fate);
    }
  }

  /**
   * A property string in two.
   *
   * @param visible what consumers get
   * @param control what a broker needs until the message is released, in the same form; mostly ""
   */
  public record Split(String visible, String control) {}

  private static final List<Entry> ENTRIES = List.of(
      new Entry(HALF, Fate.KEPT_ASIDE),
      new Entry(PRODUCER_GROUP, Fate.KEPT_ASIDE),
      new Entry(CHECK_IMMUNITY_SECONDS, Fate.KEPT_ASIDE),
      new Entry(ESCROW_TRANSACTION, Fate.KEPT_ASIDE),
      new Entry(ESCROW_PREPARED, Fate.KEPT_ASIDE),
      new Entry(DELAY, Fate.KEPT_ASIDE),
      new Entry(TIMER_DELAY_SECONDS, Fate.KEPT_ASIDE),
      new Entry(TIMER_DELAY_MILLIS, Fate.KEPT_ASIDE),
      new Entry(TIMER_DELIVER_MILLIS, Fate.KEPT_ASIDE),
      new Entry(TIMER_OUT_MILLIS, Fate.KEPT_ASIDE),
      new Entry(TIMER_ENQUEUE_MILLIS, Fate.DROPPED),
      new Entry(TIMER_DEQUEUE_MILLIS, Fate.DROPPED),
      new Entry(TIMER_ROLL_TIMES, Fate.DROPPED),
      new Entry(TIMER_ROLL_LABEL, Fate.DROPPED),
      new Entry(TIMER_DELAY_LEVEL, Fate.DROPPED),
      new Entry(TIMER_DELETED_KEY, Fate.DROPPED),
      new Entry(ESCROW_ONCE, Fate.DROPPED),
      new Entry(TRANSACTION_CHECK_TIMES, Fate.DROPPED),
      new Entry(TRANSACTION_PREPARED_QUEUE_OFFSET, Fate.DROPPED),
      new Entry(REAL_TOPIC, Fate.DROPPED),
      new Entry(REAL_QUEUE_ID, Fate.DROPPED),
      new Entry(POP_RECEIPT, Fate.DROPPED),
      new Entry(FIRST_POP_TIME, Fate.DROPPED),
      new Entry(REGION, Fate.DROPPED),
      new Entry(TRACE_ON, Fate.DROPPED),
      new Entry(CLUSTER, Fate.DROPPED),
      new Entry(RETRY_TOPIC, Fate.OF_RETRIES),
      new Entry(ORIGIN_GROUP, Fate.OF_RETRIES),
      new Entry(ORIGIN_MESSAGE_ID, Fate.OF_RETRIES),
      new Entry(RECONSUME_TIME, Fate.OF_RETRIES),
      new Entry(MAX_RECONSUME_TIMES, Fate.OF_RETRIES),
      new Entry(DLQ_ORIGIN_TOPIC, Fate.OF_RETRIES),
      new Entry(DLQ_ORIGIN_MESSAGE_ID, Fate.OF_RETRIES));

  private static final Entry[][] BY_LENGTH = byLength();
  private static final byte[] TRANSIENT = PropertyCursor.name(TRANSIENT_PREFIX);

  private PassingProperties() {}

  private static Entry[][] byLength() {
    int longest = ENTRIES.stream().mapToInt(entry -> entry.name.length()).max().orElse(0);
    List<List<Entry>> lists = new ArrayList<>();
    for (int i = 0; i <= longest; i++) {
      lists.add(new ArrayList<>());
    }
    ENTRIES.forEach(entry -> lists.get(entry.name.length()).add(entry));
    return lists.stream().map(list -> list.toArray(Entry[]::new)).toArray(Entry[][]::new);
  }

  /** Whether a property of this name is taken off messages that do not go to a retry topic. */
  public static boolean isPassing(String name) {
    return fate(name, 0, name.length()) != Fate.STAYS;
  }

  /** Whether the property that the cursor stands at does not simply stay with its message. */
  public static boolean isPassing(PropertyCursor property) {
    int length = property.nameLength();
    if (length < BY_LENGTH.length) {
      for (Entry entry : BY_LENGTH[length]) {
        if (property.isNamed(entry.bytes)) {
          return true;
        }
      }
    }
    return length >= TRANSIENT.length && property.isNamedFrom(TRANSIENT);
  }

  /**
   * Takes a property string apart.
   *
   * @param toRetries whether the message goes to a group's retry or dead letter topic
   */
  public static Split split(String text, boolean toRetries) {
    StringBuilder visible = null;
    StringBuilder control = null;
    int copied = 0;
    int nameEnd = -1;
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf(Properties.ENTRY_END, at);
      end = end < 0 ? text.length() : end;
      if (nameEnd < at) { // looked for once, however many entries have none
        nameEnd = text.indexOf(Properties.NAME_END, at);
        nameEnd = nameEnd < 0 ? Integer.MAX_VALUE : nameEnd;
      }
      Fate fate = nameEnd > at && nameEnd < end - 1 ? fate(text, at, nameEnd) : Fate.STAYS;
      if (fate != Fate.STAYS && !(fate == Fate.OF_RETRIES && toRetries)) {
        visible = visible == null ? new StringBuilder(text.length()) : visible;
        visible.append(text, copied, at);
        copied = Math.min(end + 1, text.length());
        if (fate == Fate.KEPT_ASIDE) {
          control = control == null ? new StringBuilder(text.length()) : control;
          control.append(text, at, end).append(Properties.ENTRY_END);
        }
      }
      at = end + 1;
    }
    return new Split(
        visible == null ? text : visible.append(text, copied, text.length()).toString(),
        control == null ? "" : control.toString());
  }

  private static Fate fate(String text, int at, int nameEnd) {
    int length = nameEnd - at;
    if (length < BY_LENGTH.length) {
      for (Entry entry : BY_LENGTH[length]) {
        if (text.startsWith(entry.name, at)) {
          return entry.fate;
        }
      }
    }
    return length >= TRANSIENT_PREFIX.length() && text.startsWith(TRANSIENT_PREFIX, at)
        ? Fate.DROPPED
        : Fate.STAYS;
  }
}
