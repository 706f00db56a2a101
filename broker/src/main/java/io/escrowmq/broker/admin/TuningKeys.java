package io.escrowmq.broker.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keys of RocketMQ's broker configuration that do nothing here, and whose change is accepted all the
 * same: operators' scripts set them, and a refusal would stop the script. Immutable.
 */
final class TuningKeys {

  private static final String RESOURCE = "rocketmq-tuning-keys.txt";

  private final Set<String> keys;

  private TuningKeys(Set<String> keys) {
    this.keys = keys;
  }

  static TuningKeys load() {
    try (InputStream in = TuningKeys.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      return new TuningKeys(new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean contains(String key) {
    return keys.contains(key);
  }
}
