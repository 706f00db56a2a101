package io.escrowmq.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An example of a page, or of a package description: a whole program. Immutable.
 *
 * @param name of its public class
 * @param program as it stands in the text
 */
record Snippet(String name, String program) {

  private static final Pattern ON_PAGE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern IN_COMMENT =
      Pattern.compile("<pre>\\{@code\n(.*?)\n}</pre>", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("(?m)^public class (\\w+)");

  /** The examples of this file, in their order. */
  static List<Snippet> of(Path file) {
    return file.toString().endsWith(".java")
        ? find(IN_COMMENT, read(file).replaceAll("(?m)^ \\* ?", ""))
        : find(ON_PAGE, read(file));
  }

  private static List<Snippet> find(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(Snippet::of).toList();
  }

  private static Snippet of(MatchResult found) {
    String program = found.group(1);
    Matcher named = CLASS.matcher(program);
    if (!named.find()) {
      throw new IllegalStateException("this example is no whole program:\n" + program);
    }
    return new Snippet(named.group(1), program);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }
}
