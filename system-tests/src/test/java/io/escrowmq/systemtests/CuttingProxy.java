package io.escrowmq.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between clients and a broker, and loses an answer when it is told to: the request has arrived, its answer
 * has not, and the connection is gone. Owner: one test.
 */
final class CuttingProxy implements AutoCloseable {

  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean cutsNext = new AtomicBoolean();
  private volatile InetSocketAddress broker = InetSocketAddress.createUnresolved("not-known", 0);

  CuttingProxy() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    daemon("proxy-accept", this::accept);
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

  /** Loses what the broker says next, and the connection with it. */
  void cutBeforeNextAnswer() {
    cutsNext.set(true);
  }

  /** Whether that has happened. */
  boolean hasCut() {
    return !cutsNext.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        Socket server = new Socket(broker.getAddress(), broker.getPort());
        open.add(server);
        daemon("proxy-requests", () -> copy(client, server, false));
        daemon("proxy-answers", () -> copy(server, client, true));
      } catch (IOException ended) {
        // the proxy was closed, or the broker is not there: the client tries again
      }
    }
  }

  private void copy(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (answers && cutsNext.compareAndSet(true, false)) {
          return;
        }
        to.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException ended) {
      // the other direction has closed both
    } finally {
      open.remove(from);
      open.remove(to);
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
