package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldPrintEverySetting() {
    // when
    int code = run("config", "--set", "store.flush=sync");

    // then
    assertThat(code).isZero();
    assertThat(out.toString()).contains("store.flush ", "sync", "--set", "message.max-bytes ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void shouldShowTheDefaultsOfARole() {
    // when
    run("config", "--role", "broker");

    // then
    assertThat(out.toString().lines().filter(line -> line.startsWith("topic.auto-create ")))
        .singleElement()
        .asString()
        .contains("false");
  }

  @Test
  void shouldTellAProblemInOneSentenceWithoutStackTrace() {
    // when
    int code = run("config", "--set", "store.dri=x");

    // then
    assertThat(code).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).singleElement().asString().contains("store.dir");
  }

  @Test
  void shouldShowTheStackTraceWhenAskedTo() {
    // when
    run("config", "--debug", "--set", "store.dri=x");

    // then
    assertThat(err.toString()).contains("\tat ");
  }

  @Test
  void shouldRefuseAnUnknownCommandWithTheKnownOnes() {
    // when
    int code = run("confg");

    // then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("config");
  }

  @Test
  void shouldShowTheCommandsWhenNoneIsGiven() {
    // when
    int code = run();

    // then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("config", "Prints every setting");
  }

  @ParameterizedTest
  @ValueSource(strings = {"store.dri=x", "store.flush=never", "store.dir"})
  void shouldCallASettingOnTheCommandLineThatIsWrongAWrongUse(String pair) {
    assertThat(run("config", "--set", pair)).isEqualTo(2);
    assertThat(run("namesrv", "--set", pair)).isEqualTo(2);
  }

  @Test
  void shouldNotBlameTheCommandLineForAFile(@TempDir Path directory) throws IOException {
    // given
    Path file = Files.writeString(directory.resolve("a.properties"), "store.dri=x");

    // when, then
    assertThat(run("config", "--config", file.toString())).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'', Usage: escrowmq [",
    "config, Usage: escrowmq config",
    "tx, Usage: escrowmq tx",
    "tx list, Usage: escrowmq tx list",
    "topics delete, Usage: escrowmq topics delete",
    "log verify, Usage: escrowmq log verify",
  })
  void shouldShowTheHelpOfACommandAndOfItsCommands(String words, String beginning) {
    // when
    int code = run(("help " + words).strip().split(" "));

    // then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith(beginning);
    if (words.equals("tx")) {
      assertThat(out.toString()).contains("rollback", "recheck");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "txx, 'broker, quickstart'",
    "tx nonsense, 'list, show, commit, rollback, recheck'",
    "topics nonsense, 'list, delete'",
    "log nonsense, 'verify, dump, repair'",
    "tx list nonsense, it has none",
    "config nonsense, it has none",
  })
  void shouldRefuseTheHelpOfAnUnknownCommandAndNameThoseThatThereAre(String words, String known) {
    // when
    int code = run(("help " + words).split(" "));

    // then
    assertThat(code).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("There is no command '" + words.substring(words.lastIndexOf(' ') + 1) + "'")
        .contains(known);
  }

  @ParameterizedTest
  @CsvSource({
    "topics list -o json, -o",
    "topics list --who me, --who",
    "topics list --dry-run, --dry-run",
    "topics delete --matching x -o json, -o",
    "tx list --who me, --who",
  })
  void shouldRefuseOptionsThatWouldDoNothing(String line, String option) {
    // when
    int code = run(line.split(" "));

    // then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(option);
  }

  private int run(String... arguments) {
    PrintWriter told = new PrintWriter(err, true);
    return Main.commandLine(Map.of(), new Exit(told), new PrintWriter(out, true), told)
        .execute(arguments);
  }
}
