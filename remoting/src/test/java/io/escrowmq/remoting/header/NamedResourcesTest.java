package io.escrowmq.remoting.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Caller;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.PolicyByName;
import io.escrowmq.remoting.code.RequestCode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request's header names, a policy is shown: also in headers of tomorrow. */
class NamedResourcesTest {

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
  void shouldShowWhateverItNames(Class<?> header) throws Exception {
    RecordComponent[] components = header.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName().toLowerCase(Locale.ROOT);
      boolean holdsName = components[i].getType() == String.class
          && (name.contains("topic")
              || name.contains("group")
              || name.equals("cluster")
              || (name.equals("brokername") && header != ConsumeDirectlyHeader.class)
              || name.equals("namespace")
              || (name.equals("key") && isOfNameServer(header)))
          && !name.equals("defaulttopic"); // a template, which the request is not about
      if (holdsName) {
        assertThat(shownBy(header, i)).as("%s of %s", name, header).isTrue();
      }
    }
  }

  /** A message's key is no name. */
  private static boolean isOfNameServer(Class<?> header) {
    return header.getSimpleName().contains("Kv");
  }

  /** Whether a policy is shown the denied name that stands in one component. */
  private static boolean shownBy(Class<?> header, int denied) throws Exception {
    RecordComponent[] components = header.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] = i == denied ? "denied" : value(types[i]);
    }
    Object said = header.getDeclaredConstructor(types).newInstance(values);
    return new DenialPolicy().refusal(Caller.ANONYMOUS, Permission.READ, said) != null;
  }

  private static Object value(Class<?> type) {
    if (type == String.class) {
      return "other";
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    throw new AssertionError("a component of type " + type);
  }

  private static final class DenialPolicy implements PolicyByName {

    @Override
    public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
      return null;
    }

    @Override
    public @Nullable String refusalOfTopic(
        Caller caller, Permission permission, @Nullable String topic) {
      return "denied".equals(topic) ? "no" : null;
    }

    @Override
    public @Nullable String refusalOfGroup(
        Caller caller, Permission permission, @Nullable String group) {
      return "denied".equals(group) ? "no" : null;
    }

    @Override
    public @Nullable String refusalOfCluster(
        Caller caller, Permission permission, @Nullable String cluster) {
      return "denied".equals(cluster) ? "no" : null;
    }

    @Override
    public @Nullable String refusalOfBroker(Caller caller, Permission permission, String broker) {
      return "denied".equals(broker) ? "no" : null;
    }

    @Override
    public @Nullable String refusalOfKey(
        Caller caller, Permission permission, String namespace, @Nullable String key) {
      return "denied".equals(namespace) || "denied".equals(key) ? "no" : null;
    }
  }
}
