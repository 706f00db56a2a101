package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/**
 * Somebody with an empty directory who copies all examples of a page into it, compiles them, and runs one after the
 * other. Owner: one test.
 */
final class NewUser implements AutoCloseable {

  private static final String ADDRESS_IN_EXAMPLES = "127.0.0.1:9876";
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

  private final Path directory;
  private final String classPath;
  private final List<Snippet> snippets;
  private final List<String> options;
  private final List<JavaProcess> started = new ArrayList<>();

  /**
   * @param directory empty
   * @param page in the checkout
   * @param classPath of what the programs need besides themselves
   * @param nameServer in place of the usual address
   * @param options of the JVM
   */
  NewUser(Path directory, String page, String classPath, String nameServer, String... options) {
    this.directory = directory;
    this.classPath = directory + File.pathSeparator + classPath;
    this.options = List.of(options);
    this.snippets = Snippet.of(ClassPaths.source(page));
    List<String> compiler = new ArrayList<>(
        List.of("-cp", classPath, "-d", directory.toString(), "-proc:none", "--release", "17"));
    for (Snippet snippet : snippets) {
      assertThat(snippet.program()).contains(ADDRESS_IN_EXAMPLES);
      compiler.add(
          write(snippet.name(), snippet.program().replace(ADDRESS_IN_EXAMPLES, nameServer)));
    }
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int result = ToolProvider.getSystemJavaCompiler()
        .run(null, null, errors, compiler.toArray(String[]::new));
    assertThat(result).as("compiling the examples of %s:%n%s", page, errors).isZero();
  }

  private String write(String name, String program) {
    try {
      return Files.writeString(directory.resolve(name + ".java"), program).toString();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The names of the programs, in the order of the page. */
  List<String> programs() {
    return snippets.stream().map(Snippet::name).toList();
  }

  /** Starts one, which reads its standard input. */
  JavaProcess start(String program) {
    List<String> line = new ArrayList<>(List.of("-Xmx256m"));
    line.addAll(options);
    line.add(program);
    JavaProcess process = new JavaProcess(directory, classPath, line, Map.of(), false, List.of());
    started.add(process);
    return process;
  }

  /** Runs one to its end; returns what it printed. */
  List<String> run(String program) {
    return ended(start(program));
  }

  /** Waits until it has ended well; returns what it printed. */
  List<String> ended(JavaProcess process) {
    int exitCode = process.end(ENDS_WITHIN);
    assertThat(exitCode).as(process.output()).isZero();
    return process.output().lines().toList();
  }

  @Override
  public void close() {
    started.stream().filter(JavaProcess::isAlive).forEach(JavaProcess::kill);
  }
}
