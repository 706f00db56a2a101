package io.escrowmq.namesrv;

import io.escrowmq.namesrv.kv.DiskKvFile;
import io.escrowmq.namesrv.kv.KvConfig;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.namesrv.kv.KvFileException;
import io.escrowmq.namesrv.route.RouteBook;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.netty.DirectMemory;
import io.escrowmq.remoting.netty.NettyRemotingServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name server: wires the route loop to the network and gives it a thread.
 *
 * <p>Several stand side by side without knowing each other: every broker registers with all of
 * them, every client asks one of them, administrators write to each.
 */
public final class Namesrv implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Namesrv.class);

  private static final int EVENT_LOOPS = 1; // answers are copied from the image: one does 50,000/s
  private static final long LONGEST_IDLE_NANOS = 500_000_000; // half of the loop's tick
  private static final long LAST_TURN_MILLIS = 1_000;

  private final KvFile kvFile;
  private final RouteLoop loop;
  private final RemotingServer server;
  private final Thread thread;
  private volatile boolean stopping;

  /**
   * Reads what was kept; fails with {@link KvFileException} when that is not possible or another
   * name server uses the state directory.
   */
  public Namesrv(NamesrvSettings settings, InstantSource clock) {
    Path directory = settings.stateDirectory();
    kvFile = directory == null ? KvFile.forgetful() : DiskKvFile.open(directory);
    loop = new RouteLoop(
        clock,
        new RouteBook(settings.routeLimits()),
        openConfig(settings, kvFile),
        new Switches(settings.orderTopics(), true, true));
    server = new NettyRemotingServer(
        settings.listen(),
        NamesrvRequests.table(loop, settings),
        RemotingSettings.forServer(EVENT_LOOPS).withMaxHeldBytes(DirectMemory.part(8)));
    thread = new Thread(this::run, "escrowmq-routes");
    thread.setDaemon(true);
  }

  private static KvConfig openConfig(NamesrvSettings settings, KvFile file) {
    try {
      return KvConfig.open(file, settings.kvLimits());
    } catch (KvFileException e) {
      file.close();
      throw e;
    }
  }

  /** Listens. Fails with {@code RemotingException} when the address is taken. Once. */
  public void start() {
    loop.onWork(() -> LockSupport.unpark(thread));
    server.start();
    thread.start();
  }

  /** Where it listens, with the port that was picked when 0 was asked for. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Answers what it has taken in, then closes every connection. */
  @Override
  public void close() {
    server.stopAccepting();
    stopping = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LAST_TURN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts wants it to be even quicker
    }
    server.close();
    kvFile.close();
  }

  private void run() {
    while (!stopping) {
      if (turn() == 0) {
        LockSupport.parkNanos(this, LONGEST_IDLE_NANOS);
      }
    }
    turn();
  }

  // Routes are soft state: brokers say them again. So a turn that fails is no reason to end.
  private int turn() {
    try {
      return loop.turn();
    } catch (RuntimeException | Error e) {
      LOG.error("a turn of the route loop failed; the next one comes all the same", e);
      return 0;
    }
  }
}
