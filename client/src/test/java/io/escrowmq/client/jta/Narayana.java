package io.escrowmq.client.jta;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.RecoveryEnvironmentBean;
import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.internal.arjuna.recovery.AtomicActionRecoveryModule;
import com.arjuna.ats.internal.arjuna.recovery.ExpiredTransactionStatusManagerScanner;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTANodeNameXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTATransactionLogXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.common.JTAEnvironmentBean;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real transaction manager with its log in a directory of its own; one a process. */
final class Narayana {

  private static final String NODE = "node1";
  private static final RecoveryManager RECOVERY = start();

  private Narayana() {}

  private static RecoveryManager start() {
    try {
      Path log = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "narayana");
      BeanPopulator.getDefaultInstance(CoreEnvironmentBean.class).setNodeIdentifier(NODE);
      String directory = log.toString();
      BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class)
          .setObjectStoreDir(directory);
      for (String store : List.of("communicationStore", "stateStore")) {
        BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
            .setObjectStoreDir(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CoreEnvironmentBeanException e) {
      throw new IllegalStateException(e);
    }
    CoordinatorEnvironmentBean coordinator =
        BeanPopulator.getDefaultInstance(CoordinatorEnvironmentBean.class);
    coordinator.setDefaultTimeout(60);
    coordinator.setTransactionStatusManagerEnable(false);
    JTAEnvironmentBean jta = BeanPopulator.getDefaultInstance(JTAEnvironmentBean.class);
    jta.setXaRecoveryNodes(List.of(NODE));
    jta.setXaResourceOrphanFilterClassNames(List.of(
        JTATransactionLogXAResourceOrphanFilter.class.getName(),
        JTANodeNameXAResourceOrphanFilter.class.getName()));
    jta.setOrphanSafetyInterval(1);
    jta.setXaAssumeRecoveryComplete(false);
    RecoveryEnvironmentBean recovery =
        BeanPopulator.getDefaultInstance(RecoveryEnvironmentBean.class);
    recovery.setRecoveryModuleClassNames(
        List.of(AtomicActionRecoveryModule.class.getName(), XARecoveryModule.class.getName()));
    recovery.setExpiryScannerClassNames(
        List.of(ExpiredTransactionStatusManagerScanner.class.getName()));
    recovery.setRecoveryActivatorClassNames(List.of());
    recovery.setRecoveryListener(false);
    recovery.setPeriodicRecoveryPeriod(1);
    recovery.setRecoveryBackoffPeriod(1);
    RecoveryManager manager = RecoveryManager.manager(RecoveryManager.DIRECT_MANAGEMENT);
    manager.initialize();
    return manager;
  }

  static TransactionManager manager() {
    return com.arjuna.ats.jta.TransactionManager.transactionManager();
  }

  static TransactionSynchronizationRegistry registry() {
    return new TransactionSynchronizationRegistryImple();
  }

  /** One pass of recovery. */
  static void recover() {
    RECOVERY.scan();
  }
}
