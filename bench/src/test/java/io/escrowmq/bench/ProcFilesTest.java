package io.escrowmq.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFilesTest {
  private static final String STAT =
      "42 (%s) S 1 42 42 0 -1 4194560 2118 0 3 0 %d %d 0 0 20 0 35 0 1234 99 1 18446744073709551615";

  @TempDir
  Path proc;

  @Test
  void shouldReadUserAndSystemTimeBehindANameWithBlanksAndParentheses() throws IOException {
    // given
    write("42/stat", STAT.formatted("a (b) c", 250, 75));

    // when
    ProcFiles.Cpu cpu = new ProcFiles(proc).cpu(42);

    // then
    assertThat(cpu.seconds()).isEqualTo(3.25);
    assertThat(cpu.systemSeconds()).isEqualTo(0.75);
  }

  @Test
  void shouldSumUpThreadsWhoseNamesDifferInANumber() throws IOException {
    // given
    write("42/task/43/stat", STAT.formatted("GC Thread#0", 10, 1));
    write("42/task/44/stat", STAT.formatted("GC Thread#1", 20, 2));
    write("42/task/45/stat", STAT.formatted("log-loop", 5, 5));

    // when / then
    assertThat(new ProcFiles(proc).cpuByThread(42))
        .containsOnly(entry("GC Thread", 33L), entry("log-loop", 10L));
  }

  @Test
  void shouldReadMemoryAndWhatWholeDisksWrote() throws IOException {
    // given
    write("42/status", "Name:\tjava\nVmRSS:\t  2048 kB\nRssAnon:\t  1024 kB\n");
    write("meminfo", "MemTotal:       24683656 kB\nMemFree:          400000 kB\n");
    write("diskstats", """
         254 0 vda 1 0 8 0 1 0 16 0 0 0 0
         254 1 vda1 1 0 8 0 1 0 16 0 0 0 0
           7 0 loop0 1 0 8 0 1 0 99 0 0 0 0
        """);

    // when
    ProcFiles files = new ProcFiles(proc);

    // then
    assertThat(files.statusBytes(42, "VmRSS")).isEqualTo(2 * 1024 * 1024);
    assertThat(files.statusBytes(42, "VmSwap")).isZero();
    assertThat(files.deviceBytes()).isEqualTo(16 * 512);
    assertThat(files.kibibytes("MemFree")).isEqualTo(400_000);
  }

  private void write(String name, String content) throws IOException {
    Path file = proc.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
