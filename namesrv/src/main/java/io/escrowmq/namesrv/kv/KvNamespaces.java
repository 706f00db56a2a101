package io.escrowmq.namesrv.kv;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values by namespace and key. Immutable; a change gives a new table. */
public final class KvNamespaces {

  /** The namespace whose values clients take as the queues of ordered topics. */
  public static final String ORDER_TOPICS = "ORDER_TOPIC_CONFIG";

  public static final KvNamespaces EMPTY = new KvNamespaces(new TreeMap<>(), 0, 0);

  // One broker's part of an order value, "broker-a:4".
  private static final Pattern ORDER_PART = Pattern.compile("[^:;\\s]{1,255}:\\d{1,5}");

  private final SortedMap<String, SortedMap<String, String>> namespaces; // none of them empty
  private final int entries;
  private final long characters; // of all keys and values

  private KvNamespaces(
      SortedMap<String, SortedMap<String, String>> namespaces, int entries, long characters) {
    this.namespaces = namespaces;
    this.entries = entries;
    this.characters = characters;
  }

  // Questions

  public int entries() {
    return entries;
  }

  public @Nullable String find(String namespace, String key) {
    return namespace(namespace).get(key);
  }

  /** What one namespace holds; empty when there is no such namespace. */
  public SortedMap<String, String> namespace(String namespace) {
    SortedMap<String, String> values = namespaces.get(namespace);
    return values == null
        ? Collections.emptySortedMap()
        : Collections.unmodifiableSortedMap(values);
  }

  public SortedMap<String, SortedMap<String, String>> namespaces() {
    return Collections.unmodifiableSortedMap(namespaces);
  }

  /** A sentence that says why this cannot be put, naming value and limit; null when it can. */
  public @Nullable String refusal(String namespace, String key, String value, KvLimits limits) {
    if (namespace.isBlank() || key.isBlank()) {
      return "namespace and key must not be blank";
    }
    if (Math.max(namespace.length(), key.length()) > limits.nameCharacters()) {
      return "namespace and key have " + namespace.length() + " and " + key.length()
          + " characters, at most " + limits.nameCharacters() + " are allowed";
    }
    if (value.length() > limits.valueCharacters()) {
      return "the value has " + value.length() + " characters, at most " + limits.valueCharacters()
          + " are allowed";
    }
    if (namespace.equals(ORDER_TOPICS) && !isOrderValue(value)) {
      return "the value of an ordered topic must look like 'broker-a:4;broker-b:4'";
    }
    KvNamespaces next = with(namespace, key, value);
    if (next.entries > limits.entries()) {
      return "there are " + entries + " entries, at most " + limits.entries() + " are allowed";
    }
    if (next.characters > limits.characters()) {
      return "all keys and values would have " + next.characters + " characters, at most "
          + limits.characters() + " are allowed";
    }
    return null;
  }

  // Every client of the topic parses this value, and stops at one that it cannot read.
  private static boolean isOrderValue(String value) {
    String list = value.endsWith(";") ? value.substring(0, value.length() - 1) : value;
    if (list.isEmpty()) {
      return value.isEmpty();
    }
    for (String part : list.split(";", -1)) {
      if (!ORDER_PART.matcher(part).matches()) {
        return false;
      }
    }
    return true;
  }

  // Changes

  public KvNamespaces with(String namespace, String key, String value) {
    SortedMap<String, String> values = new TreeMap<>(namespace(namespace));
    values.put(key, value);
    return with(namespace, values);
  }

  public KvNamespaces without(String namespace, String key) {
    SortedMap<String, String> values = new TreeMap<>(namespace(namespace));
    return values.remove(key) == null ? this : with(namespace, values);
  }

  /** The namespace holds these values and no others; none at all removes it. */
  KvNamespaces with(String namespace, SortedMap<String, String> values) {
    SortedMap<String, SortedMap<String, String>> changed = new TreeMap<>(namespaces);
    if (values.isEmpty()) {
      changed.remove(namespace);
    } else {
      changed.put(namespace, values);
    }
    SortedMap<String, String> before = namespace(namespace);
    return new KvNamespaces(
        changed,
        entries - before.size() + values.size(),
        characters - characters(before) + characters(values));
  }

  private static long characters(SortedMap<String, String> values) {
    long characters = 0;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      characters += entry.getKey().length() + entry.getValue().length();
    }
    return characters;
  }
}
