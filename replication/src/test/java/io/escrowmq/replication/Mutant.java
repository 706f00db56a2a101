package io.escrowmq.replication;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A rule taken away on purpose: a text of one source file, and what stands there instead.
 *
 * @param name says what is done wrong
 */
record Mutant(String name, String file, String text, String instead) {

  private static final Path SOURCES = Path.of("src/main/java/io/escrowmq/replication");
  private static final Path CLASSES = Path.of("target/classes");

  /** How often the text stands in its file: once, or this is no mutant of today's code. */
  int places() throws IOException {
    return Files.readString(SOURCES.resolve(file)).split(Pattern.quote(text), -1).length - 1;
  }

  /** Walks with this rule taken away, and says what was found; null for nothing. */
  @Nullable
  String firstViolation(Path directory, long seeds, int steps)
      throws IOException, ReflectiveOperationException {
    Path mutated = directory.resolve(file);
    Files.writeString(mutated, Files.readString(SOURCES.resolve(file)).replace(text, instead));
    compile(mutated, directory);
    URL[] urls = {url(directory), url(CLASSES), url(Path.of("target/test-classes"))};
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      Method walk = loader
          .loadClass(Walk.class.getName())
          .getDeclaredMethod("firstViolation", long.class, int.class);
      walk.setAccessible(true);
      return (String) walk.invoke(null, seeds, steps);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(name + " cannot be walked", e.getCause());
    }
  }

  private static URL url(Path directory) throws MalformedURLException {
    return directory.toUri().toURL();
  }

  private void compile(Path source, Path into) throws IOException {
    String annotations =
        NullMarked.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean isCompiled = compiler
          .getTask(
              said,
              files,
              null,
              List.of(
                  "-nowarn",
                  "-proc:none",
                  "-d",
                  into.toString(),
                  "-cp",
                  CLASSES + ":" + annotations),
              null,
              files.getJavaFileObjects(source))
          .call();
      if (!isCompiled) {
        throw new IllegalStateException(name + " does not compile: " + said);
      }
    }
  }
}
