package io.escrowmq.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A search for inputs in a process of its own, in which Jazzer counts what code each of them reaches. */
final class Search {

  private static final int TO_START_AND_END_SECONDS = 120;

  private final Class<?> contract;
  private final FuzzTarget target;
  private final Path directory;
  private final int seconds = Integer.getInteger("fuzz.seconds", 60);

  Search(Class<?> contract, FuzzTarget target) {
    this.contract = contract;
    this.target = target;
    this.directory = Path.of("target", "fuzz", target.name()).toAbsolutePath();
  }

  void run() throws IOException, InterruptedException {
    Path corpus = Files.createDirectories(directory.resolve("corpus"));
    for (int i = 0; i < target.seeds().size(); i++) {
      Files.write(corpus.resolve("seed-" + i), target.seeds().get(i));
    }
    Path output = directory.resolve("output.txt");
    Process process = new ProcessBuilder(command(corpus))
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertThat(process.waitFor(seconds + TO_START_AND_END_SECONDS, TimeUnit.SECONDS))
          .as("the search ends; %s", output)
          .isTrue();
      assertThat(process.exitValue())
          .as(
              "see %s; the input in crash-* beside it belongs into src/test/resources/fuzz/%s",
              output, target)
          .isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private List<String> command(Path corpus) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+EnableDynamicAgentLoading",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        "-D" + SearchedTarget.CONTRACT + "=" + contract.getName(),
        "-D" + SearchedTarget.TARGET + "=" + target.name(),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + SearchedTarget.class.getName(),
        "--instrumentation_includes=io.escrowmq.**",
        "--custom_hook_includes=io.escrowmq.**",
        "-max_total_time=" + seconds,
        "-max_len=4096",
        "-timeout=10",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        corpus.toString()));
    Path found = Path.of("src", "test", "resources", "fuzz", target.name()).toAbsolutePath();
    if (Files.isDirectory(found)) {
      command.add(found.toString());
    }
    return command;
  }
}
