package io.escrowmq.demo.agree;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.RecoveryEnvironmentBean;
import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.arjuna.recovery.RecoveryModule;
import com.arjuna.ats.internal.arjuna.recovery.AtomicActionRecoveryModule;
import com.arjuna.ats.internal.arjuna.recovery.ExpiredTransactionStatusManagerScanner;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTANodeNameXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTATransactionLogXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule;
import com.arjuna.ats.jta.common.JTAEnvironmentBean;
import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * A transaction manager in this process, with its log in the service's directory. There is one in a
 * process: its settings are Narayana's, which are static.
 */
public final class Narayana {

  private static final int TRANSACTION_SECONDS = 60;
  private static final int BACKOFF_SECONDS = 1;

  private Narayana() {}

  /**
   * Configures it; {@link #recovery} comes next.
   *
   * @param node unique among managers that share resources, the same again after a restart; at most
   *     28 bytes
   * @param orphanAfter recovery rolls back what has been prepared for so long and is not in the log;
   *     must be longer than any prepare may take
   */
  public static void configure(String node, Path log, Duration orphanAfter) {
    try {
      BeanPopulator.getDefaultInstance(CoreEnvironmentBean.class).setNodeIdentifier(node);
    } catch (CoreEnvironmentBeanException e) {
      throw new IllegalArgumentException(e);
    }
    String directory = log.toString();
    BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class).setObjectStoreDir(directory);
    for (String store : List.of("communicationStore", "stateStore")) {
      BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
          .setObjectStoreDir(directory);
    }
    CoordinatorEnvironmentBean coordinator =
        BeanPopulator.getDefaultInstance(CoordinatorEnvironmentBean.class);
    coordinator.setDefaultTimeout(TRANSACTION_SECONDS);
    coordinator.setTransactionStatusManagerEnable(false); // it would listen on a port
    JTAEnvironmentBean jta = BeanPopulator.getDefaultInstance(JTAEnvironmentBean.class);
    jta.setXaRecoveryNodes(List.of(node));
    jta.setXaResourceOrphanFilterClassNames(List.of(
        JTATransactionLogXAResourceOrphanFilter.class.getName(),
        JTANodeNameXAResourceOrphanFilter.class.getName()));
    jta.setOrphanSafetyInterval(Math.toIntExact(orphanAfter.toMillis()));
    // what cannot be found need not have ended: its database may be away
    jta.setXaAssumeRecoveryComplete(false);
    RecoveryEnvironmentBean recovery =
        BeanPopulator.getDefaultInstance(RecoveryEnvironmentBean.class);
    recovery.setRecoveryModuleClassNames(
        List.of(AtomicActionRecoveryModule.class.getName(), XARecoveryModule.class.getName()));
    recovery.setExpiryScannerClassNames(
        List.of(ExpiredTransactionStatusManagerScanner.class.getName()));
    recovery.setRecoveryActivatorClassNames(List.of());
    recovery.setRecoveryListener(false);
    recovery.setRecoveryBackoffPeriod(BACKOFF_SECONDS);
  }

  /**
   * Makes the recovery manager, whose modules can be added to from now on; it finds what is prepared in
   * the database.
   */
  public static RecoveryManager recovery(XADataSource database) {
    RecoveryManager manager = RecoveryManager.manager(RecoveryManager.DIRECT_MANAGEMENT);
    manager.initialize();
    for (RecoveryModule module : manager.getModules()) {
      if (module instanceof XARecoveryModule xa) {
        xa.addXAResourceRecoveryHelper(new Recoverable(database));
      }
    }
    return manager;
  }

  /**
   * Narayana asks it at each scan for what is prepared in the database; over a connection of that scan,
   * for the database may have been away since.
   */
  private static final class Recoverable implements XAResourceRecoveryHelper {

    private final XADataSource database;
    private @Nullable XAConnection connection;

    private Recoverable(XADataSource database) {
      this.database = database;
    }

    @Override
    public boolean initialise(String parameters) {
      return true;
    }

    @Override
    public synchronized XAResource[] getXAResources() throws SQLException {
      XAConnection last = connection;
      if (last != null) {
        connection = null;
        last.close();
      }
      XAConnection fresh = database.getXAConnection();
      connection = fresh;
      return new XAResource[] {fresh.getXAResource()};
    }
  }
}
