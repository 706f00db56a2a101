package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
    assertThat(code).isEqualTo(1);
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

  private int run(String... arguments) {
    PrintWriter told = new PrintWriter(err, true);
    return Main.commandLine(Map.of(), new Exit(told), new PrintWriter(out, true), told)
        .execute(arguments);
  }
}
