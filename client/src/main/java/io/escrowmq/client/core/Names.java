package io.escrowmq.client.core;

import io.escrowmq.remoting.message.GroupNames;
import io.escrowmq.remoting.message.TopicNames;
import java.util.Objects;
import java.util.regex.Pattern;

/** Refuses names that no server would take. */
public final class Names {

  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?]");
  private static final int HIGHEST_PORT = 65_535;

  private Names() {}

  public static String group(String name) {
    Objects.requireNonNull(name, "the group is null");
    String refusal = GroupNames.refusal(name);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    return name;
  }

  /** An address of the form host:port; an IPv6 host stands in brackets. */
  public static String address(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    boolean isAddress = colon > 0
        && HOST.matcher(text.substring(0, colon)).matches()
        && port.matches("\\d{1,5}")
        && Integer.parseInt(port) >= 1
        && Integer.parseInt(port) <= HIGHEST_PORT;
    if (!isAddress) {
      throw new IllegalArgumentException("the name server '" + text
          + "' is not of the form host:port, with a port from 1 to " + HIGHEST_PORT
          + (text.contains("://") ? "; leave out '" + text.replaceFirst("://.*", "://'") : ""));
    }
    return text;
  }

  public static String topic(String name) {
    Objects.requireNonNull(name, "the topic is null");
    String refusal = TopicNames.refusal(name);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal);
    }
    return name;
  }
}
