package io.escrowmq.demo.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Name server and broker in one process, which keep their ports and messages. Any thread. */
final class BrokerProcess implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Pattern READY = Pattern.compile("ready namesrv=(\\S+) broker=(\\S+) .*");
  private static final String ANY_PORT = "127.0.0.1:0";

  private final String classPath;
  private final Path directory;
  private final CountDownLatch closed = new CountDownLatch(1);
  private String nameServer = ANY_PORT; // guarded by this, as the next two
  private String broker = ANY_PORT;
  private @Nullable Jvm jvm;

  BrokerProcess(String classPath, Path directory) {
    this.classPath = classPath;
    this.directory = directory;
  }

  /** Returns when clients may come. */
  synchronized void start() throws InterruptedException {
    List<String> words = new ArrayList<>(List.of("io.escrowmq.server.Main", "server"));
    for (String setting : List.of(
        "namesrv.listen=" + nameServer,
        "broker.listen=" + broker,
        "broker.name=" + Topics.BROKER,
        "store.dir=" + directory.resolve("messages"),
        "store.segment-bytes=16MiB",
        // so that what a crash has left in doubt is asked about while somebody watches
        "tx.first-check=1s",
        "tx.check-every=500ms",
        "tx.check-max-pause=2s",
        "tx.max-checks=1000")) {
      words.add("--set");
      words.add(setting);
    }
    Jvm started = Jvm.start("broker", classPath, words, directory.resolve("broker.err"));
    jvm = started;
    String line = started.await("ready ", READY_WITHIN);
    Matcher ready = READY.matcher(line);
    if (!ready.matches()) {
      throw new DemoException("the broker said what is not understood: " + line);
    }
    nameServer = ready.group(1);
    broker = ready.group(2);
  }

  /**
   * Kills it and starts it again.
   *
   * @param away how long there is no broker
   * @param meanwhile done when there is none; must not block
   */
  synchronized void killAndRestart(Duration away, Runnable meanwhile) throws InterruptedException {
    if (jvm == null) {
      throw new IllegalStateException("the broker was not started");
    }
    jvm.kill();
    meanwhile.run();
    // with the lock: nobody else is to kill or start it
    if (!closed.await(away.toMillis(), TimeUnit.MILLISECONDS)) {
      start();
    }
  }

  /** Where its name server is; known once it has started. */
  synchronized String nameServer() {
    return nameServer;
  }

  /** Where the broker is; known once it has started. */
  synchronized String address() {
    return broker;
  }

  @Override
  public void close() {
    closed.countDown();
    synchronized (this) {
      if (jvm != null) {
        jvm.abandon();
      }
    }
  }
}
