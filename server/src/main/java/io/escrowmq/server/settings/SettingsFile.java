package io.escrowmq.server.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** A file of settings: YAML when its name ends so, otherwise properties. */
final class SettingsFile {

  private final Path file;
  private final Origin origin;
  private final List<GivenSetting> found = new ArrayList<>();

  private SettingsFile(Path file) {
    this.file = file;
    this.origin = Origin.file(file);
  }

  /**
   * @throws SettingsException when the file cannot be read, or says something twice
   */
  static List<GivenSetting> read(Path file) {
    SettingsFile reading = new SettingsFile(file);
    String name = file.toString().toLowerCase(Locale.ROOT);
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      if (name.endsWith(".yaml") || name.endsWith(".yml")) {
        reading.readYaml(text);
      } else {
        reading.readProperties(text);
      }
    } catch (NoSuchFileException e) {
      throw new SettingsException("There is no configuration file " + file + ".");
    } catch (JsonProcessingException e) {
      throw new SettingsException("The configuration file "
          + file
          + " is not the YAML that is understood here, "
          + where(e)
          + ": "
          + e.getOriginalMessage().lines().findFirst().orElse("no reason given")
          + ".");
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(
          "The configuration file " + file + " cannot be read: " + e.getMessage() + ".");
    }
    return reading.found;
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null ? "somewhere" : "line " + e.getLocation().getLineNr();
  }

  private void readProperties(Reader text) throws IOException {
    // Properties itself would let the last of two win, silently.
    new Properties() {
      private static final long serialVersionUID = 1L;

      @Override
      public synchronized Object put(Object key, Object value) {
        add((String) key, (String) value);
        return super.put(key, value);
      }
    }.load(text);
  }

  private void readYaml(Reader text) throws IOException {
    YAMLFactory yaml = YAMLFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
    try (JsonParser parser = yaml.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return; // an empty file says nothing
      }
      if (first != JsonToken.START_OBJECT) {
        throw new SettingsException(
            "The configuration file " + file + " must consist of lines like \"store.dir: data\".");
      }
      readObject(parser, "");
    }
  }

  /** {@code store: {dir: data}} and {@code store.dir: data} say the same. */
  private void readObject(JsonParser parser, String prefix) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = prefix + parser.currentName();
      switch (parser.nextToken()) {
        case START_OBJECT -> readObject(parser, key + ".");
        case START_ARRAY -> add(key, readList(parser, key));
        case VALUE_NULL -> add(key, "");
        default -> add(key, parser.getText());
      }
    }
  }

  private String readList(JsonParser parser, String key) throws IOException {
    List<String> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isScalarValue()) {
        throw new SettingsException(
            key + " (" + origin + "): a list of plain values is understood, nothing deeper.");
      }
      items.add(parser.getText());
    }
    return String.join(";", items);
  }

  private void add(String key, String text) {
    for (GivenSetting earlier : found) {
      if (earlier.key().equals(key)) {
        throw new SettingsException(key + " stands twice in " + file + ": \"" + earlier.text()
            + "\" and \"" + text + "\". Keep one.");
      }
    }
    found.add(new GivenSetting(key, text, origin));
  }
}
