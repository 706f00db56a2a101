package io.escrowmq.remoting;

import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.header.PullMessageHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** All readers of headers and bodies that there are: who writes another one need not name it here. */
final class Readers {

  private Readers() {}

  /** Reads a body of one kind. */
  record OfBody(Method method) {
    void read(byte[] body) throws Exception {
      try {
        method.invoke(null, body);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (Exception) Objects.requireNonNull(e.getCause());
      }
    }
  }

  static List<HeaderReader<?>> ofHeaders() {
    List<HeaderReader<?>> readers = new ArrayList<>();
    for (Class<?> type : besides(PullMessageHeader.class)) {
      try {
        readers.add(
            (HeaderReader<?>) Objects.requireNonNull(type.getField("FIELDS").get(null)));
      } catch (NoSuchFieldException e) {
        // flags, and what only brokers write
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    return readers;
  }

  static List<OfBody> ofBodies() {
    List<OfBody> readers = new ArrayList<>();
    for (Class<?> type : besides(Heartbeat.class)) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals("read")
            && List.of(method.getParameterTypes()).equals(List.of(byte[].class))
            && Modifier.isStatic(method.getModifiers())
            && Modifier.isPublic(method.getModifiers())
            && Modifier.isPublic(type.getModifiers())) {
          readers.add(new OfBody(method));
        }
      }
    }
    return readers;
  }

  /** The classes of a package, by name. */
  private static List<Class<?>> besides(Class<?> one) {
    try (Stream<Path> files = Files.list(directory(one))) {
      List<Class<?>> types = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.contains("-") && !name.contains("$")) {
          types.add(Class.forName(
              one.getPackageName() + "." + name.substring(0, name.length() - ".class".length())));
        }
      }
      return types;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path directory(Class<?> one) {
    try {
      Path root =
          Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      return root.resolve(one.getPackageName().replace('.', '/'));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
