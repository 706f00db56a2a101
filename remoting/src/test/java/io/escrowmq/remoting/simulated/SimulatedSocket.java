package io.escrowmq.remoting.simulated;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection, as the kernel of its machine keeps it: it goes on while its process
 * stands still, and answers with a reset when its process is gone. Bytes that were sent and not yet
 * read are bounded.
 */
public final class SimulatedSocket {

  private static final byte[] NOTHING = {};
  private static final int PIECES = 8; // one of so many writes is cut in two
  private static final int ASK_FOR_ROOM_NANOS = 1_000_000_000;

  private final SimulatedHost host;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private @Nullable SimulatedSocket peer; // both set once, when the connection is made
  private @Nullable Stream out;
  private @Nullable SimulatedListener acceptor; // who gets it when the peer's first word arrives

  private final Deque<byte[]> unread = new ArrayDeque<>();
  private int unacknowledged; // bytes of ours that the peer has not read, as far as we know
  private int owed; // bytes that were read and that a cut keeps the peer from knowing
  private boolean wantsRoom;
  private boolean asksForRoom; // again and again
  private boolean ended; // by the peer, in order
  private boolean closed; // by us
  private @Nullable String reset; // why
  private Runnable readable = () -> {};
  private Runnable writable = () -> {};

  SimulatedSocket(SimulatedHost host, InetSocketAddress local, InetSocketAddress remote) {
    this.host = host;
    this.local = local;
    this.remote = remote;
  }

  /** Opens a connection between two sockets; the client's may be used at once. */
  static void join(SimulatedSocket client, SimulatedSocket server, SimulatedListener acceptor) {
    client.attach(server);
    server.attach(client);
    server.acceptor = acceptor;
    client.host.opened(client);
    client.out().put(Stream.Kind.OPEN, NOTHING);
  }

  private void attach(SimulatedSocket other) {
    peer = other;
    out = new Stream(host.network().world(), host.network().link(host, other.host), this, other);
  }

  public InetSocketAddress local() {
    return local;
  }

  public InetSocketAddress remote() {
    return remote;
  }

  SimulatedHost host() {
    return host;
  }

  SimulatedSocket peer() {
    SimulatedSocket other = peer;
    if (other == null) {
      throw new IllegalStateException(local + " is not connected");
    }
    return other;
  }

  private Stream out() {
    Stream stream = out;
    if (stream == null) {
      throw new IllegalStateException(local + " is not connected");
    }
    return stream;
  }

  /** What the kernel calls when there is something to read, or room again for what was refused. */
  public void watch(Runnable whenReadable, Runnable whenWritable) {
    readable = whenReadable;
    writable = whenWritable;
  }

  /** How many bytes may be sent; when it is none, the watcher hears of room later. */
  public int room() throws IOException {
    String why = reset;
    if (why != null) {
      throw new IOException(why);
    }
    int room = Math.max(0, host.network().bytesAtMost() - unacknowledged);
    wantsRoom = room == 0;
    if (wantsRoom && !asksForRoom) {
      asksForRoom = true;
      askForRoomLater();
    }
    return room;
  }

  // Who may not send asks now and then whether there is room, and learns so that nobody is there.
  private void askForRoomLater() {
    host.network().world().afterNanos(ASK_FOR_ROOM_NANOS, () -> {
      if (!wantsRoom || closed || isGone()) {
        asksForRoom = false;
        return;
      }
      Link there = host.network().link(host, peer().host);
      if (!there.isCut() && !peer().isOnADeadMachine() && peer().answersWithReset()) {
        peer().answerWithReset();
      }
      askForRoomLater();
    });
  }

  private boolean answersWithReset() {
    return closed || reset != null || host.isOff();
  }

  /** Sends what {@link #room} allowed. */
  public void send(byte[] bytes) {
    unacknowledged += bytes.length;
    if (bytes.length > 1 && host.network().world().random().nextInt(PIECES) == 0) {
      int at = 1 + host.network().world().random().nextInt(bytes.length - 1);
      out().put(Stream.Kind.DATA, Arrays.copyOf(bytes, at));
      out().put(Stream.Kind.DATA, Arrays.copyOfRange(bytes, at, bytes.length));
    } else {
      out().put(Stream.Kind.DATA, bytes);
    }
  }

  int bytesUnderWay() {
    return closed || reset != null ? 0 : unacknowledged;
  }

  /** Whether there are bytes, an end or a failure to be read. */
  public boolean isReadable() {
    return !unread.isEmpty() || ended || reset != null;
  }

  /** The next bytes that have arrived; null when there are none now. */
  public byte @Nullable [] receive() throws IOException {
    String why = reset;
    if (why != null) {
      throw new IOException(why);
    }
    byte[] bytes = unread.poll();
    if (bytes != null) {
      acknowledge(bytes.length);
    }
    return bytes;
  }

  /** Whether the peer has closed, and all it sent before was read. */
  public boolean isAtEnd() {
    return ended && unread.isEmpty();
  }

  private void acknowledge(int bytes) {
    Link back = host.network().link(host, peer().host);
    if (owed > 0) {
      owed += bytes;
    } else if (back.isCut()) {
      owed = bytes;
      back.whenThereIsAWay(() -> {
        int all = owed;
        owed = 0;
        peer().acknowledged(all);
      });
    } else {
      peer().acknowledged(bytes);
    }
  }

  private void acknowledged(int bytes) {
    unacknowledged -= bytes;
    if (wantsRoom) {
      wantsRoom = false;
      writable.run();
    }
  }

  /** Closes: in order, or with a reset when something is thrown away unread. Once. */
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    host.closed(this);
    if (host.isOff()) {
      out().sendNothingAgain();
    } else if (reset == null) {
      out().put(unread.isEmpty() ? Stream.Kind.END : Stream.Kind.RESET, NOTHING);
    }
    unread.clear();
  }

  /** The connection is over for this end, and the peer is not told. */
  void becomeReset(String why) {
    if (closed || reset != null) {
      return;
    }
    reset = why;
    unread.clear();
    out().sendNothingAgain();
    readable.run();
    writable.run();
  }

  /** Whether nobody sends again what was lost of it. */
  boolean isGone() {
    return reset != null || host.isOff();
  }

  /** Whether nothing answers here, not even a kernel. */
  boolean isOnADeadMachine() {
    return host.isOff() && host.network().isNewest(host);
  }

  void arrived(Stream.Kind kind, byte[] bytes) {
    if (answersWithReset()) {
      if (kind == Stream.Kind.DATA || kind == Stream.Kind.OPEN) {
        answerWithReset();
      }
      return;
    }
    switch (kind) {
      case OPEN -> accept();
      case DATA -> unread.add(bytes);
      case END -> ended = true;
      case RESET -> becomeReset("Connection reset by peer");
    }
    readable.run();
  }

  private void accept() {
    SimulatedListener waiting = acceptor;
    acceptor = null;
    host.opened(this);
    if (waiting != null && !waiting.offer(this)) {
      close();
      answerWithReset();
    }
  }

  private void answerWithReset() {
    Link back = host.network().link(host, peer().host);
    host.network().world().afterNanos(back.delay(), () -> {
      if (!back.isCut()) {
        peer().becomeReset("Connection reset by peer");
      }
    });
  }
}
