package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged distribution, started by its own script on the JDK that the script picks. */
class DistributionLaunch {

  private static final Path SCRIPT = Path.of("target", "escrowmq", "bin", "escrowmq");

  @TempDir
  private Path directory;

  @Test
  void shouldPrintResultsAndNothingElse() throws Exception {
    // when
    int code = run("config", "--set", "store.flush=sync");

    // then
    assertThat(code).isZero();
    assertThat(Files.readAllLines(directory.resolve("out"))).first().asString().startsWith("KEY ");
    assertThat(Files.readString(directory.resolve("err"))).isEmpty();
  }

  @Test
  void shouldStartFromTheArchiveThatTheFirstStartMade() throws Exception {
    // given
    assertThat(run("quickstart")).as(told()).isZero();
    assertThat(told()).contains("preparing quick starts");

    // when
    int code = run("quickstart");

    // then
    assertThat(code).as(told()).isZero();
    assertThat(told()).as("neither java nor we have anything to say").isEmpty();
    try (Stream<Path> archives = Files.list(directory.resolve("cache"))) {
      assertThat(archives).singleElement().asString().endsWith(".jsa");
    }
  }

  private String told() throws IOException {
    return Files.readString(directory.resolve("err"));
  }

  private int run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("ESCROWMQ_"));
    builder.environment().put("ESCROWMQ_CACHE", directory.resolve("cache").toString());
    Process process = builder
        .redirectOutput(directory.resolve("out").toFile())
        .redirectError(directory.resolve("err").toFile())
        .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
