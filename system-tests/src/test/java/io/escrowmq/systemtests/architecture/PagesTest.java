package io.escrowmq.systemtests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What pages say holds a promise is there: a page that names a test which was renamed promises nothing. */
final class PagesTest {

  private static final Path ROOT = Path.of("..");
  private static final String TOPIC = "TopicTest"; // of examples on pages
  private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z]\\w*Test)\\b");
  private static final Pattern TEST_METHOD = Pattern.compile("\\.(should\\w+)`");
  private static final Pattern METHOD = Pattern.compile("void (should\\w+)\\(");

  @Test
  void shouldNameOnlyTestsThatAreThere() throws IOException {
    // given
    Set<String> classes = new HashSet<>();
    Set<String> methods = new HashSet<>();
    for (Path source : files("src/test/java", ".java")) {
      String name = source.getFileName().toString();
      classes.add(name.substring(0, name.length() - ".java".length()));
      METHOD
          .matcher(Files.readString(source))
          .results()
          .forEach(found -> methods.add(found.group(1)));
    }
    assertThat(methods).hasSizeGreaterThan(1_000);
    classes.add(TOPIC);

    // when
    List<String> unknown = new ArrayList<>();
    for (Path page : files("", ".md")) {
      String text = Files.readString(page);
      named(TEST_CLASS, text)
          .filter(name -> !classes.contains(name))
          .forEach(name -> unknown.add(page + " names the test class " + name));
      named(TEST_METHOD, text)
          .filter(name -> !methods.contains(name))
          .forEach(name -> unknown.add(page + " names the test " + name));
    }

    // then
    assertThat(unknown).isEmpty();
  }

  private static Stream<String> named(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.results().map((MatchResult found) -> found.group(1));
  }

  /** Of the project's own, below such a folder, with such an ending. */
  private static List<Path> files(String below, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(ending))
          .filter(file -> file.toString().contains(below))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }
}
