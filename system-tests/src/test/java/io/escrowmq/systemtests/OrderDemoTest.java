package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order demo as a user runs it, with fewer orders: it holds under chaos, and its ledger finds out
 * when it should not.
 */
@ResourceLock(TestBed.OWN_SERVERS)
final class OrderDemoTest {

  private static final int ENDS_WITHIN_SECONDS = 240;

  private record Run(int exitCode, String output) {}

  @TempDir
  private Path directory;

  private Run run(String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-Descrowmq.server=" + ClassPaths.escrowmqServer(),
        "-Djava.io.tmpdir=" + directory,
        "-cp",
        ClassPaths.orderDemo(),
        "io.escrowmq.demo.Main",
        "--orders",
        "30"));
    line.addAll(List.of(words));
    File output = directory.resolve("output").toFile();
    Process process = new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(output)
        .start();
    try {
      assertThat(process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS))
          .as(() -> "ends in time; it said " + contentOf(output))
          .isTrue();
    } finally {
      process.destroy(); // it ends what it has started
      process.waitFor();
    }
    return new Run(process.exitValue(), contentOf(output));
  }

  @Test
  void shouldHoldWhenNothingGoesWrong() throws Exception {
    // when
    Run run = run();

    // then
    assertThat(run.output).contains("30 of 30 orders are over", "All invariants hold.");
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldHoldUnderChaos(int seed) throws Exception {
    // when
    Run run = run("--chaos", "--seed", Integer.toString(seed));

    // then
    assertThat(run.output).contains("kill -9 the order service", "All invariants hold.");
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @Test
  void shouldHoldUnderChaosOnPostgres() throws Exception {
    // when
    Run run = run("--chaos", "--db", "postgres");

    // then
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"listener", "jta"})
  void shouldHoldUnderChaosInOtherWays(String mode) throws Exception {
    // when
    Run run = run("--chaos", "--mode", mode);

    // then
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @Test
  void shouldFindOutThatMessagesAreSentAfterTheCommit() throws Exception {
    // when
    Run run = run("--chaos", "--mode", "naive", "--stalled-after", "15");

    // then
    assertThat(run.output).contains("I1  FAILS", "a row without a message");
    assertThat(run.exitCode).as(run.output).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome-table", "listener"})
  void shouldFindOutThatThereAreNoTombstones(String mode) throws Exception {
    // when
    Run run = run("--chaos", "--without", "tombstone", "--mode", mode, "--stalled-after", "15");

    // then
    assertThat(run.output).contains("I1  FAILS", "a row without a message");
    assertThat(run.exitCode).as(run.output).isOne();
  }

  @Test
  void shouldFindOutThatDuplicatesAreHandled() throws Exception {
    // when
    Run run = run("--chaos", "--without", "idempotence");

    // then
    assertThat(run.output).contains("I1  FAILS");
    assertThat(run.exitCode).as(run.output).isOne();
  }
}
