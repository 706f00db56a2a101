package io.escrowmq.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.escrowmq.store.FlushMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir
  private Path directory;

  @Test
  void shouldHoldTheDefaultsThatOtherToolsRelyOn() {
    // when
    Settings settings = resolve(Map.of());

    // then
    assertThat(settings.text(Keys.NAMESRV_LISTEN)).isEqualTo("127.0.0.1:9876");
    assertThat(settings.text(Keys.BROKER_LISTEN)).isEqualTo("127.0.0.1:10911");
    assertThat(settings.text(Keys.BROKER_CLUSTER)).isEqualTo("DefaultCluster");
    assertThat(settings.value(Keys.STORE_DIR)).isEqualTo(Path.of("data"));
    assertThat(settings.value(Keys.STORE_FLUSH)).isEqualTo(FlushMode.ASYNC);
    assertThat(settings.origin(Keys.STORE_DIR).words()).isEqualTo("default");
  }

  @Test
  void shouldCreateTopicsByThemselvesInTheAllInOneServerOnly() {
    // when
    Settings server = Settings.resolve(Role.SERVER, null, Map.of(), List.of());
    Settings broker = Settings.resolve(Role.BROKER, null, Map.of(), List.of());

    // then
    assertThat(server.value(Keys.TOPIC_AUTO_CREATE)).isTrue();
    assertThat(broker.value(Keys.TOPIC_AUTO_CREATE)).isFalse();
  }

  @Test
  void shouldLetTheLaterSourceWinAndRememberIt() throws IOException {
    // given
    Path file = write("a.properties", "store.dir=file\nbroker.name=file\nbroker.cluster = file\n");
    Map<String, String> environment =
        Map.of("ESCROWMQ_STORE_DIR", "env", "ESCROWMQ_BROKER_NAME", "env");

    // when
    Settings settings =
        Settings.resolve(Role.SERVER, file, environment, List.of("store.dir=option"));

    // then
    assertThat(settings.text(Keys.STORE_DIR)).isEqualTo("option");
    assertThat(settings.origin(Keys.STORE_DIR).words()).isEqualTo("--set");
    assertThat(settings.text(Keys.BROKER_NAME)).isEqualTo("env");
    assertThat(settings.origin(Keys.BROKER_NAME).words())
        .isEqualTo("environment ESCROWMQ_BROKER_NAME");
    assertThat(settings.text(Keys.BROKER_CLUSTER)).isEqualTo("file");
    assertThat(settings.origin(Keys.BROKER_CLUSTER).words()).isEqualTo("file " + file);
  }

  @Test
  void shouldReadNestedAndFlatYaml() throws IOException {
    // given
    Path file = write("a.yaml", """
            # a comment
            store:
              dir: /var/lib/escrowmq
              retention-hours: 24
              segment-bytes: 128MiB
            topic.auto-create: false
            namesrv:
              addresses:
                - 127.0.0.1:9876
                - 127.0.0.1:9877
            broker.advertise:
            """);

    // when
    Settings settings = Settings.resolve(Role.SERVER, file, Map.of(), List.of());

    // then
    assertThat(settings.value(Keys.STORE_DIR)).isEqualTo(Path.of("/var/lib/escrowmq"));
    assertThat(settings.value(Keys.STORE_RETENTION_HOURS)).isEqualTo(Duration.ofDays(1));
    assertThat(settings.value(Keys.STORE_SEGMENT_BYTES)).isEqualTo(128L << 20);
    assertThat(settings.value(Keys.TOPIC_AUTO_CREATE)).isFalse();
    assertThat(settings.value(Keys.NAMESRV_ADDRESSES))
        .containsExactly(new Endpoint("127.0.0.1", 9876), new Endpoint("127.0.0.1", 9877));
    assertThat(settings.value(Keys.BROKER_ADVERTISE)).isEmpty();
  }

  @Test
  void shouldTakeAnEmptyYamlFileForNothingSaid() throws IOException {
    // given
    Path file = write("a.yml", "# nothing yet\n");

    // when
    Settings settings = Settings.resolve(Role.SERVER, file, Map.of(), List.of());

    // then
    assertThat(settings.origin(Keys.STORE_DIR)).isEqualTo(Origin.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "72, 72h",
    "72h, 72h",
    "3d, 72h",
    "90m, 90m",
    "1.5h, 90m",
  })
  void shouldReadTimesWithAndWithoutUnit(String written, String read) {
    assertThat(resolve(Map.of("store.retention-hours", written)).text(Keys.STORE_RETENTION_HOURS))
        .isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "6s, 6s",
    "0s, 0s",
    "1500ms, 1500ms",
    "1.5s, 1500ms",
    "90 s, 90s",
    "60s, 1m",
    "2H, 2h",
    "1d, 24h",
  })
  void shouldReadTimesWithTheirUnit(String written, String read) {
    assertThat(resolve(Map.of("tx.first-check", written)).text(Keys.TX_FIRST_CHECK))
        .isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "134217728, 134217728",
    "128MiB, 134217728",
    "128m, 134217728",
    "128 mib, 134217728",
    "0.5GiB, 536870912",
    "100MB, 100000000",
  })
  void shouldReadBytesWithAndWithoutUnit(String written, long read) {
    assertThat(resolve(Map.of("store.segment-bytes", written)).value(Keys.STORE_SEGMENT_BYTES))
        .isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "store.flush | never | write one of async, sync",
        "store.segment-bytes | 12 | the least is 1MiB, the most 1GiB",
        "store.segment-bytes | 12 parsecs | \"parsecs\" is no unit known here",
        "store.segment-bytes | lots | write a number of bytes",
        "store.segment-bytes | 99999999999999999999999GiB | the least is 1MiB, the most 1GiB",
        "store.retention-hours | -1 | write a number of hours",
        "store.retention-hours | 0 | the least is 1h",
        "tx.first-check | 6000 | write a number with a unit: 500ms, 6s, 10m, 1h.",
        "tx.first-check | 6 parsecs | \"parsecs\" is no unit known here",
        "tx.first-check | 31d | the least is 0s, the most 720h",
        "tx.check-every | 99ms | the least is 100ms, the most 720h",
        "tx.exhausted | forget | write one of suspend, discard, system-topic",
        "tx.max-checks | 0 | the least is 1, the most is 1000",
        "topic.default-queues | 0 | the least is 1, the most is 1024",
        "topic.default-queues | eight | write a whole number from 1 to 1024",
        "topic.auto-create | maybe | write true or false",
        "broker.listen | 10911 | write HOST:PORT",
        "broker.listen | ::1:10911 | write HOST:PORT",
        "broker.listen | localhost:70000 | the port is a number from 0 to 65535",
        "broker.listen | localhost:http | the port is a number from 0 to 65535",
        "broker.name | a/b | a name has 1 to 127",
        "store.dir | '' | a directory is needed",
      })
  void shouldNameValueLimitAndWayOut(String key, String value, String wayOut) {
    // when
    SettingsException refused = refused(List.of(key + "=" + value));

    // then
    assertThat(refused).hasMessageContaining(key + "=" + value + " (--set): " + wayOut);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "colour", "enableScheduleMessageStats", "broker.frobnicate"})
  void shouldSuggestNothingThatIsFarFromWhatWasSaid(String unknown) {
    // when
    SettingsException refused = refused(List.of(unknown + "=x"));

    // then
    assertThat(refused)
        .hasMessageContaining(unknown + " (--set) is no setting. \"escrowmq config\"");
  }

  @ParameterizedTest
  @CsvSource({
    "store.dri, store.dir",
    "storeDir, store.dir",
    "store.retention, store.retention-hours",
    "namesrv.adress, namesrv.addresses",
    "topic.autocreate, topic.auto-create",
    "brokerClusterName, broker.cluster",
    "flushDiskType, store.flush",
    "transactionTimeOut, tx.first-check",
    "transactionCheckInterval, tx.check-every",
    "transactionCheckMax, tx.max-checks",
    "tx.maxOpenBytes, tx.max-open-bytes",
    "broker.port, broker.listen",
    "namesrv.port, namesrv.listen",
    "broker.host, broker.listen",
  })
  void shouldNameTheNearestKeyForAnUnknownOne(String unknown, String nearest) {
    // when
    SettingsException refused = refused(List.of(unknown + "=x"));

    // then
    assertThat(refused)
        .hasMessageContaining(unknown + " (--set) is no setting; did you mean " + nearest + "?");
  }

  @Test
  void shouldTellAllProblemsAtOnce() {
    // when
    SettingsException refused = refused(List.of("a=1", "store.flush=never", "nothing"));

    // then
    assertThat(refused.problems()).hasSize(3);
  }

  @Test
  void shouldOnlyWarnAboutAnUnknownVariable() {
    // when
    Settings settings = Settings.resolve(
        Role.SERVER,
        null,
        Map.of("ESCROWMQ_STORE_DRI", "x", "ESCROWMQ_HEAP", "1g", "HOME", "/root"),
        List.of());

    // then
    assertThat(settings.warnings())
        .singleElement()
        .asString()
        .contains("ESCROWMQ_STORE_DRI", "no effect", "ESCROWMQ_STORE_DIR");
  }

  @Test
  void shouldTakeAnEmptyVariableForNothingSaid() {
    // when
    Settings settings =
        Settings.resolve(Role.SERVER, null, Map.of("ESCROWMQ_STORE_DIR", ""), List.of());

    // then
    assertThat(settings.origin(Keys.STORE_DIR)).isEqualTo(Origin.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "a.properties, store.dir=a\\nstore.dir=b, stands twice",
    "a.yaml, store.dir: a\\nstore.dir: b, line 2",
    "a.yaml, store: [unclosed, line",
    "a.yaml, store: {dir: a}\\nstore.dir: b, stands twice",
    "a.yaml, just words, must consist of lines",
    "a.yaml, namesrv.addresses: [[a]], a list of plain values",
  })
  void shouldRefuseAFileThatSaysThingsTwiceOrNotAtAll(String name, String text, String told)
      throws IOException {
    // given
    Path file = write(name, text.replace("\\n", "\n"));

    // when
    SettingsException refused = catchThrowableOfType(
        SettingsException.class, () -> Settings.resolve(Role.SERVER, file, Map.of(), List.of()));

    // then
    assertThat(refused).hasMessageContaining(file.toString()).hasMessageContaining(told);
  }

  @Test
  void shouldSayWhichFileIsMissing() {
    // given
    Path file = directory.resolve("none.properties");

    // when
    SettingsException refused = catchThrowableOfType(
        SettingsException.class, () -> Settings.resolve(Role.SERVER, file, Map.of(), List.of()));

    // then
    assertThat(refused).hasMessage("There is no configuration file " + file + ".");
  }

  @Test
  void shouldReadBackEverythingThatItPrints() {
    // given
    Settings settings = resolve(Map.of());

    // then
    for (Setting<?> setting : Keys.all()) {
      Settings again = resolve(Map.of(setting.key(), settings.text(setting)));
      assertThat(again.text(setting)).isEqualTo(settings.text(setting));
    }
  }

  private static Settings resolve(Map<String, String> said) {
    List<String> pairs = said.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .toList();
    return Settings.resolve(Role.SERVER, null, Map.of(), pairs);
  }

  private static SettingsException refused(List<String> pairs) {
    return catchThrowableOfType(
        SettingsException.class, () -> Settings.resolve(Role.SERVER, null, Map.of(), pairs));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
