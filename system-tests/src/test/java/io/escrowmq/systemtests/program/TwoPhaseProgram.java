package io.escrowmq.systemtests.program;

import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowRecovery;
import io.escrowmq.client.Message;
import io.escrowmq.demo.agree.Narayana;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import io.escrowmq.demo.chaos.ProbedResource;
import io.escrowmq.demo.shop.Databases;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAResource;

/**
 * Takes orders in transactions of Narayana, with an XA database and messages in them. Its working directory has the
 * manager's log; started there again it recovers what it left.
 */
public final class TwoPhaseProgram {

  // whoever has prepared and is not in the log is dead
  private static final Duration ORPHAN_AFTER = Duration.ofMillis(1);

  private final TransactionManager manager =
      com.arjuna.ats.jta.TransactionManager.transactionManager();
  private final XADataSource database;
  private final EscrowJta messages;
  private final String topic;
  private final Probe probe = new Probe(point -> System.out.println("held at " + point));

  private TwoPhaseProgram(XADataSource database, EscrowJta messages, String topic) {
    this.database = database;
    this.messages = messages;
    this.topic = topic;
  }

  /**
   * Runs it.
   *
   * @param arguments name server, JDBC address, group, topic; then what it does: {@code end} (one transaction is
   *     committed, one rolled back), {@code hold-prepared} (database and messages have prepared, nothing is decided),
   *     {@code hold-decided} (nobody has been told yet), or {@code recover} until it is sent a line
   */
  public static void main(String[] arguments) throws Exception {
    Narayana.configure("node1", Path.of("log"), ORPHAN_AFTER);
    XADataSource database = Databases.xa(arguments[1]);
    RecoveryManager recovery = Narayana.recovery(database);
    try (EscrowClient client = EscrowClient.builder().nameServers(arguments[0]).build();
        EscrowJta messages = EscrowJta.on(client)
            .group(arguments[2])
            .transactionManager(
                com.arjuna.ats.jta.TransactionManager.transactionManager(),
                new TransactionSynchronizationRegistryImple())
            .build()) {
      TwoPhaseProgram program = new TwoPhaseProgram(database, messages, arguments[3]);
      switch (arguments[4]) {
        case "end" -> program.end();
        case "hold-prepared" -> program.holdPrepared();
        case "hold-decided" -> program.holdDecided();
        case "recover" -> program.recover(recovery);
        default -> throw new IllegalArgumentException(arguments[4]);
      }
    }
  }

  private void begin(String order) throws Exception {
    manager.begin();
    XAConnection branch = database.getXAConnection();
    manager.getTransaction().enlistResource(new ProbedResource(branch.getXAResource(), probe));
    // it stays open: H2 rolls back when it is closed
    Statement insert = branch.getConnection().createStatement();
    insert.executeUpdate("INSERT INTO orders VALUES ('" + order + "')");
    messages.send(Message.to(topic).body(order));
  }

  private void end() throws Exception {
    begin("committed");
    manager.commit();
    begin("rolled back");
    manager.rollback();
  }

  /** A third party never says whether it has prepared. */
  private void holdPrepared() throws Exception {
    begin("prepared");
    XAResource last = (XAResource) Proxy.newProxyInstance(
        TwoPhaseProgram.class.getClassLoader(),
        new Class<?>[] {XAResource.class},
        (self, method, arguments) -> switch (method.getName()) {
          case "prepare" -> {
            probe.pass(Point.HALF_SENT);
            yield XAResource.XA_RDONLY;
          }
          case "hashCode" -> System.identityHashCode(self);
          case "equals" -> self == arguments[0];
          case "isSameRM", "setTransactionTimeout" -> false;
          case "toString" -> "the last party";
          default -> null;
        });
    manager.getTransaction().enlistResource(last);
    probe.arm(Point.HALF_SENT, 1);
    manager.commit();
  }

  /** The first party never says whether it has committed. */
  private void holdDecided() throws Exception {
    begin("decided");
    probe.arm(Point.BEFORE_COMMIT, 1);
    manager.commit();
  }

  private void recover(RecoveryManager recovery) throws Exception {
    EscrowRecovery registered = EscrowRecovery.withNarayana(messages);
    while (System.in.available() == 0) {
      recovery.scan();
    }
    registered.close();
  }
}
