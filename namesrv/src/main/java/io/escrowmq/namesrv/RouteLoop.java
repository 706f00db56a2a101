package io.escrowmq.namesrv;

import io.escrowmq.namesrv.kv.KvConfig;
import io.escrowmq.namesrv.kv.KvNamespaces;
import io.escrowmq.namesrv.route.Departure;
import io.escrowmq.namesrv.route.RouteBook;
import io.escrowmq.namesrv.route.RouteImage;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all that changes in a name server: the route book, the KV configuration, the switches. Event
 * loops hand it changes through a bounded inbox and read the image that it publishes.
 *
 * <p>One caller of {@link #turn()} at a time; everything else may be called from any thread.
 */
final class RouteLoop implements Loop {

  /** One request on its way through the loop. Sees what all earlier ones left behind. */
  @FunctionalInterface
  interface Change {

    /**
     * Reads, rules and applies. The reply is sent once everybody can see what was applied. May
     * throw {@link BadBodyException} as long as it has changed nothing.
     */
    Reply apply(RouteLoop owned, long nowMillis);
  }

  private record WaitingCall(Call call, int bytes, Change change) {}

  private static final Logger LOG = LoggerFactory.getLogger(RouteLoop.class);

  private static final int MOST_WAITING = 4_096;
  private static final long MOST_WAITING_BYTES = 64 << 20; // four of the largest frames
  private static final int MOST_PER_TURN = 256;
  private static final long TICK_MILLIS = 1_000;

  private final Ticker ticker;
  private final RouteBook book;
  private final KvConfig config;
  private final Wakeup wakeup;

  // At most MOST_WAITING and MOST_WAITING_BYTES; whoever comes when it is full is told to come
  // again.
  private final Queue<WaitingCall> inbox = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong waitingBytes = new AtomicLong();

  // At most one entry for each watched connection: each closes once.
  private final Queue<Connection> closed = new ConcurrentLinkedQueue<>();
  private final Set<Connection> watched = Collections.newSetFromMap(new IdentityHashMap<>());

  private volatile Switches switches;
  private volatile RouteImage image;
  private long nextTickMillis;

  /** @param wakeup wakes the worker that turns this loop */
  RouteLoop(Ticker ticker, RouteBook book, KvConfig config, Switches switches, Wakeup wakeup) {
    this.ticker = ticker;
    this.book = book;
    this.config = config;
    this.switches = switches;
    this.wakeup = wakeup;
    this.image = book.image();
    this.nextTickMillis = ticker.millis();
    tellOrderTopics();
  }

  // Any thread

  RouteImage image() {
    return image;
  }

  Switches switches() {
    return switches;
  }

  /**
   * Takes a change in, or answers that too many wait.
   *
   * @param bytes what the change keeps in memory until its turn comes
   */
  void submit(Call call, int bytes, Change change) {
    if (waitingBytes.addAndGet(bytes) > MOST_WAITING_BYTES
        || !inbox.offer(new WaitingCall(call, bytes, change))) {
      waitingBytes.addAndGet(-bytes);
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_BUSY,
          "the name server is busy: at most " + MOST_WAITING + " changes of together "
              + MOST_WAITING_BYTES + " bytes may wait; try again"));
      return;
    }
    wakeup.wake();
  }

  // The loop

  /**
   * One turn: takes what waits, applies one by one, publishes the image, then answers. Returns how
   * many were moved; 0 when idle.
   */
  @Override
  public int turn() {
    long nowMillis = ticker.millis();
    List<Runnable> replies = new ArrayList<>();
    for (WaitingCall next = take(replies); next != null; next = take(replies)) {
      WaitingCall waiting = next;
      Reply reply = apply(waiting.change, nowMillis);
      replies.add(() -> waiting.call.reply(reply));
    }
    int moved = replies.size() + dropDisconnected();
    expire(nowMillis);
    image = book.image();
    replies.forEach(RouteLoop::give);
    return moved;
  }

  @Override
  public boolean hasWork() {
    return !inbox.isEmpty() || !closed.isEmpty();
  }

  @Override
  public long nextMillis() {
    return nextTickMillis;
  }

  private static void give(Runnable reply) {
    try {
      reply.run();
    } catch (RuntimeException | Error e) { // its own; the others are answered
      LOG.error("a change was made, but could not be answered", e);
    }
  }

  private Reply apply(Change change, long nowMillis) {
    try {
      return change.apply(this, nowMillis);
    } catch (BadBodyException e) {
      return Reply.refused(ResponseCode.SYSTEM_ERROR, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) { // one request's failure is its own
      LOG.error("a change failed", e);
      return Reply.refused(ResponseCode.SYSTEM_ERROR, "the change could not be made: " + e);
    }
  }

  // The loop, for changes

  RouteBook book() {
    return book;
  }

  KvConfig config() {
    return config;
  }

  /** The brokers that registered over this connection are gone when it closes. */
  void watch(Connection connection) {
    if (watched.add(connection)) {
      connection.onClose(() -> {
        closed.add(connection);
        wakeup.wake();
      });
    }
  }

  void become(Switches next) {
    switches = next;
    tellOrderTopics();
  }

  /** To be called when an entry of the ordered topics changed. */
  void tellOrderTopics() {
    book.orderTopics(
        switches.orderTopics() ? config.table().namespace(KvNamespaces.ORDER_TOPICS) : Map.of());
  }

  private @Nullable WaitingCall take(List<Runnable> replies) {
    WaitingCall waiting = replies.size() < MOST_PER_TURN ? inbox.poll() : null;
    if (waiting != null) {
      waitingBytes.addAndGet(-waiting.bytes);
    }
    return waiting;
  }

  private int dropDisconnected() {
    int moved = 0;
    for (Connection gone = closed.poll(); gone != null; gone = closed.poll()) {
      watched.remove(gone);
      logGone(book.disconnected(gone), "its connection closed");
      moved++;
    }
    return moved;
  }

  private void expire(long nowMillis) {
    if (nowMillis < nextTickMillis) {
      return;
    }
    nextTickMillis = nowMillis + TICK_MILLIS;
    List<Departure> departures = book.tick(nowMillis);
    logGone(departures, "it said nothing for too long");
    departures.forEach(departure -> ((Connection) departure.connection()).close());
  }

  private static void logGone(List<Departure> departures, String why) {
    for (Departure departure : departures) {
      LOG.info("{} is gone: {}", departure.broker(), why);
    }
  }
}
