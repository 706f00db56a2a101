package io.escrowmq.client.jta;

import com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule;
import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import io.escrowmq.client.EscrowRecovery;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;

/** Hands Narayana's recovery a resource for each scan. */
public final class NarayanaRecovery implements XAResourceRecoveryHelper, EscrowRecovery {

  private final Supplier<? extends XAResource> resources;

  public NarayanaRecovery(Supplier<? extends XAResource> resources) {
    this.resources = resources;
  }

  public void register() {
    XARecoveryModule module = XARecoveryModule.getRegisteredXARecoveryModule();
    if (module == null) {
      throw new IllegalStateException(
          "Narayana's recovery is not started, or has no XARecoveryModule; start it first");
    }
    module.addXAResourceRecoveryHelper(this);
  }

  @Override
  public boolean initialise(String parameters) {
    return true;
  }

  @Override
  public XAResource[] getXAResources() {
    return new XAResource[] {resources.get()};
  }

  @Override
  public void close() {
    XARecoveryModule module = XARecoveryModule.getRegisteredXARecoveryModule();
    if (module != null) {
      module.removeXAResourceRecoveryHelper(this);
    }
  }
}
