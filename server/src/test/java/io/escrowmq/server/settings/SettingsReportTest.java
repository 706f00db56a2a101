package io.escrowmq.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsReportTest {

  private final SettingsReport report = new SettingsReport(
      Settings.resolve(Role.SERVER, null, Map.of(), List.of("store.dir=/somewhere")));

  @Test
  void shouldShowEverySettingWithItsOriginInTheTable() {
    // when
    String table = report.table();

    // then
    assertThat(table.lines()).hasSize(Keys.all().size() + 1);
    assertThat(table.lines().filter(line -> line.startsWith("store.dir ")))
        .singleElement()
        .asString()
        .contains("/somewhere", "data", "--set", "Directory of everything");
  }

  @Test
  void shouldPrintJsonThatProgramsRead() throws IOException {
    // when
    JsonNode all = new ObjectMapper().readTree(report.json());

    // then
    assertThat(all).hasSize(Keys.all().size());
    assertThat(all.findValuesAsText("key")).contains("store.dir", "namesrv.listen");
    assertThat(all.findValuesAsText("value")).contains("/somewhere");
  }

  @Test
  void shouldMatchThePageInTheDocumentation() throws IOException {
    // given
    Path page = Path.of("..", "docs", "settings.md");

    // then
    assertThat(report.markdown())
        .as("run: bin/escrowmq config -o markdown > docs/settings.md")
        .isEqualTo(Files.readString(page));
  }
}
