package io.escrowmq.remoting.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfTopic;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request's header names, a policy can judge by: also in headers of tomorrow. */
class NamedResourcesTest {

  private static final Set<String> GROUPS =
      Set.of("consumerGroup", "producerGroup", "group", "toGroup");

  /** Sent by brokers, to clients. */
  private static final Set<String> TO_CLIENTS = Set.of("CheckTransactionHeader");

  static List<Class<?>> requestHeaders() throws IOException, URISyntaxException {
    Path classes = Path.of(SendMessageHeader.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .toURI())
        .resolve("io/escrowmq/remoting/header");
    try (Stream<Path> files = Files.list(classes)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Header.class") && !name.endsWith("ResponseHeader.class"))
          .<Class<?>>map(name -> load(name.substring(0, name.length() - ".class".length())))
          .filter(type -> type.isRecord() && !TO_CLIENTS.contains(type.getSimpleName()))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName("io.escrowmq.remoting.header." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("requestHeaders")
  void shouldShowATopicAndAGroupIfItNamesOne(Class<?> header) {
    List<String> names = Arrays.stream(header.getRecordComponents())
        .filter(component -> component.getType() == String.class)
        .map(RecordComponent::getName)
        .toList();

    assertThat(OfTopic.class.isAssignableFrom(header))
        .as("%s is about a topic", header)
        .isEqualTo(names.contains("topic"));
    assertThat(OfGroup.class.isAssignableFrom(header))
        .as("%s is about a group", header)
        .isEqualTo(names.stream().anyMatch(GROUPS::contains));
  }
}
