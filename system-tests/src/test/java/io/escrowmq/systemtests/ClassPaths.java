package io.escrowmq.systemtests;

import io.escrowmq.demo.Main;
import io.escrowmq.demo.chaos.Probe;
import io.escrowmq.systemtests.driver.RocketDriver;
import io.escrowmq.systemtests.program.TableProgram;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The class paths that the build has written down. */
final class ClassPaths {

  private ClassPaths() {}

  static String escrowmqServer() {
    return read(property("systemtests.server"));
  }

  static String rocketmqServers() {
    return read(property("systemtests.rocketmq").resolve("servers-5.5.0/target/class-path"));
  }

  /** The driver, in front of the client and the tools of that version. */
  static String driver(String version) {
    Path tools =
        property("systemtests.rocketmq").resolve("tools-" + version + "/target/class-path");
    return codeOf(RocketDriver.class) + File.pathSeparator + read(tools);
  }

  /** An old client alone, or another that is built on one: {@code client-4.4.0}, {@code spring-2.3.5}. */
  static String rocketmq(String module) {
    return read(property("systemtests.rocketmq").resolve(module + "/target/class-path"));
  }

  /** The order demo, in front of what it needs. */
  static String orderDemo() {
    Path needed = property("systemtests.order-demo").resolve("target/class-path");
    return codeOf(Main.class) + File.pathSeparator + read(needed);
  }

  /** What an application gets that depends on the client and on nothing else. */
  static String newUser() {
    return read(property("systemtests.new-user").resolve("target/class-path"));
  }

  /** The same beside JDBC drivers and a transaction manager. */
  static String newUserWithDatabases() {
    return read(property("systemtests.new-user").resolve("target/class-path-with-databases"));
  }

  /** The programs that are killed: this module's own, with probes of the order demo. */
  static String programs() {
    return codeOf(TableProgram.class)
        + File.pathSeparator
        + codeOf(Probe.class)
        + File.pathSeparator
        + newUserWithDatabases();
  }

  /** A file of the checkout. */
  static Path source(String path) {
    return property("systemtests.sources").resolve(path);
  }

  private static Path codeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Path property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("run by Maven, which sets " + name);
    }
    return Path.of(value);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }
}
