package io.escrowmq.simulation;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A fault that is made on purpose: a text in one source file, and what stands there instead. Compiled into
 * a directory of its own, which comes before everything else on a class path.
 *
 * @param name says what the broker does wrong
 * @param file below the root of the project
 */
record Mutant(String name, String file, String text, String instead) {

  /** How often the text stands in its file: once, or this is no mutant of today's code. */
  int places(Path root) throws IOException {
    String source = Files.readString(root.resolve(file));
    int count = 0;
    for (int at = source.indexOf(text); at >= 0; at = source.indexOf(text, at + 1)) {
      count++;
    }
    return count;
  }

  void compile(Path root, String classPath, Path into) throws IOException {
    Path path = root.resolve(file);
    Path mutated = into.resolve(String.valueOf(path.getFileName()));
    Files.writeString(mutated, Files.readString(path).replace(text, instead));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean isCompiled = compiler
          .getTask(
              said,
              files,
              null,
              List.of(
                  "-nowarn", "-parameters", "-proc:none", "-d", into.toString(), "-cp", classPath),
              null,
              files.getJavaFileObjects(mutated))
          .call();
      if (!isCompiled) {
        throw new IllegalStateException(name + " does not compile: " + said);
      }
    }
  }
}
