package io.escrowmq.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All classes of the broker that implement one of its interfaces, so that a test notices a new one. */
final class Implementations {

  private static final String SUFFIX = ".class";

  private Implementations() {}

  /** Their names without packages. */
  static Set<String> of(Class<?> type) {
    try {
      Path root =
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .map(file -> root.relativize(file).toString())
            .filter(name -> name.endsWith(SUFFIX) && !name.endsWith("-info.class"))
            .map(name -> named(name.substring(0, name.length() - SUFFIX.length())))
            .filter(found -> type.isAssignableFrom(found) && !found.isInterface())
            .map(found -> found.getName().substring(found.getName().lastIndexOf('.') + 1))
            .collect(Collectors.toCollection(TreeSet::new));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> named(String path) {
    try {
      return Class.forName(path.replace('/', '.'), false, Implementations.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
