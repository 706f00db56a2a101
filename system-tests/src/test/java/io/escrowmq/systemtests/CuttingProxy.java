package io.escrowmq.systemtests;

import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.remoting.frame.FrameLimits;
import io.escrowmq.remoting.frame.HeaderMark;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between clients and a broker, passes frame by frame on, and cuts a connection when it is told to: just before
 * a certain answer, so that the request has been carried out and nobody knows, or just behind a request. Owner: one
 * test.
 */
final class CuttingProxy implements AutoCloseable {

  private static final FrameLimits LIMITS = FrameLimits.of(16 << 20);

  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Cut> next = new AtomicReference<>();
  private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
  private volatile InetSocketAddress broker = InetSocketAddress.createUnresolved("not-known", 0);

  CuttingProxy() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    daemon("proxy-accept", this::accept);
  }

  /** A request and what the broker answered, whether or not that was passed on. */
  record Exchange(FrameHeader request, FrameHeader answer) {}

  private record Cut(
      Predicate<FrameHeader> request,
      boolean beforeItsAnswer,
      Runnable then,
      CompletableFuture<Void> done) {

    void carryOut() {
      try {
        then.run();
        done.complete(null);
      } catch (RuntimeException failed) {
        done.completeExceptionally(failed);
      }
    }
  }

  private record Frame(byte[] bytes, FrameHeader header) {

    static Frame read(DataInputStream in) throws IOException {
      int claimed = in.readInt();
      byte[] bytes = new byte[LIMITS.frameBytes(claimed)];
      ByteBuffer.wrap(bytes).putInt(claimed);
      in.readFully(bytes, 4, claimed);
      int mark = ByteBuffer.wrap(bytes).getInt(4);
      int headerEnd = FrameLimits.PREFIX_BYTES + LIMITS.headerBytes(mark, bytes.length);
      byte[] header = Arrays.copyOfRange(bytes, FrameLimits.PREFIX_BYTES, headerEnd);
      return new Frame(bytes, FrameHeader.read(HeaderMark.encoding(mark), header, LIMITS));
    }
  }

  /** Where clients are to connect. */
  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** Where it leads to. */
  void leadTo(String address) {
    int colon = address.lastIndexOf(':');
    broker = new InetSocketAddress(
        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  /**
   * Loses the answer to the next request of this kind when it is there, and the connection with it.
   *
   * @param then done at that moment
   * @return ends when that was done
   */
  CompletableFuture<Void> cutBeforeAnswerTo(Predicate<FrameHeader> request, Runnable then) {
    return cut(request, true, then);
  }

  /** The same at the moment when such a request has been passed on, whatever becomes of it. */
  CompletableFuture<Void> cutBehind(Predicate<FrameHeader> request, Runnable then) {
    return cut(request, false, then);
  }

  private CompletableFuture<Void> cut(
      Predicate<FrameHeader> request, boolean beforeItsAnswer, Runnable then) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    next.set(new Cut(request, beforeItsAnswer, then, done));
    return done;
  }

  /** All answered requests of this kind, in the order of the answers. */
  List<Exchange> exchanges(Predicate<FrameHeader> request) {
    return exchanges.stream()
        .filter(exchange -> request.test(exchange.request()))
        .toList();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        try {
          connect(client);
        } catch (IOException notThere) {
          client.close();
        }
      } catch (IOException ended) {
        // the proxy was closed
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket(broker.getAddress(), broker.getPort());
    Connection connection = new Connection(client, server);
    daemon("proxy-requests", () -> connection.pass(client, server, connection::request));
    daemon("proxy-answers", () -> connection.pass(server, client, connection::answer));
  }

  /** Returns the cut that takes the place of a frame, or follows it; null when it is just passed on. */
  @FunctionalInterface
  private interface Judge {
    @Nullable
    Cut judge(FrameHeader header);
  }

  /** One client's, both directions; each has a thread. */
  private final class Connection {

    private final Map<Integer, FrameHeader> asked = new ConcurrentHashMap<>();
    private final Map<Integer, Cut> cuts = new ConcurrentHashMap<>();

    Connection(Socket client, Socket server) {
      open.add(client);
      open.add(server);
    }

    void pass(Socket from, Socket to, Judge judge) {
      try (from;
          to) {
        DataInputStream in = new DataInputStream(from.getInputStream());
        OutputStream out = to.getOutputStream();
        Cut cut = null;
        while (cut == null) {
          Frame frame = Frame.read(in);
          cut = judge.judge(frame.header());
          if (cut == null || !cut.beforeItsAnswer()) {
            out.write(frame.bytes());
          }
        }
        cut.carryOut();
      } catch (IOException ended) {
        // one side is gone, or the other direction has closed both
      } finally {
        open.remove(from);
        open.remove(to);
      }
    }

    @Nullable
    Cut request(FrameHeader header) {
      if (header.isResponse()) {
        return null;
      }
      asked.put(header.opaque(), header);
      Cut cut = next.get();
      if (cut == null || !cut.request().test(header) || !next.compareAndSet(cut, null)) {
        return null;
      }
      if (cut.beforeItsAnswer()) {
        cuts.put(header.opaque(), cut);
        return null;
      }
      return cut;
    }

    @Nullable
    Cut answer(FrameHeader header) {
      FrameHeader request = header.isResponse() ? asked.remove(header.opaque()) : null;
      if (request == null) {
        return null;
      }
      exchanges.add(new Exchange(request, header));
      return cuts.remove(header.opaque());
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
