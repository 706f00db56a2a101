package io.escrowmq.broker.core;

import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.store.LogRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a record says, in plain words, and what it names. Immutable.
 *
 * @param words on one line
 * @param topics that it is about
 * @param positions of earlier records, or ids of half-messages, that it refers to
 */
public record RecordText(String words, List<String> topics, List<Long> positions) {

  /** So many members of a list are told, of as many as there are. */
  private static final int MOST_TOLD = 8;

  public RecordText {
    words = words.replaceAll("\\p{Cntrl}", "?"); // clients chose some of them
  }

  /** A record that refers to no other one. */
  public static RecordText of(String words, String topic) {
    return new RecordText(words, List.of(topic), List.of());
  }

  /** What a MESSAGE record says. */
  public static RecordText ofMessage(LogRecord record, MessageView message) {
    return of(
        "offset " + message.queueOffset() + " of " + inWords(message) + ", stored at "
            + Instant.ofEpochMilli(message.storeTimestamp()),
        message.topic());
  }

  /** The queue of a message, what it is found by, and its size. */
  public static String inWords(MessageView message) {
    return message.topic() + "/" + message.queueId()
        + named(", unique key ", message.property(PropertyNames.UNIQUE_KEY))
        + named(", keys ", message.property(PropertyNames.KEYS))
        + named(", tag ", message.property(PropertyNames.TAGS))
        + ", body of " + message.bodyLength() + " bytes";
  }

  private static String named(String name, @Nullable String value) {
    return value == null ? "" : name + value;
  }

  /** The first members of a list, and how many more there are. */
  public static <T> String list(List<T> all, Function<T, String> inWords) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < Math.min(all.size(), MOST_TOLD); i++) {
      words.append(i == 0 ? "" : ", ").append(inWords.apply(all.get(i)));
    }
    return all.size() <= MOST_TOLD
        ? words.toString()
        : words + " and " + (all.size() - MOST_TOLD) + " more";
  }
}
