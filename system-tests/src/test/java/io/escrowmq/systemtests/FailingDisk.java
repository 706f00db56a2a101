package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk whose calls fail or hang as the test says: a library in C that is loaded before libc, built here.
 * Owner: one test.
 */
final class FailingDisk implements StoreDisk {

  private static final Path SOURCE = Path.of("src/test/c/failing_disk.c");

  private final Path library;
  private final Path control;

  private FailingDisk(Path directory) {
    this.library = directory.resolve("failing_disk.so").toAbsolutePath();
    this.control = directory.resolve("failing_disk").toAbsolutePath();
  }

  /** Builds it; aborts the test where there is no C compiler. */
  static FailingDisk in(Path directory) {
    FailingDisk disk = new FailingDisk(directory);
    try {
      Process compiler = new ProcessBuilder(
              "gcc",
              "-shared",
              "-fPIC",
              "-O1",
              "-Wall",
              "-Wno-unused-result",
              "-Werror",
              SOURCE.toString(),
              "-o",
              disk.library.toString(),
              "-ldl")
          .inheritIO()
          .start();
      assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(compiler.exitValue()).as("gcc " + SOURCE).isZero();
    } catch (IOException missing) {
      assumeThat(missing).as("gcc is installed").isNull();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
    disk.isWell();
    return disk;
  }

  @Override
  public List<String> launcher(Path store) {
    return List.of(
        "env",
        "LD_PRELOAD=" + library,
        "FAILING_DISK=" + control,
        "FAILING_DISK_BELOW=" + store.toAbsolutePath());
  }

  /** From now on these calls go wrong: see the source for the words. */
  void let(String kinds, String mode) {
    says(kinds + " " + mode);
  }

  /** All calls go through from now on. */
  void isWell() {
    says("");
  }

  private void says(String words) {
    try {
      Path next = control.resolveSibling("failing_disk.next");
      Files.writeString(next, words);
      Files.move(next, control, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The calls that went wrong so far, a line each. */
  List<String> failures() {
    Path hits = Path.of(control + ".hits");
    try {
      return Files.exists(hits) ? Files.readAllLines(hits) : List.of();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
