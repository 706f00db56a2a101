package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order demo as a user runs it, with fewer orders: it holds under chaos, and its ledger finds out
 * when it should not. A run waits most of its time, for processes that start and for what does not move any
 * more: some runs are under way at a time, whichever test is at it.
 */
@ResourceLock(TestBed.OWN_SERVERS)
final class OrderDemoTest {

  private static final int ENDS_WITHIN_SECONDS = 240;
  private static final int AT_ONCE = 3;

  private static final String[] PLAIN = {};
  private static final String[] POSTGRES = {"--chaos", "--db", "postgres"};
  private static final String[] NAIVE = {"--chaos", "--mode", "naive", "--stalled-after", "10"};
  private static final String[] WITHOUT_IDEMPOTENCE = {"--chaos", "--without", "idempotence"};

  private record Run(int exitCode, String output) {}

  private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(AT_ONCE);
  private static final Map<List<String>, Future<Run>> RUNS = new HashMap<>();

  @TempDir
  private static Path directory;

  private static String[] seed(int seed) {
    return new String[] {"--chaos", "--seed", Integer.toString(seed)};
  }

  private static String[] mode(String mode) {
    return new String[] {"--chaos", "--mode", mode};
  }

  private static String[] withoutTombstone(String mode) {
    return new String[] {
      "--chaos", "--without", "tombstone", "--mode", mode, "--stalled-after", "10"
    };
  }

  /** The longest first. */
  @BeforeAll
  static void begin() {
    List<String[]> all = List.of(
        NAIVE,
        withoutTombstone("outcome-table"),
        withoutTombstone("listener"),
        WITHOUT_IDEMPOTENCE,
        mode("jta"),
        POSTGRES,
        mode("listener"),
        seed(1),
        PLAIN);
    for (String[] words : all) {
      Future<Run> unused = begun(words);
    }
  }

  @AfterAll
  static void end() {
    RUNNERS.shutdownNow();
  }

  private static Run start(String... words) throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(directory, "run");
    List<String> line = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Descrowmq.server=" + ClassPaths.escrowmqServer(),
        "-Djava.io.tmpdir=" + own,
        "-cp",
        ClassPaths.orderDemo(),
        "io.escrowmq.demo.Main",
        "--orders",
        "30"));
    line.addAll(List.of(words));
    File output = own.resolve("output").toFile();
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

  private static Future<Run> begun(String... words) {
    return RUNS.computeIfAbsent(List.of(words), key -> RUNNERS.submit(() -> start(words)));
  }

  /** Waits for the run with these words. */
  private static Run run(String... words) throws InterruptedException, ExecutionException {
    return begun(words).get();
  }

  @Test
  void shouldHoldWhenNothingGoesWrong() throws Exception {
    // when
    Run run = run(PLAIN);

    // then
    assertThat(run.output).contains("30 of 30 orders are over", "All invariants hold.");
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @Test
  void shouldHoldUnderChaos() throws Exception {
    // when
    Run run = run(seed(1));

    // then
    assertThat(run.output).contains("kill -9 the order service", "All invariants hold.");
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  @Tag("long")
  void shouldHoldUnderOtherChaos(int seed) throws Exception {
    // when
    Run run = run(seed(seed));

    // then
    assertThat(run.output).contains("kill -9 the order service", "All invariants hold.");
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @Test
  void shouldHoldUnderChaosOnPostgres() throws Exception {
    // when
    Run run = run(POSTGRES);

    // then
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"listener", "jta"})
  void shouldHoldUnderChaosInOtherWays(String mode) throws Exception {
    // when
    Run run = run(mode(mode));

    // then
    assertThat(run.exitCode).as(run.output).isZero();
  }

  @Test
  void shouldFindOutThatMessagesAreSentAfterTheCommit() throws Exception {
    // when
    Run run = run(NAIVE);

    // then
    assertThat(run.output).contains("I1  FAILS", "a row without a message");
    assertThat(run.exitCode).as(run.output).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome-table", "listener"})
  void shouldFindOutThatThereAreNoTombstones(String mode) throws Exception {
    // when
    Run run = run(withoutTombstone(mode));

    // then
    assertThat(run.output).contains("I1  FAILS", "a row without a message");
    assertThat(run.exitCode).as(run.output).isOne();
  }

  @Test
  void shouldFindOutThatDuplicatesAreHandled() throws Exception {
    // when
    Run run = run(WITHOUT_IDEMPOTENCE);

    // then
    assertThat(run.output).contains("I1  FAILS");
    assertThat(run.exitCode).as(run.output).isOne();
  }
}
