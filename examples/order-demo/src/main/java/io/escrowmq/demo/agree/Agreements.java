package io.escrowmq.demo.agree;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.demo.Mode;
import io.escrowmq.demo.chaos.Probe;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import javax.sql.XADataSource;

/** Makes the agreement of a mode. */
public final class Agreements {

  private Agreements() {}

  /**
   * Starts it: brokers may ask the group from now on.
   *
   * @param group of all producers that answer for this database
   * @param dataSource whose connections tell the probe what they pass
   * @param xa the same database, for a transaction manager
   * @param log where a transaction manager keeps its log
   */
  public static Agreement start(
      Mode mode,
      EscrowClient client,
      String group,
      DataSource dataSource,
      XADataSource xa,
      Path log,
      Probe probe)
      throws SQLException {
    return switch (mode) {
      case OUTCOME_TABLE -> new TableAgreement(client, group, dataSource, probe);
      case JTA -> new JtaAgreement(client, group, xa, log, probe);
      case LISTENER -> new ListenerAgreement(client, group, dataSource, probe);
      case NAIVE -> new NaiveAgreement(client, group, dataSource, probe);
    };
  }
}
