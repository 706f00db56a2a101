package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.RealFileSystem;
import io.escrowmq.store.StoreFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The advice of a refusal, followed to the letter. */
class LogCommandTest {

  private static final Pattern COMMAND = Pattern.compile("run: escrowmq (.*?) \\(with");

  @TempDir
  private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldSayThatNothingIsDamaged() {
    // given
    node().close();

    // when
    int code = run("log", "verify", "--set", "store.dir=" + directory);

    // then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("Nothing is damaged in " + directory);
  }

  @Test
  void shouldStartAfterTheCommandThatTheRefusalNames() {
    // given: a log whose only segment lost all but its first bytes
    Node node = node();
    try (RoundTrip client = new RoundTrip(node.namesrv().orElseThrow())) {
      client.send("kept");
    }
    node.close();
    RealFileSystem files = new RealFileSystem();
    Path segment = directory.resolve("log").resolve("00000000000000000000.log");
    try (StoreFile file = files.open(segment)) {
      file.truncate(10);
    }
    Matcher command = COMMAND.matcher(refusal());
    assertThat(command.find()).isTrue();
    String[] words = command.group(1).split(" ");

    // when
    assertThat(run("log", "repair", "--dry-run", "--set", "store.dir=" + directory))
        .isEqualTo(1);
    assertThat(refusal()).contains("log repair");
    int code = run(words);

    // then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("Repaired;");
    node().close();
  }

  @Test
  void shouldCheckAndRepairWithSegmentsThatNoLargestMessageWouldFit() {
    // given
    node().close();
    String[] settings = {"--set", "store.dir=" + directory, "--set", "store.segment-bytes=1MiB"};

    // when // then
    for (String command : new String[] {"verify", "repair"}) {
      int code = run("log", command, settings[0], settings[1], settings[2], settings[3]);
      assertThat(code).as(err.toString()).isZero();
      assertThat(out.toString()).contains("Nothing");
    }
  }

  @Test
  void shouldPrintTheRecordsThatAreAskedFor() {
    // given
    Node node = node();
    try (RoundTrip client = new RoundTrip(node.namesrv().orElseThrow())) {
      client.send("one");
      client.send("another");
    }
    node.close();
    String[] words = {"log", "dump", "--set", "store.dir=" + directory, "--kind", "message,topic"};

    // when
    int code = run(words);

    // then
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains(" TOPIC ", "topic QuickStart was created"),
            line -> assertThat(line).contains(" MESSAGE ", "offset 0 of QuickStart/0", "3 bytes"),
            line -> assertThat(line).contains(" MESSAGE ", "offset 1 of QuickStart/0", "7 bytes"),
            line -> assertThat(line).contains("Records: 3; damaged places: 0"));
  }

  @Test
  void shouldTellInOneSentenceThatABrokerIsRunning() {
    // given
    Node running = node();

    // when
    int code = run("log", "repair", "--set", "store.dir=" + directory);

    // then
    running.close();
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains("lock");
  }

  private String refusal() {
    StringBuilder message = new StringBuilder();
    assertThatThrownBy(this::node)
        .isInstanceOf(StartupException.class)
        .satisfies(e -> message.append(e.getMessage()));
    return message.toString();
  }

  private Node node() {
    Node node = CommandBed.node(directory, new RealFileSystem());
    node.start();
    return node;
  }

  private int run(String... arguments) {
    PrintWriter told = new PrintWriter(err, true);
    return Main.commandLine(Map.of(), new Exit(told), new PrintWriter(out, true), told)
        .execute(arguments);
  }
}
