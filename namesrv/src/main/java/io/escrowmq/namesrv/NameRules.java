package io.escrowmq.namesrv;

import io.escrowmq.namesrv.route.TopicQueues;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which names the name server takes in. It leaves to brokers which topic names are good; it only
 * wants them short, and fit for a log line and a terminal.
 */
final class NameRules {

  private static final int MAX_LENGTH = 255; // a retry topic of the longest group has 127
  private static final int LARGEST_PORT = 65_535;
  private static final int MAX_QUEUES = 65_535;
  private static final int MAX_PERMISSION = 7;
  private static final int SHOWN = 64; // characters of a bad name that an answer repeats

  private static final Pattern ADDRESS = Pattern.compile("[\\p{Alnum}._-]{1,240}:\\d{1,5}");
  private static final String V6 = "[0-9a-fA-F:.]{2,64}(%\\w{1,32})?";
  private static final Pattern ADDRESS_V6 = Pattern.compile("(\\[" + V6 + "]|" + V6 + "):\\d{1,5}");

  private NameRules() {}

  /** A sentence that says why this is no name, naming value and limit; null when it is one. */
  static @Nullable String refusal(String what, String name) {
    if (name.isBlank()) {
      return "the " + what + " name is blank";
    }
    if (name.length() > MAX_LENGTH) {
      return "the " + what + " name '" + shown(name) + "' has " + name.length()
          + " characters, at most " + MAX_LENGTH + " are allowed";
    }
    return name.chars().anyMatch(Character::isISOControl)
        ? "the " + what + " name '" + shown(name) + "' contains a control character"
        : null;
  }

  /** Why a broker cannot have this topic, naming value and limit; null when it can. */
  static @Nullable String topicRefusal(String topic, TopicQueues queues) {
    int fewest = Math.min(queues.readQueues(), queues.writeQueues());
    int most = Math.max(queues.readQueues(), queues.writeQueues());
    if (fewest < 0 || most > MAX_QUEUES) {
      return "the topic '" + shown(topic) + "' has " + queues.readQueues() + " queues to read and "
          + queues.writeQueues() + " to write, between 0 and " + MAX_QUEUES + " are allowed";
    }
    if (queues.perm() < 0 || queues.perm() > MAX_PERMISSION) {
      return "the topic '" + shown(topic) + "' has the permission " + queues.perm()
          + ", between 0 and " + MAX_PERMISSION + " are allowed";
    }
    return refusal("topic", topic);
  }

  /** As {@link #refusal}, for "host:port". */
  static @Nullable String addressRefusal(String what, String address) {
    String shape = refusal(what, address);
    if (shape != null) {
      return shape;
    }
    if (!ADDRESS.matcher(address).matches() && !ADDRESS_V6.matcher(address).matches()) {
      return "the " + what + " '" + shown(address)
          + "' is not of the form host:port, where a host is"
          + " letters, digits, '.', '-' and '_', or an IPv6 address";
    }
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    return port >= 1 && port <= LARGEST_PORT
        ? null
        : "the " + what + " '" + shown(address) + "' has the port " + port + ", 1 to "
            + LARGEST_PORT + " are allowed";
  }

  /** Short, and without what would disturb a log or a terminal. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .limit(SHOWN)
        .forEach(c -> shown.append(Character.isISOControl(c) ? '?' : (char) c));
    return text.length() > SHOWN ? shown.append('…').toString() : shown.toString();
  }
}
