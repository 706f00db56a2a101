package io.escrowmq.namesrv;

import io.escrowmq.namesrv.kv.KvConfig;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.namesrv.kv.KvFileException;
import io.escrowmq.namesrv.kv.KvFiles;
import io.escrowmq.namesrv.route.RouteBook;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingServer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A name server: wires the route loop to the network and to a worker.
 *
 * <p>Several stand side by side without knowing each other: every broker registers with all of
 * them, every client asks one of them, administrators write to each.
 */
public final class Namesrv implements AutoCloseable {

  private static final int EVENT_LOOPS = 1; // answers are copied from the image: one does 50,000/s

  private final KvFile kvFile;
  private final RouteLoop loop;
  private final RemotingServer server;
  private final Worker worker;
  private final @Nullable Controller controller;

  /**
   * Reads what was kept; fails with {@link KvFileException} when that is not possible or another
   * name server uses the state directory.
   */
  public Namesrv(NamesrvSettings settings, Machine<KvFiles> machine) {
    Network network = machine.network();
    Surroundings surroundings = machine.surroundings();
    Path directory = settings.stateDirectory();
    kvFile =
        directory == null ? KvFile.forgetful() : machine.files().open(directory, "kvconfig.json");
    worker = surroundings.worker("route-loop");
    loop = new RouteLoop(
        surroundings.ticker(),
        new RouteBook(settings.routeLimits()),
        openConfig(settings, kvFile),
        new Switches(settings.orderTopics(), true, true),
        worker);
    controller = Controller.of(settings, machine);
    RequestTable requests = NamesrvRequests.table(
        loop, settings, controller == null ? RequestTable.of() : controller.requests());
    server = network.server(
        settings.listen(),
        bound -> requests,
        RemotingSettings.forServer(EVENT_LOOPS).withMaxHeldBytes(network.memoryPart(8)));
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
    server.start();
    worker.start(loop);
    if (controller != null) {
      controller.start();
    }
  }

  /** Where it listens, with the port that was picked when 0 was asked for. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Answers what it has taken in, then closes every connection. */
  @Override
  public void close() {
    server.stopAccepting();
    worker.close();
    server.close();
    if (controller != null) {
      controller.close();
    }
    kvFile.close();
  }
}
