package io.escrowmq.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the kernel tells about a process under {@code /proc}. Stateless; the root is handed in so that a test brings its own. */
final class ProcFiles {
  /** USER_HZ: fixed at 100 in the kernel's interface on every architecture that Java runs on today. */
  static final int TICKS_PER_SECOND = 100;

  /** Not their partitions, and not what is made of them, which would count twice. */
  private static final Pattern WHOLE_DISK = Pattern.compile("(s|v|xv|h)d[a-z]+|nvme[0-9]+n[0-9]+");

  private static final int DEVICE_NAME = 2;
  private static final int SECTORS_WRITTEN = 9;
  private static final int SECTOR_BYTES = 512;
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private final Path root;

  ProcFiles(Path root) {
    this.root = root;
  }

  static ProcFiles ofThisMachine() {
    return new ProcFiles(Path.of("/proc"));
  }

  /** User and system time of the process so far, dead threads included, in ticks. */
  Cpu cpu(long pid) throws IOException {
    return parseStat(read(root.resolve(Long.toString(pid)).resolve("stat")));
  }

  /** The same for its living threads, summed up by name; numbers at the end of a name are left away. */
  Map<String, Long> cpuByThread(long pid) throws IOException {
    Map<String, Long> ticks = new TreeMap<>();
    Path tasks = root.resolve(Long.toString(pid)).resolve("task");
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        try {
          String stat = read(thread.resolve("stat"));
          ticks.merge(threadName(stat), parseStat(stat).ticks(), Long::sum);
        } catch (NoSuchFileException e) {
          // it ended between the listing and the reading: what it used is in the process's own sum
        }
      }
    }
    return ticks;
  }

  /** A field of {@code status} that counts kibibytes, in bytes; 0 when the kernel does not have it. */
  long statusBytes(long pid, String field) throws IOException {
    return 1024 * number(lines(pid, "status"), field);
  }

  /** Bytes that all disks of the machine have written so far. */
  long deviceBytes() throws IOException {
    long sectors = 0;
    for (String line : Files.readAllLines(root.resolve("diskstats"), StandardCharsets.UTF_8)) {
      String[] fields = line.strip().split(" +", -1);
      if (WHOLE_DISK.matcher(fields[DEVICE_NAME]).matches()) {
        sectors += Long.parseLong(fields[SECTORS_WRITTEN]);
      }
    }
    return sectors * SECTOR_BYTES;
  }

  /** The file that the process runs. */
  String executable(long pid) throws IOException {
    return Files.readSymbolicLink(root.resolve(Long.toString(pid)).resolve("exe"))
        .toString();
  }

  /** The three load averages and what follows, as the kernel prints them. */
  String loadAverage() throws IOException {
    return read(root.resolve("loadavg")).strip();
  }

  /** The value of a field of {@code cpuinfo}, {@code meminfo} or the like; empty when it is not there. */
  String field(String file, String name) throws IOException {
    return Files.readAllLines(root.resolve(file), StandardCharsets.UTF_8).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** A figure of {@code meminfo}; 0 when the kernel does not have it. */
  long kibibytes(String name) throws IOException {
    return number(Files.readAllLines(root.resolve("meminfo"), StandardCharsets.UTF_8), name);
  }

  static Cpu parseStat(String stat) {
    // the name stands in parentheses and may itself contain blanks and parentheses
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new Cpu(Long.parseLong(fields[USER_TIME]), Long.parseLong(fields[SYSTEM_TIME]));
  }

  static String threadName(String stat) {
    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return name.replaceAll("[-_# ]*[0-9]+$", "").strip();
  }

  private List<String> lines(long pid, String file) throws IOException {
    return Files.readAllLines(
        root.resolve(Long.toString(pid)).resolve(file), StandardCharsets.UTF_8);
  }

  private static long number(List<String> lines, String field) {
    return lines.stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** CPU time in ticks of 10 ms. */
  record Cpu(long userTicks, long systemTicks) {

    long ticks() {
      return userTicks + systemTicks;
    }

    Cpu minus(Cpu earlier) {
      return new Cpu(userTicks - earlier.userTicks, systemTicks - earlier.systemTicks);
    }

    double seconds() {
      return (double) ticks() / TICKS_PER_SECOND;
    }

    double systemSeconds() {
      return (double) systemTicks / TICKS_PER_SECOND;
    }
  }
}
