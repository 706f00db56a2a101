package io.escrowmq.server.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of one start, each with its origin. Immutable.
 *
 * <p>Later sources win: defaults, the configuration file, the environment, {@code --set}.
 */
public final class Settings {

  /** Variables that {@code bin/escrowmq} reads; they are no settings. */
  private static final Set<String> LAUNCHER_VARIABLES = Set.of(
      "ESCROWMQ_JAVA",
      "ESCROWMQ_JAVA_OPTS",
      "ESCROWMQ_HEAP",
      "ESCROWMQ_HOME",
      "ESCROWMQ_CACHE",
      "ESCROWMQ_GC");

  private record Entry(Object value, Origin origin) {}

  private final Role role;
  private final Map<Setting<?>, Entry> entries;
  private final List<String> warnings;

  private Settings(Role role, Map<Setting<?>, Entry> entries, List<String> warnings) {
    this.role = role;
    this.entries = Map.copyOf(entries);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Collects what was said, and judges all of it.
   *
   * @param role whose defaults hold
   * @param file a properties or YAML file
   * @param environment the variables of this process; those that begin with {@code ESCROWMQ_} count
   * @param pairs what came with {@code --set}, as KEY=VALUE
   * @throws SettingsException that names everything that is wrong, not only the first
   */
  public static Settings resolve(
      Role role, @Nullable Path file, Map<String, String> environment, List<String> pairs) {
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<GivenSetting> said = new ArrayList<>();
    if (file != null) {
      said.addAll(SettingsFile.read(file));
    }
    said.addAll(fromEnvironment(environment, warnings));
    said.addAll(fromPairs(pairs, problems));
    boolean onCommandLine = !problems.isEmpty();

    Map<Setting<?>, Entry> entries = new LinkedHashMap<>();
    for (Setting<?> setting : Keys.all()) {
      entries.put(
          setting, new Entry(setting.type().parse(setting.standardIn(role)), Origin.DEFAULT));
    }
    for (GivenSetting given : said) {
      Setting<?> setting = Keys.find(given.key());
      if (setting == null) {
        Setting<?> nearest = NearestKey.to(given.key());
        problems.add(given.key()
            + " ("
            + given.origin()
            + ") is no setting"
            + (nearest == null ? "." : "; did you mean " + nearest + "?")
            + " \"escrowmq config\" lists them all.");
        onCommandLine |= given.origin().equals(Origin.COMMAND_LINE);
        continue;
      }
      try {
        entries.put(setting, new Entry(setting.type().parse(given.text().strip()), given.origin()));
      } catch (IllegalArgumentException e) {
        problems.add(setting + "=" + given.text() + " (" + given.origin() + "): " + e.getMessage());
        onCommandLine |= given.origin().equals(Origin.COMMAND_LINE);
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems, onCommandLine);
    }
    return new Settings(role, entries, warnings);
  }

  /**
   * An unknown variable is only warned about: Kubernetes itself sets {@code ESCROWMQ_PORT} and
   * others in every container beside a service of the name "escrowmq". An empty one says nothing.
   */
  private static List<GivenSetting> fromEnvironment(
      Map<String, String> environment, List<String> warnings) {
    List<GivenSetting> found = new ArrayList<>();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(Setting.VARIABLE_PREFIX)
          || LAUNCHER_VARIABLES.contains(name)
          || variable.getValue().isBlank()) {
        continue;
      }
      Setting<?> setting = Keys.findVariable(name);
      if (setting == null) {
        Setting<?> nearest = NearestKey.to(name.substring(Setting.VARIABLE_PREFIX.length()));
        warnings.add("The environment variable "
            + name
            + " is no setting and has no effect"
            + (nearest == null ? "." : "; the nearest is " + nearest.variable() + "."));
      } else {
        found.add(new GivenSetting(setting.key(), variable.getValue(), Origin.environment(name)));
      }
    }
    return found;
  }

  private static List<GivenSetting> fromPairs(List<String> pairs, List<String> problems) {
    List<GivenSetting> found = new ArrayList<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        problems.add("--set " + pair + ": write --set KEY=VALUE, such as --set store.dir=data.");
      } else {
        String key = pair.substring(0, equals).strip();
        found.add(new GivenSetting(key, pair.substring(equals + 1), Origin.COMMAND_LINE));
      }
    }
    return found;
  }

  /** Whose defaults these are. */
  public Role role() {
    return role;
  }

  public <T> T value(Setting<T> setting) {
    // put there by resolve(), out of this setting's own type
    @SuppressWarnings("unchecked")
    T value = (T) entry(setting).value();
    return value;
  }

  public Origin origin(Setting<?> setting) {
    return entry(setting).origin();
  }

  /** The value as {@code --set} would take it. */
  public <T> String text(Setting<T> setting) {
    return setting.type().print(value(setting));
  }

  /** Key, value and origin, as they stand in a sentence: "store.dir=data (default)". */
  public String said(Setting<?> setting) {
    return setting + "=" + text(setting) + " (" + origin(setting) + ")";
  }

  /** What was ignored, in sentences. */
  public List<String> warnings() {
    return warnings;
  }

  private Entry entry(Setting<?> setting) {
    Entry entry = entries.get(setting);
    if (entry == null) {
      throw new IllegalArgumentException("not in the list of keys: " + setting);
    }
    return entry;
  }
}
