package io.escrowmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the simulation would find a fault, if there were one. */
class MutantsTest {

  private static final int SECONDS = 60; // of a processor
  private static final int MOST_SECONDS = 300; // on a machine that does other things, too

  /** Those that were not found, or hardly, in a minute; docs/reliability.md says so. */
  private static final Set<String> HARD_TO_FIND = Set.of(
      "writes state files ahead of the log",
      "lets retention take what is in escrow",
      "deletes what no state file holds",
      "deletes what replaces old segments before it is durable");

  @TempDir
  private Path directory;

  @Test
  void shouldKnowTheCodeThatItChanges() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (Mutant mutant : Mutants.ALL) {
      int places = mutant.places(root());
      if (places != 1) {
        unknown.add(mutant.name() + ": " + places + " places in " + mutant.file());
      }
    }

    assertThat(unknown).isEmpty();
    assertThat(Mutants.ALL).hasSizeGreaterThanOrEqualTo(25);
  }

  // In a process of its own: a fault may as well be one that does not end.
  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  @Tag("long")
  void shouldBeFoundWithinAMinute(String name) throws Exception {
    // given
    Mutant mutant =
        Mutants.ALL.stream().filter(one -> one.name().equals(name)).findAny().orElseThrow();
    String classPath = Path.of("target/classes").toAbsolutePath() + ":"
        + Files.readString(Path.of("target/class-path"));
    mutant.compile(root(), classPath, directory);

    // when
    Path said = directory.resolve("said");
    long begun = System.nanoTime();
    Process process = new ProcessBuilder(
            "sh",
            "-c",
            "ulimit -t " + SECONDS + "; exec \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx1g",
            "-cp",
            directory + ":" + classPath,
            "io.escrowmq.simulation.Simulate",
            "--seed",
            "1000",
            "--seeds",
            "100000",
            "--whole",
            "1")
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
    boolean isOver = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();

    // then
    String first = Files.readAllLines(said).stream()
        .filter(line -> line.startsWith("seed "))
        .findFirst()
        .orElse("not found");
    System.out.printf("| %s | %s | %.0f |%n", name, first, (System.nanoTime() - begun) / 1e9);
    assertThat(first).contains("is broken");
    assertThat(isOver).isTrue();
  }

  static Stream<String> names() {
    return Mutants.ALL.stream().map(Mutant::name).filter(name -> !HARD_TO_FIND.contains(name));
  }

  private static Path root() {
    return Path.of("").toAbsolutePath().getParent();
  }
}
