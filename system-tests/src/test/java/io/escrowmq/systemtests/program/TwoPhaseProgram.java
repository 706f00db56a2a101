package io.escrowmq.systemtests.program;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.RecoveryEnvironmentBean;
import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.internal.arjuna.recovery.AtomicActionRecoveryModule;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTANodeNameXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTATransactionLogXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.common.JTAEnvironmentBean;
import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowRecovery;
import io.escrowmq.client.Message;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import io.escrowmq.demo.chaos.ProbedResource;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Proxy;
import java.sql.Statement;
import java.util.List;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAResource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.xa.PGXADataSource;

/**
 * Takes orders in transactions of Narayana, with an XA database and messages in them. Its working directory has the
 * manager's log; started there again it recovers what it left.
 */
public final class TwoPhaseProgram {

  private static final String NODE = "node1";

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
    configure();
    RecoveryManager recovery = RecoveryManager.manager(RecoveryManager.DIRECT_MANAGEMENT);
    recovery.initialize();
    XADataSource database = database(arguments[1]);
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

  private static void configure() throws Exception {
    BeanPopulator.getDefaultInstance(CoreEnvironmentBean.class).setNodeIdentifier(NODE);
    BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class).setObjectStoreDir("log");
    for (String store : List.of("communicationStore", "stateStore")) {
      BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
          .setObjectStoreDir("log");
    }
    // it would listen on a port
    BeanPopulator.getDefaultInstance(CoordinatorEnvironmentBean.class)
        .setTransactionStatusManagerEnable(false);
    JTAEnvironmentBean jta = BeanPopulator.getDefaultInstance(JTAEnvironmentBean.class);
    jta.setXaRecoveryNodes(List.of(NODE));
    jta.setXaResourceOrphanFilterClassNames(List.of(
        JTATransactionLogXAResourceOrphanFilter.class.getName(),
        JTANodeNameXAResourceOrphanFilter.class.getName()));
    jta.setOrphanSafetyInterval(1); // ms: whoever has prepared and is not in the log is dead
    RecoveryEnvironmentBean recovery =
        BeanPopulator.getDefaultInstance(RecoveryEnvironmentBean.class);
    recovery.setRecoveryModuleClassNames(
        List.of(AtomicActionRecoveryModule.class.getName(), XARecoveryModule.class.getName()));
    recovery.setExpiryScannerClassNames(List.of());
    recovery.setRecoveryActivatorClassNames(List.of());
    recovery.setRecoveryListener(false);
    recovery.setRecoveryBackoffPeriod(1);
  }

  private static XADataSource database(String address) {
    if (address.startsWith("jdbc:h2:")) {
      JdbcDataSource h2 = new JdbcDataSource();
      h2.setURL(address);
      return h2;
    }
    PGXADataSource postgres = new PGXADataSource();
    postgres.setUrl(address);
    return postgres;
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
    XAConnection prepared = database.getXAConnection();
    XARecoveryModule.getRegisteredXARecoveryModule()
        .addXAResourceRecoveryHelper(new XAResourceRecoveryHelper() {
          @Override
          public boolean initialise(String parameters) {
            return true;
          }

          @Override
          public XAResource[] getXAResources() throws Exception {
            return new XAResource[] {prepared.getXAResource()};
          }
        });
    EscrowRecovery registered = EscrowRecovery.withNarayana(messages);
    while (System.in.available() == 0) {
      recovery.scan();
    }
    registered.close();
  }
}
