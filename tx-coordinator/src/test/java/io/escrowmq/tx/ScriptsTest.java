package io.escrowmq.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations with expected answers, in {@code src/test/resources/scripts}: commands, a line
 * {@code ----}, what is told, an empty line. After each command the coordinator must equal one that
 * is rebuilt from the log, and one that is restored from an image.
 */
class ScriptsTest {

  private static final Path SCRIPTS = Path.of("src/test/resources/scripts");

  static Stream<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      List<String> names =
          files.map(file -> file.getFileName().toString()).sorted().toList();
      return names.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void shouldGoAsWritten(String script) throws IOException {
    // given
    List<String> expected = Files.readAllLines(SCRIPTS.resolve(script));
    Conversation conversation = new Conversation();

    // when
    List<String> actual = new ArrayList<>();
    boolean isAnswer = false;
    for (String line : expected) {
      if (line.isBlank()) {
        isAnswer = false;
      } else if (line.startsWith("----")) {
        isAnswer = true;
        actual.add(line);
        actual.addAll(answers);
        answers.clear();
        continue;
      } else if (!isAnswer && !line.startsWith("#")) {
        for (String command : line.split(";", -1)) {
          answers.addAll(conversation.say(command));
          assertThat(conversation.imageOfRebuilt())
              .as("%s, after '%s': rebuilt equals live", script, command)
              .isEqualTo(conversation.image());
          assertThat(conversation.imageOfRestored())
              .as("%s, after '%s': restored equals live", script, command)
              .isEqualTo(conversation.image());
        }
      }
      if (!isAnswer) {
        actual.add(line);
      }
    }

    // then
    assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
  }

  private final List<String> answers = new ArrayList<>();
}
