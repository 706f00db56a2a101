package io.escrowmq.demo.agree;

import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowRecovery;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import io.escrowmq.demo.chaos.ProbedResource;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.XAConnection;
import javax.sql.XADataSource;

/**
 * A transaction manager that commits a database and the messages in two phases; what a crash leaves
 * prepared, its recovery ends. Any thread.
 */
final class JtaAgreement implements Agreement {

  private static final long RECOVER_EVERY_SECONDS = 2;
  // longer than any prepare may take
  private static final Duration ORPHAN_AFTER = Duration.ofSeconds(6);

  private final TransactionManager manager =
      com.arjuna.ats.jta.TransactionManager.transactionManager();
  private final XADataSource database;
  private final EscrowJta messages;
  private final EscrowRecovery registered;
  private final ScheduledExecutorService recovering = Executors.newSingleThreadScheduledExecutor();
  private final Probe probe;

  /**
   * @param database with XA
   * @param log where the manager keeps its log
   */
  JtaAgreement(EscrowClient client, String group, XADataSource database, Path log, Probe probe) {
    Narayana.configure(group, log, ORPHAN_AFTER);
    this.database = database;
    this.probe = probe;
    RecoveryManager recovery = Narayana.recovery(database);
    this.messages = EscrowJta.on(client)
        .group(group)
        .transactionManager(manager, new TransactionSynchronizationRegistryImple())
        .build();
    this.registered = EscrowRecovery.withNarayana(messages);
    var unused = recovering.scheduleWithFixedDelay(
        recovery::scan, 0, RECOVER_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void inTransaction(Step step) throws Exception {
    manager.begin();
    boolean running = true;
    XAConnection branch = null;
    try {
      branch = database.getXAConnection();
      manager.getTransaction().enlistResource(new ProbedResource(branch.getXAResource(), probe));
      // to close it would roll back; it goes with the branch
      Connection connection = branch.getConnection();
      step.run(connection, message -> {
        messages.send(message);
        probe.pass(Point.HALF_SENT);
      });
      running = false;
      commit();
    } finally {
      if (running) {
        manager.rollback();
      }
      if (branch != null) {
        branch.close();
      }
    }
    probe.pass(Point.TOLD);
  }

  private void commit() throws Exception {
    try {
      manager.commit();
    } catch (RollbackException e) {
      throw e;
    } catch (Exception e) {
      throw new AmbiguousException("the transaction manager does not say that it is committed", e);
    }
  }

  @Override
  public void close() {
    recovering.shutdownNow();
    registered.close();
    messages.close();
  }
}
