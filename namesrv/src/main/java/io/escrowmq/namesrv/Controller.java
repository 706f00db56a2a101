package io.escrowmq.namesrv;

import io.escrowmq.namesrv.controller.Consensus;
import io.escrowmq.namesrv.controller.ControllerLoop;
import io.escrowmq.namesrv.controller.ControllerRequests;
import io.escrowmq.namesrv.controller.FileConsensus;
import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.namesrv.kv.KvFiles;
import io.escrowmq.remoting.Machine;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.secret.Greetings;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.runtime.Chance;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The wiring of a name server's controller. Owner: the name server. */
final class Controller implements AutoCloseable {

  private final Consensus consensus;
  private final Worker worker;
  private final ControllerLoop loop;
  private final ControllerRequests requests;

  private Controller(KvFile file, ReplicaSecret secret, Surroundings surroundings) {
    Chance chance = surroundings.chance();
    worker = surroundings.worker("controller-loop");
    consensus = FileConsensus.open(
        file, () -> String.format("%016x%016x", chance.secret(), chance.secret()));
    loop = new ControllerLoop(surroundings.ticker(), consensus, worker);
    requests =
        new ControllerRequests(loop, new Greetings(secret, chance, Side.CONTROLLER, Side.MEMBER));
  }

  /** Null when this name server shall have none. */
  static @Nullable Controller of(NamesrvSettings settings, Machine<KvFiles> machine) {
    ReplicaSecret secret = settings.controllerSecret();
    Path directory = settings.stateDirectory();
    if (secret == null || directory == null) {
      return null;
    }
    KvFile file = machine.files().open(directory.resolve("controller"), "groups");
    try {
      return new Controller(file, secret, machine.surroundings());
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  RequestTable requests() {
    return requests.table();
  }

  void start() {
    worker.start(loop);
  }

  @Override
  public void close() {
    worker.close();
    consensus.close();
  }
}
