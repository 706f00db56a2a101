package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/escrowmq} builds again when sources of these modules have changed. */
class ScriptModulesTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern DEPENDENCY = Pattern.compile(
      "<dependency>\\s*<groupId>(?:io\\.escrowmq|\\$\\{project\\.groupId})</groupId>\\s*"
          + "<artifactId>([a-z-]+)</artifactId>(.*?)</dependency>",
      Pattern.DOTALL);

  @ParameterizedTest
  @CsvSource({"server_modules, server", "demo_modules, examples/order-demo"})
  void shouldNameAllThatAProgramIsMadeOf(String variable, String module) throws IOException {
    // given
    Set<String> needed = new TreeSet<>();
    add(module, needed);

    // when
    Matcher list = Pattern.compile("(?m)^" + variable + "=\"([^\"]*)\"$")
        .matcher(Files.readString(ROOT.resolve("bin/escrowmq")));

    // then
    assertThat(list.find()).isTrue();
    assertThat(list.group(1).split(" ")).containsExactlyInAnyOrderElementsOf(needed);
  }

  private static void add(String module, Set<String> to) throws IOException {
    if (to.add(module)) {
      Matcher dependency =
          DEPENDENCY.matcher(Files.readString(ROOT.resolve(module).resolve("pom.xml")));
      while (dependency.find()) {
        if (!dependency.group(2).contains("<scope>test</scope>")) {
          add(dependency.group(1), to);
        }
      }
    }
  }
}
