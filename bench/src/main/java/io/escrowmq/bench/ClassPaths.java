package io.escrowmq.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Class paths as the build of this module and of {@code bench/peers} wrote them down. */
final class ClassPaths {
  private ClassPaths() {}

  /** Everything that a peer consists of, and nothing else. */
  static String peer(Path root, String name) throws IOException {
    Path file = root.resolve("bench/target/classpath").resolve(name + ".txt");
    return Files.readString(file, StandardCharsets.UTF_8).strip();
  }

  /** The same with the classes of this module before it. */
  static String generator(Path root, String peer) throws IOException {
    return root.resolve("bench/target/classes") + ":" + peer(root, "bench") + ":"
        + peer(root, peer);
  }
}
