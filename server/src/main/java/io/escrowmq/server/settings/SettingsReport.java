package io.escrowmq.server.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.escrowmq.server.print.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of one start, printed for people and for programs. Immutable. */
public final class SettingsReport {

  private final Settings settings;

  public SettingsReport(Settings settings) {
    this.settings = settings;
  }

  /** Columns for a terminal; nothing is cut. */
  public String table() {
    TextTable table = new TextTable("KEY", "VALUE", "DEFAULT", "FROM", "MEANING");
    for (Setting<?> setting : Keys.all()) {
      table.add(
          setting.key(),
          settings.text(setting),
          setting.standardIn(settings.role()),
          settings.origin(setting).words(),
          setting.help());
    }
    return table.take();
  }

  /** A list with one object for each setting. */
  public String json() {
    List<Map<String, String>> all = new ArrayList<>();
    for (Setting<?> setting : Keys.all()) {
      Map<String, String> one = new LinkedHashMap<>();
      one.put("key", setting.key());
      one.put("value", settings.text(setting));
      one.put("default", setting.standardIn(settings.role()));
      one.put("origin", settings.origin(setting).words());
      one.put("type", setting.type().description());
      one.put("environment", setting.variable());
      one.put("help", setting.help());
      all.add(one);
    }
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings always have a JSON form", e);
    }
  }

  /** The reference page: says what can be set, not what is set. */
  public String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("# Settings\n\n");
    page.append(
        "Printed by `bin/escrowmq config -o markdown`; a test keeps this page current.\n\n");
    page.append("A value is looked for in this order, and the last one found wins: the default, ");
    page.append("the file given with `--config`\n(properties or YAML), the environment, ");
    page.append("`--set KEY=VALUE`. The variable for a key is its name in capitals:\n");
    page.append("`store.dir` is `ESCROWMQ_STORE_DIR`. `bin/escrowmq config` shows what came of ");
    page.append("it.\n\n");
    page.append("| key | value | default | read by | meaning |\n|---|---|---|---|---|\n");
    for (Setting<?> setting : Keys.all()) {
      page.append("| `").append(setting.key()).append("` | ");
      page.append(setting.type().description()).append(" | ");
      page.append(standard(setting)).append(" | ");
      page.append(setting.part() == Role.SERVER ? "both" : setting.part().word())
          .append(" | ");
      page.append(setting.help()).append(" |\n");
    }
    return page.toString();
  }

  private static String standard(Setting<?> setting) {
    String together = setting.standardIn(Role.SERVER);
    String apart = setting.standardIn(Role.BROKER);
    return together.equals(apart)
        ? quoted(together)
        : quoted(together) + " in `server`, " + quoted(apart) + " otherwise";
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "empty" : "`" + text + "`";
  }
}
