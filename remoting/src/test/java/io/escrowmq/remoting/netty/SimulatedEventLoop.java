package io.escrowmq.remoting.netty;

import io.escrowmq.runtime.SimulatedMachine;
import io.escrowmq.runtime.Simulator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that a simulated machine turns. Its tasks run in their order; a turn does all that
 * waited when it began or only the first, as the seed says, so that others come in between.
 */
@SuppressWarnings("InlineMeSuggester") // Netty says what is deprecated of its own
final class SimulatedEventLoop extends AbstractScheduledEventExecutor implements EventLoop {

  private static final int SHORT_TURNS = 4; // one of so many turns

  private final SimulatedMachine machine;
  private final Simulator world;
  private final Ticker ticker;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Set<Channel> channels = new LinkedHashSet<>();
  private Simulator.@Nullable Event next;
  private long nextNanos;
  private boolean turning; // time may pass in a turn; it has one thread
  private boolean ended;

  SimulatedEventLoop(SimulatedMachine machine) {
    this.machine = machine;
    this.world = machine.world();
    this.ticker = new Ticker() {
      @Override
      public long initialNanoTime() {
        return 0;
      }

      @Override
      public long nanoTime() {
        return world.nanos();
      }

      @Override
      public void sleep(long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody sleeps in a simulated world");
      }
    };
  }

  @Override
  public void execute(Runnable task) {
    if (ended) {
      throw new RejectedExecutionException("the event loop has ended");
    }
    if (machine.isCrashed()) {
      return;
    }
    tasks.add(task);
    if (!world.isActing(this)) {
      planSoon();
    }
  }

  /** Does what waits, at once; false when nothing does. For whoever waits on another thread. */
  boolean turnNow() {
    if (tasks.isEmpty() || turning || machine.isCrashed()) {
      return false;
    }
    turn();
    return true;
  }

  /** Closes its channels, does what waits, takes nothing more. */
  void end() {
    if (ended || machine.isCrashed()) {
      ended = true;
      return;
    }
    while (turnNow()) {}
    tasks.add(() -> Set.copyOf(channels).forEach(channel -> {
      var unused = channel.close();
    }));
    while (turnNow()) {}
    ended = true;
    if (next != null) {
      next.cancel();
    }
  }

  private void turn() {
    turning = true;
    try {
      machine.turn(() -> world.act(this, this::doTasks));
    } finally {
      turning = false;
    }
    if (!ended) {
      plan();
    }
  }

  private void doTasks() {
    fetchDue();
    int most = world.random().nextInt(SHORT_TURNS) == 0 ? 1 : tasks.size();
    for (int i = 0; i < most && !tasks.isEmpty() && !machine.isCrashed(); i++) {
      run(tasks.remove());
    }
  }

  private void fetchDue() {
    for (Runnable due = pollScheduledTask(world.nanos());
        due != null;
        due = pollScheduledTask(world.nanos())) {
      tasks.add(due);
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      if (!machine.isCrashed()) { // what it does while it dies nobody sees
        world.failures().add(new IllegalStateException("a task of an event loop failed", e));
      }
    }
  }

  private void plan() {
    if (!tasks.isEmpty()) {
      planSoon();
      return;
    }
    long due = nextScheduledTaskDeadlineNanos();
    if (due >= 0) {
      planAt(Math.max(due, world.nanos()) + machine.turnNanos());
    }
  }

  private void planSoon() {
    planAt(world.nanos() + machine.turnNanos());
  }

  private void planAt(long nanos) {
    if (next != null && nextNanos <= nanos) {
      return;
    }
    if (next != null) {
      next.cancel();
    }
    nextNanos = nanos;
    next = machine.afterNanos(nanos - world.nanos(), () -> {
      next = null;
      if (!ended && !turning) {
        turn();
      }
    });
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return world.isActing(this);
  }

  @Override
  public Ticker ticker() {
    return ticker;
  }

  @Override
  public @Nullable EventLoopGroup parent() {
    return null;
  }

  @Override
  public EventLoop next() {
    return this;
  }

  @Override
  public ChannelFuture register(Channel channel) {
    return register(new DefaultChannelPromise(channel, this));
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    Channel channel = promise.channel();
    channels.add(channel);
    channel.closeFuture().addListener(closed -> channels.remove(channel));
    channel.unsafe().register(this, promise);
    return promise;
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    return register(promise);
  }

  @Override
  public Future<?> shutdownGracefully(long quiet, long timeout, TimeUnit unit) {
    end();
    return terminationFuture();
  }

  @Override
  public Future<?> terminationFuture() {
    return newSucceededFuture(null);
  }

  @Override
  @Deprecated
  public void shutdown() {
    end();
  }

  @Override
  public boolean isShuttingDown() {
    return ended;
  }

  @Override
  public boolean isShutdown() {
    return ended;
  }

  @Override
  public boolean isTerminated() {
    return ended;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return ended;
  }
}
