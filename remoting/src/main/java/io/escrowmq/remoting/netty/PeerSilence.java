package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.RemotingSettings;
import io.netty.channel.Channel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long a peer has sent nothing; closes its connection when that is too long. What this side does not
 * read is not the peer's silence: while the peer waits for our answers it is not silent at all, and a
 * connection that is not read for another reason is read once before it is judged. Owner: the connection's
 * loop; {@link #nanos} is for any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing needs no answer
final class PeerSilence {

  private static final Logger LOG = LoggerFactory.getLogger(PeerSilence.class);
  private static final long ONE_TURN_NANOS = Duration.ofMillis(100).toNanos();
  private static final VarHandle LAST_HEARD;

  static {
    try {
      LAST_HEARD =
          MethodHandles.lookup().findVarHandle(PeerSilence.class, "lastHeardNanos", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Channel channel;
  private final Loop loop;
  private final long idleNanos;
  private final Duration patience;

  private long lastHeardNanos; // others read it, too: written opaquely
  private volatile boolean paused; // the peer waits for our answers; written by the loop
  private long missedSinceNanos; // when the first call that was not answered was made; see missed

  PeerSilence(Channel channel, Loop loop, RemotingSettings settings) {
    this.channel = channel;
    this.loop = loop;
    this.idleNanos = settings.idle().toNanos();
    this.patience = settings.patience();
    this.lastHeardNanos = loop.nanoTime();
    this.missedSinceNanos = lastHeardNanos - 1;
  }

  /** How long it lasts. */
  long nanos() {
    return paused ? 0 : loop.nanoTime() - (long) LAST_HEARD.getOpaque(this);
  }

  /** The peer lives: what it has sent is dispatched now. */
  void heard() {
    LAST_HEARD.setOpaque(this, loop.nanoTime());
  }

  /** The peer may wait for our answers from now on, and sends nothing rightly. */
  void pause() {
    paused = true;
  }

  /** Silence begins anew. */
  void resume() {
    paused = false;
    heard();
  }

  /** Closes the connection when nothing was received for too long, else looks again later. */
  void watch() {
    long leftNanos = idleNanos - nanos();
    if (leftNanos > 0) {
      loop.schedule(this::watchOpen, leftNanos);
      return;
    }
    long heardNanos = lastHeardNanos;
    listen();
    loop.schedule(
        () -> {
          if (hasBeenSilentSince(heardNanos)) {
            LOG.debug("closed {}: idle", channel.remoteAddress());
            channel.close();
          } else {
            watchOpen();
          }
        },
        ONE_TURN_NANOS);
  }

  private void watchOpen() {
    if (channel.isOpen()) {
      watch();
    }
  }

  /** A call of ours that was made then has ended without an answer. */
  void missed(long askedNanos) {
    if (!hasBeenSilentSince(askedNanos)) {
      return;
    }
    if (lastHeardNanos - missedSinceNanos > 0 || askedNanos - missedSinceNanos < 0) {
      missedSinceNanos = askedNanos; // the first one since the peer was heard
    }
    if (loop.nanoTime() - missedSinceNanos >= patience.toNanos()) {
      listen();
      loop.schedule(() -> closeIfSilentSince(askedNanos), ONE_TURN_NANOS);
    }
  }

  private void closeIfSilentSince(long askedNanos) {
    if (hasBeenSilentSince(askedNanos) && channel.isActive()) {
      LOG.warn(
          "closed {}: it has answered nothing for {} s or longer",
          channel.remoteAddress(),
          patience.toSeconds());
      channel.close();
    }
  }

  private boolean hasBeenSilentSince(long nanos) {
    return !paused && lastHeardNanos - nanos <= 0;
  }

  /**
   * Has what is there read before the next look: after this side stood still, that is done anyway; a
   * connection that is not read now is read once.
   */
  private void listen() {
    if (!channel.config().isAutoRead()) {
      channel.read();
    }
  }
}
