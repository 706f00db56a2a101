package io.escrowmq.remoting.body;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Configurations as text: lines of {@code name=value}, as in Java's properties files, in UTF-8. */
public final class ConfigText {

  private ConfigText() {}

  /** Throws {@link BadBodyException} when the text is malformed. */
  public static Map<String, String> read(byte[] body) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(body, StandardCharsets.UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      throw new BadBodyException("the configuration is not readable: " + e.getMessage());
    }
    Map<String, String> result = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> {
      String value = properties.getProperty(name);
      result.put(name, value == null ? "" : value);
    });
    return result;
  }

  public static byte[] write(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(name)
        .append('=')
        .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
        .append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
