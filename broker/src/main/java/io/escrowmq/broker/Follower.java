package io.escrowmq.broker;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.replica.FollowerSettings;
import io.escrowmq.broker.replica.LogFollower;
import io.escrowmq.remoting.Machine;
import io.escrowmq.runtime.Pool;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.state.StateFiles;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a broker: copies its log into a directory of its own while it runs, and makes the same of it. When the
 * leader is lost, a broker started in this directory goes on with all that was copied. Owner: whoever starts it.
 */
public final class Follower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private static final int MOST_BACKGROUND_TASKS = 1 << 16;

  private final BrokerSettings settings;
  private final FollowerSettings following;
  private final Machine<FileSystem> machine;
  private final Consumer<String> whenFailed;
  private final Deque<AutoCloseable> started = new ArrayDeque<>(); // the last one first
  private @Nullable FollowedCore core;

  /**
   * @param settings as the leader has them; those of its network and of its clients are not asked for
   * @param whenFailed is told, once, why nothing is copied any more
   */
  public Follower(
      BrokerSettings settings,
      FollowerSettings following,
      Machine<FileSystem> machine,
      Consumer<String> whenFailed) {
    this.settings = settings;
    this.following = following;
    this.machine = machine;
    this.whenFailed = whenFailed;
  }

  /** Returns at once; the leader may come later. */
  public void start() {
    FileSystem files = machine.files();
    Surroundings surroundings = machine.surroundings();
    try {
      if (!files.exists(settings.storeDirectory())) {
        files.createDurably(settings.storeDirectory());
      }
      started.push(files.lock(settings.storeDirectory().resolve("lock")));
      Pool background = surroundings.loops().pool("background", 1, MOST_BACKGROUND_TASKS);
      started.push(background);
      HeapBudget heap = HeapBudget.of(Runtime.getRuntime().maxMemory());
      FollowedCore followed = new FollowedCore(CorePlan.of(
          settings,
          BrokerHost.ofNobody(settings, surroundings, heap),
          files,
          new StateFiles(files, settings.storeDirectory().resolve("state")),
          background,
          surroundings,
          heap,
          whenFailed));
      LogFollower follower =
          new LogFollower(following, followed, machine.network(), surroundings, whenFailed);
      started.push(followed);
      started.push(follower);
      follower.start();
      core = followed;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Everything of the leader's log before this position is here, and applied. Any thread. */
  public long copied() {
    FollowedCore followed = core;
    return followed == null ? 0 : followed.copied();
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
