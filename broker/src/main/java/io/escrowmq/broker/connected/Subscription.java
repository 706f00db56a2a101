package io.escrowmq.broker.connected;

import io.escrowmq.broker.filter.BadFilterException;
import io.escrowmq.broker.filter.SqlFilter;
import io.escrowmq.remoting.body.SubscriptionEntry;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer group wants of one topic: everything, what has one of some tags, or what an SQL92
 * expression over the properties is true of. Immutable.
 *
 * <p>A tag is compared by its hash only; the client itself drops what merely has the same hash.
 */
public final class Subscription {

  /** The expression type of tag lists; what a client means that names no type. */
  public static final String TAG = "TAG";

  /** More tags than this in one subscription are refused. */
  public static final int MOST_TAGS = 1024;

  /** A longer expression is refused, and not kept either: every client of the group would hold it. */
  public static final int MOST_CHARACTERS = 64 << 10;

  private static final int OBJECT_BYTES = 300; // of one subscription without its texts
  private static final int TAG_BYTES = 100; // of one tag without its text
  private static final int BYTES_OF_CONDITION = 32; // for each character of its text

  private static final String SQL92 = "SQL92";
  private static final String EVERYTHING = "*";

  private final String topic;
  private final String expression;
  private final String type;
  private final long version;
  private final Set<String> tags;
  private final int[] tagCodes; // ascending; meaningless when all is true
  private final boolean all;
  private final @Nullable SqlFilter filter;
  private final @Nullable String trouble; // null unless the expression could not be read

  private Subscription(
      String topic,
      String expression,
      String type,
      long version,
      Set<String> tags,
      @Nullable SqlFilter filter,
      @Nullable String trouble) {
    this.topic = topic;
    this.expression = expression;
    this.type = type;
    this.version = version;
    this.tags = Collections.unmodifiableSet(tags);
    this.tagCodes = tags.stream().mapToInt(String::hashCode).sorted().toArray();
    this.all = tags.isEmpty();
    this.filter = filter;
    this.trouble = trouble;
  }

  /**
   * Reads an expression as it stands in a heartbeat or a pull: {@code *}, tags joined by {@code ||},
   * or a condition. One that cannot be read is a subscription with {@link #trouble}: it names no tag,
   * or too many, or is not what {@link SqlFilter} reads, or there is no such type.
   *
   * @param expression of tags: "" means everything
   * @param type null and "" mean {@link #TAG}
   * @param version the client's clock when it subscribed, in milliseconds; larger is newer
   */
  public static Subscription parse(
      String topic, String expression, @Nullable String type, long version) {
    String kind = shown(typeOf(type));
    String text = kind.equals(TAG) && expression.isEmpty() ? EVERYTHING : expression;
    if (text.length() > MOST_CHARACTERS) {
      String trouble = "the " + kind + " subscription '" + shown(text) + "' has " + text.length()
          + " characters, at most " + MOST_CHARACTERS + " are allowed";
      return new Subscription(topic, shown(text), kind, version, Set.of(), null, trouble);
    }
    try {
      return switch (kind) {
        case TAG -> new Subscription(topic, text, kind, version, tagsOf(text), null, null);
        case SQL92 ->
          new Subscription(topic, text, kind, version, Set.of(), SqlFilter.compile(text), null);
        default -> throw new BadSubscriptionException("there is no expression type of this name");
      };
    } catch (BadSubscriptionException | BadFilterException e) {
      String trouble =
          "the " + kind + " subscription '" + shown(text) + "' cannot be read: " + e.getMessage();
      return new Subscription(topic, text, kind, version, Set.of(), null, trouble);
    }
  }

  private static String typeOf(@Nullable String type) {
    return type == null || type.isEmpty() ? TAG : type;
  }

  private static Set<String> tagsOf(String expression) {
    if (expression.equals(EVERYTHING)) {
      return Set.of();
    }
    Set<String> tags = new TreeSet<>();
    int at = 0;
    while (at <= expression.length()) {
      int bar = expression.indexOf("||", at);
      int end = bar < 0 ? expression.length() : bar;
      String tag = expression.substring(at, end).trim();
      if (!tag.isEmpty() && tags.add(tag) && tags.size() > MOST_TAGS) {
        throw new BadSubscriptionException("it names more than " + MOST_TAGS + " tags");
      }
      at = end + 2;
    }
    if (tags.isEmpty()) {
      throw new BadSubscriptionException("it names no tag: write '*', or tags joined by '||'");
    }
    return tags;
  }

  /** About how much memory it takes. */
  public int heldBytes() {
    int texts = topic.length() + expression.length();
    for (String tag : tags) {
      texts += tag.length() + TAG_BYTES;
    }
    return OBJECT_BYTES
        + 2 * texts
        + (filter == null ? 0 : BYTES_OF_CONDITION * expression.length());
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

  /** Why no message can be judged by it, as a sentence; null when messages can be. */
  public @Nullable String trouble() {
    return trouble;
  }

  public long version() {
    return version;
  }

  /** As operators are told it. */
  public SubscriptionEntry entry() {
    return new SubscriptionEntry(
        topic,
        expression,
        type,
        List.copyOf(tags),
        Arrays.stream(tagCodes).boxed().toList(),
        version,
        false);
  }

  /**
   * Whether a message may be wanted whose tag has this hash; 0 stands for no tag. If there is a {@link
   * #filter}, that decides.
   */
  public boolean matches(int tagCode) {
    return all || Arrays.binarySearch(tagCodes, tagCode) >= 0;
  }

  /** What judges messages by their properties; null when their tags are enough. */
  public @Nullable SqlFilter filter() {
    return filter;
  }

  /** Whether these are its words. */
  public boolean says(String otherExpression, @Nullable String otherType) {
    return expression.equals(otherExpression) && type.equals(typeOf(otherType));
  }

  /** Whether both want the same, whatever their versions. */
  boolean wantsSameAs(Subscription other) {
    return says(other.expression, other.type);
  }
}
