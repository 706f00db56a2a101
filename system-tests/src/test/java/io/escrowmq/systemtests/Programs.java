package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Applications in processes of their own, which one test starts, kills and starts again, all in one directory.
 * Owner: the test.
 */
final class Programs implements AutoCloseable {

  private static final Duration A_WHILE = Duration.ofSeconds(60);

  private final Path directory;
  private final Class<?> main;
  private final List<String> first;
  private final List<JavaProcess> started = new ArrayList<>();

  /**
   * @param first the arguments that all of them get, in front of their own
   */
  Programs(Path directory, Class<?> main, List<String> first) {
    this.directory = directory;
    this.main = main;
    this.first = first;
  }

  /** Starts one; the one before must have ended. */
  JavaProcess start(String... arguments) {
    List<String> line = new ArrayList<>(List.of("-Xmx256m", main.getName()));
    line.addAll(first);
    line.addAll(List.of(arguments));
    JavaProcess program =
        new JavaProcess(directory, ClassPaths.programs(), line, Map.of(), false, List.of());
    started.add(program);
    return program;
  }

  /** Returns when the program has said this. */
  void await(JavaProcess program, String said) {
    program.awaitLine(said, A_WHILE);
  }

  /** Runs one that goes no further than this, and kills it there (SIGKILL). */
  void killAt(String said, String... arguments) {
    JavaProcess dying = start(arguments);
    await(dying, said);
    dying.kill();
  }

  /** Waits for a good end. */
  void awaitEnd(JavaProcess program) {
    int exitCode = program.end(A_WHILE);
    assertThat(exitCode).as(program.output()).isZero();
  }

  @Override
  public void close() {
    started.stream().filter(JavaProcess::isAlive).forEach(JavaProcess::kill);
  }
}
