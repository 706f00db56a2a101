package io.escrowmq.broker.replica;

import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.FileSystem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a broker's log into a directory of its own, record for record, while it runs. When the leader is lost, a
 * broker started in this directory goes on with all that was copied. Owner: whoever starts it.
 */
public final class Follower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  // Answers carry up to 16 MiB of the log, and their header.
  private static final RemotingSettings NETWORK = new RemotingSettings(
      1,
      32 << 20,
      Duration.ofSeconds(30),
      Duration.ofSeconds(10),
      1 << 20,
      64 << 20,
      RemotingSettings.NO_BOUND,
      16,
      16,
      HeaderEncoding.JSON);

  private final FollowerSettings settings;
  private final Machine<FileSystem> machine;
  private final Consumer<String> whenFailed;
  private final CopiedLog log;
  private final Deque<AutoCloseable> started = new ArrayDeque<>(); // the last one first

  /** @param whenFailed is told, once, why nothing is copied any more */
  public Follower(
      FollowerSettings settings, Machine<FileSystem> machine, Consumer<String> whenFailed) {
    this.settings = settings;
    this.machine = machine;
    this.whenFailed = whenFailed;
    this.log = new CopiedLog(settings, machine.files(), machine.surroundings().clock());
  }

  /** Returns at once; the leader may come later. */
  public void start() {
    FileSystem files = machine.files();
    Surroundings surroundings = machine.surroundings();
    try {
      if (!files.exists(settings.directory())) {
        files.createDurably(settings.directory());
      }
      started.push(files.lock(settings.directory().resolve("lock")));
      RemotingClient client = machine.network().client(RequestTable.of(), NETWORK);
      started.push(client);
      started.push(log);
      Worker worker = surroundings.worker("follower-loop");
      started.push(worker);
      worker.start(new FollowerLoop(
          new Leader(settings, client, surroundings.chance()),
          log,
          surroundings.ticker(),
          worker,
          whenFailed));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Everything of the leader's log before this position is here. Any thread. */
  public long copied() {
    return log.copied();
  }

  /** Makes durable what was copied, and lets go of the directory. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable last = started.pop();
      try {
        last.close();
      } catch (Exception e) {
        LOG.warn("while stopping: {}", e.toString(), e);
      }
    }
  }
}
