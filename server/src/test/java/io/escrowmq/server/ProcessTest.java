package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: what they print, when they refuse, how they end. */
class ProcessTest {

  private static final String[] SERVER = {
    "server",
    "--set=namesrv.listen=127.0.0.1:0",
    "--set=broker.listen=127.0.0.1:0",
    "--set=store.segment-bytes=16MiB"
  };

  @TempDir
  private Path directory;

  @Test
  void shouldSayReadyAndEndWithZeroWhenAsked() throws Exception {
    try (JvmProcess server = JvmProcess.start(directory, SERVER)) {
      // given
      assertThat(server.awaitReady("namesrv")).startsWith("127.0.0.1:");
      assertThat(server.awaitReady("broker")).startsWith("127.0.0.1:");

      // when
      int code = server.terminate();

      // then
      assertThat(code).as(server.err()).isZero();
      assertThat(server.out().lines()).hasSize(1);
      assertThat(server.err().lines().reduce((first, last) -> last).orElse(""))
          .contains("INFO", "server has stopped in order");
      assertThat(directory.resolve("data")).isDirectory();
    }
  }

  @Test
  void shouldRefuseASecondProcessOnTheSameDirectory() throws Exception {
    try (JvmProcess first = JvmProcess.start(directory.resolve("1"), SERVER)) {
      // given
      first.awaitReady("broker");
      Path taken = directory.resolve("1").resolve("data").toRealPath();

      // when
      try (JvmProcess second = JvmProcess.start(
              directory.resolve("2"), broker("store.dir=" + taken, "broker.listen=127.0.0.1:0"));
          JvmProcess third =
              JvmProcess.start(directory.resolve("3"), with(SERVER, "--set=store.dir=" + taken))) {

        // then
        for (JvmProcess refused : List.of(second, third)) {
          assertThat(refused.exitCode()).isEqualTo(1);
          assertThat(refused.out()).isEmpty();
          assertThat(refused.err())
              .contains("did not start", taken.toString(), "process " + first.pid())
              .doesNotContain("\tat ");
        }
      }
    }
  }

  @Test
  void shouldNameTheAddressThatIsTaken() throws Exception {
    try (JvmProcess first = JvmProcess.start(directory.resolve("1"), SERVER)) {
      // given
      String taken = first.awaitReady("broker");

      // when
      try (JvmProcess second =
          JvmProcess.start(directory.resolve("2"), broker("broker.listen=" + taken))) {

        // then
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err())
            .contains("The broker did not start", taken)
            .doesNotContain("\tat ");
      }
    }
  }

  @Test
  void shouldRefuseToListenBeyondThisMachineBeforeAnythingOpens() throws Exception {
    // when
    try (JvmProcess refused =
        JvmProcess.start(directory, with(SERVER, "--set=broker.listen=0.0.0.0:0"))) {

      // then
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .contains("broker.listen=0.0.0.0:0", "security.allow-anonymous=true")
          .doesNotContain("\tat ");
      assertThat(directory.resolve("data")).doesNotExist();
    }
  }

  @Test
  void shouldRunNameServerAndBrokerApart() throws Exception {
    try (JvmProcess namesrv =
        JvmProcess.start(directory.resolve("n"), "namesrv", "--set=namesrv.listen=127.0.0.1:0")) {
      // given
      String nameServer = namesrv.awaitReady("namesrv");

      // when
      try (JvmProcess broker = JvmProcess.start(
          directory.resolve("b"),
          broker("broker.listen=127.0.0.1:0", "namesrv.addresses=" + nameServer))) {

        // then
        assertThat(broker.awaitReady("broker")).startsWith("127.0.0.1:");
        assertThat(broker.awaitReady("namesrv")).isEqualTo("null");
        assertThat(broker.terminate()).as(broker.err()).isZero();
      }
      assertThat(namesrv.terminate()).as(namesrv.err()).isZero();
    }
  }

  @Test
  void shouldSendAndReceiveInTheQuickstartAndLeaveNothingBehind() throws Exception {
    // given
    Path temporary = Files.createDirectories(directory.resolve("tmp"));

    // when
    try (JvmProcess quickstart =
        JvmProcess.start(directory.resolve("run"), "quickstart", "--temporary=" + temporary)) {

      // then
      assertThat(quickstart.exitCode()).as(quickstart.err()).isZero();
      assertThat(quickstart.out()).contains("started", "sent", "received", "stopped", "It works.");
      try (Stream<Path> left = Files.list(temporary)) {
        assertThat(left).isEmpty();
      }
    }
  }

  private static String[] broker(String... pairs) {
    return Stream.concat(
            Stream.of("broker", "--set=store.segment-bytes=16MiB"),
            Stream.of(pairs).map(pair -> "--set=" + pair))
        .toArray(String[]::new);
  }

  private static String[] with(String[] arguments, String more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }
}
