package io.escrowmq.broker.consumer;

import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer group wants of one topic. Immutable.
 *
 * <p>A tag is compared by its hash only; the client itself drops what merely has the same hash.
 */
public final class Subscription {

  /** The expression type of tag lists; what a client means that names no type. */
  public static final String TAG = "TAG";

  /** More tags than this in one subscription are refused. */
  public static final int MOST_TAGS = 1024;

  private static final String EVERYTHING = "*";

  private final String topic;
  private final String expression;
  private final String type;
  private final long version;
  private final Set<String> tags;
  private final int[] tagCodes; // ascending; meaningless when all is true
  private final boolean all;

  private Subscription(
      String topic, String expression, String type, long version, Set<String> tags) {
    this.topic = topic;
    this.expression = expression;
    this.type = type;
    this.version = version;
    this.tags = Collections.unmodifiableSet(tags);
    this.tagCodes = tags.stream().mapToInt(String::hashCode).sorted().toArray();
    this.all = tags.isEmpty();
  }

  /**
   * Reads an expression as it stands in a heartbeat or a pull: {@code *}, or tags joined by {@code
   * ||}. An expression of another type is kept as text and not read.
   *
   * @param expression null and "" mean everything
   * @param type null and "" mean {@link #TAG}
   * @param version the client's clock when it subscribed, in milliseconds; larger is newer
   * @throws BadSubscriptionException when the expression names no tag, or too many
   */
  public static Subscription parse(
      String topic, @Nullable String expression, @Nullable String type, long version) {
    String text = expression == null || expression.isEmpty() ? EVERYTHING : expression;
    String kind = type == null || type.isEmpty() ? TAG : type;
    Set<String> tags = kind.equals(TAG) && !text.equals(EVERYTHING) ? tagsOf(text) : Set.of();
    return new Subscription(topic, text, kind, version, tags);
  }

  private static Set<String> tagsOf(String expression) {
    Set<String> tags = new TreeSet<>();
    int at = 0;
    while (at <= expression.length()) {
      int bar = expression.indexOf("||", at);
      int end = bar < 0 ? expression.length() : bar;
      String tag = expression.substring(at, end).trim();
      if (!tag.isEmpty() && tags.add(tag) && tags.size() > MOST_TAGS) {
        throw new BadSubscriptionException(
            "the subscription names more than " + MOST_TAGS + " tags");
      }
      at = end + 2;
    }
    if (tags.isEmpty()) {
      throw new BadSubscriptionException("the subscription '" + shown(expression)
          + "' names no tag: write '*', or tags joined by '||'");
    }
    return tags;
  }

  private static String shown(String expression) {
    return expression.length() <= 64 ? expression : expression.substring(0, 64) + "…";
  }

  public String topic() {
    return topic;
  }

  /** The expression as the client wrote it. */
  public String expression() {
    return expression;
  }

  public String type() {
    return type;
  }

  /** False for expressions that {@link #matches} cannot judge. */
  public boolean isByTag() {
    return type.equals(TAG);
  }

  public long version() {
    return version;
  }

  /** The subscribed tags in ascending order; empty when everything is wanted. */
  public Set<String> tags() {
    return tags;
  }

  /** The hashes of the subscribed tags, ascending; a copy. */
  public int[] tagCodes() {
    return tagCodes.clone();
  }

  /** True when every message is wanted. */
  public boolean isAll() {
    return all;
  }

  /** Whether a message is wanted whose tag has this hash; 0 stands for no tag. */
  public boolean matches(int tagCode) {
    return all || Arrays.binarySearch(tagCodes, tagCode) >= 0;
  }

  /** Whether both want the same, whatever their versions. */
  boolean wantsSameAs(Subscription other) {
    return expression.equals(other.expression) && type.equals(other.type);
  }
}
