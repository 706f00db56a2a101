package io.escrowmq.client.wiring;

import io.escrowmq.client.ClientProvider;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowRecovery;
import io.escrowmq.client.IdempotentHandler;
import io.escrowmq.client.core.SteadyClock;
import io.escrowmq.client.jta.NarayanaRecovery;
import io.escrowmq.client.tx.JdbcIdempotentHandler;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Turn;
import javax.sql.DataSource;

/** Makes what applications begin with, on this machine. Found as a service; any thread. */
public final class ClientWiring implements ClientProvider {

  private final ClientSurroundings here = ClientSurroundings.ofThisMachine();

  @Override
  public EscrowClient.Builder client() {
    return new ClusterClientBuilder(here);
  }

  @Override
  public EscrowJta.Builder jta(EscrowClient client) {
    if (!(client instanceof ClusterClient ours)) {
      throw new IllegalArgumentException(client + " is not a client of this library");
    }
    return ours.jta();
  }

  @Override
  public EscrowRecovery narayanaRecovery(EscrowJta jta) {
    NarayanaRecovery recovery = new NarayanaRecovery(jta::xaResource);
    recovery.register();
    return recovery;
  }

  @Override
  public IdempotentHandler idempotentHandler(DataSource dataSource) {
    Surroundings machine = here.machine();
    SteadyClock clock = new SteadyClock(machine.clock(), machine.ticker()::nanos);
    return new JdbcIdempotentHandler(
        dataSource, clock, () -> new Turn(machine.loops(), machine.ticker()::nanos));
  }
}
