package io.escrowmq.remoting;

import java.time.Duration;

/**
 * How a server or a client uses the network. Immutable, checked.
 *
 * @param eventLoops threads that read, dispatch and write; too few leave processors idle, more than
 *     there are processors only wait for each other
 * @param maxFrameBytes the longest frame that is read or written; too low refuses large messages,
 *     too high lets one peer take much memory
 * @param idle a connection over which nothing was received for this time is closed, whatever was sent;
 *     too short cuts waiting pulls, which may be silent for 30 s
 * @param patience when a call of ours ended without an answer, and nothing at all was received since one
 *     was made so long ago, the connection is closed: the way may be dead, and another one open. Too
 *     short cuts peers that stand still for a moment, too long sends more calls the dead way
 * @param writeHighWaterBytes when so much waits for a peer that does not read, no more of its
 *     requests are read; too low slows down pulls, too high takes memory for every connection
 * @param maxUnwrittenBytes when so much waits for a peer, its connection is closed
 * @param maxHeldBytes unfinished frames and unread answers of all connections together; beyond it
 *     the connection that holds most is closed. Too high: one peer takes the direct memory that
 *     all requests need; too low: slow readers are cut
 * @param maxConnections connections that are open at once; when all are taken, silent ones give way
 * @param maxPending calls of one connection, in each direction, that wait for an answer; when the
 *     peer's reach it, no more of its requests are read, ours are refused
 * @param requestHeaders how the headers of our own requests are written; all servers read both, and
 *     the binary ones cost less; answers are written as their requests were
 */
public record RemotingSettings(
    int eventLoops,
    int maxFrameBytes,
    Duration idle,
    Duration patience,
    int writeHighWaterBytes,
    int maxUnwrittenBytes,
    long maxHeldBytes,
    int maxConnections,
    int maxPending,
    HeaderEncoding requestHeaders) {

  /** What the protocol's own clients and servers use. */
  public static final int DEFAULT_MAX_FRAME_BYTES = 16 << 20;

  /** For whoever chooses its peers itself, as clients do. */
  public static final long NO_BOUND = Long.MAX_VALUE;

  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final int SMALLEST_FRAME_LIMIT = 1 << 10;
  private static final int LARGEST_FRAME_LIMIT = 1 << 30;

  public RemotingSettings {
    atLeast(1, eventLoops, "eventLoops");
    atLeast(SMALLEST_FRAME_LIMIT, maxFrameBytes, "maxFrameBytes");
    if (maxFrameBytes > LARGEST_FRAME_LIMIT) {
      throw new IllegalArgumentException("maxFrameBytes is " + maxFrameBytes + ", at most "
          + LARGEST_FRAME_LIMIT + " is possible");
    }
    if (idle.toMillis() < 1) {
      throw new IllegalArgumentException("idle is " + idle + ", at least 1 ms is needed");
    }
    if (patience.toMillis() < 1) {
      throw new IllegalArgumentException("patience is " + patience + ", at least 1 ms is needed");
    }
    atLeast(1 << 10, writeHighWaterBytes, "writeHighWaterBytes");
    atLeast(writeHighWaterBytes, maxUnwrittenBytes, "maxUnwrittenBytes");
    if (maxHeldBytes < 1 << 10) {
      throw new IllegalArgumentException(
          "maxHeldBytes is " + maxHeldBytes + ", at least " + (1 << 10) + " is needed");
    }
    atLeast(1, maxConnections, "maxConnections");
    atLeast(1, maxPending, "maxPending");
  }

  /** For a server, on a machine with this many processors. */
  public static RemotingSettings forServer(int processors) {
    return new RemotingSettings(
        processors,
        DEFAULT_MAX_FRAME_BYTES,
        IDLE,
        IDLE, // clients may take their time over an answer, and have nothing else to say
        1 << 20,
        64 << 20,
        NO_BOUND,
        10_000,
        65_536,
        HeaderEncoding.JSON);
  }

  /** For a client with one event loop. */
  public static RemotingSettings forClient() {
    return forClient(1);
  }

  /** For a client: its servers answer soon or are gone. */
  public static RemotingSettings forClient(int eventLoops) {
    RemotingSettings server = forServer(eventLoops);
    return new RemotingSettings(
        eventLoops,
        server.maxFrameBytes,
        server.idle,
        Duration.ofSeconds(10),
        server.writeHighWaterBytes,
        server.maxUnwrittenBytes,
        server.maxHeldBytes,
        server.maxConnections,
        server.maxPending,
        server.requestHeaders);
  }

  /** The same with a bound on what all peers together may make this server hold. */
  public RemotingSettings withMaxHeldBytes(long most) {
    return new RemotingSettings(
        eventLoops,
        maxFrameBytes,
        idle,
        patience,
        writeHighWaterBytes,
        maxUnwrittenBytes,
        most,
        maxConnections,
        maxPending,
        requestHeaders);
  }

  /** The same with other headers of requests. */
  public RemotingSettings withRequestHeaders(HeaderEncoding encoding) {
    return new RemotingSettings(
        eventLoops,
        maxFrameBytes,
        idle,
        patience,
        writeHighWaterBytes,
        maxUnwrittenBytes,
        maxHeldBytes,
        maxConnections,
        maxPending,
        encoding);
  }

  private static void atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " is " + value + ", at least " + least + " is needed");
    }
  }
}
