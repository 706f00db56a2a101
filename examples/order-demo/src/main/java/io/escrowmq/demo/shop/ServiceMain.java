package io.escrowmq.demo.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.demo.Guard;
import io.escrowmq.demo.agree.Agreement;
import io.escrowmq.demo.agree.Agreements;
import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.chaos.Probe;
import io.escrowmq.demo.chaos.ProbedDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The process of one service. It says on standard output when it is ready and when it is held at a
 * step, and is told on standard input what to do:
 *
 * <pre>
 *   ready               it works
 *   at POINT            a thread is held at this step
 *                       arm POINT N   hold who passes it for the n-th time
 *                       go            let who is held go on
 *                       stop          finish and end
 * </pre>
 *
 * <p>It ends at once when standard input does: nobody is left who would end it.
 */
public final class ServiceMain {

  private static final PrintStream TOLD = new PrintStream(System.out, true, UTF_8);

  private ServiceMain() {}

  /** Runs the service of these {@link ServiceSettings}. */
  public static void main(String[] arguments) throws Exception {
    ServiceSettings settings = ServiceSettings.of(arguments);
    Probe probe = new Probe(point -> TOLD.println("at " + point));
    DataSource database = Databases.pool(settings.database());
    EscrowClient client = EscrowClient.builder()
        .nameServers(settings.nameServer())
        .instance(settings.name())
        .build();
    Agreement agreement = Agreements.start(
        settings.mode(),
        client,
        settings.role().word(),
        ProbedDatabase.of(database, probe, settings.without().contains(Guard.TOMBSTONE)),
        Databases.xa(settings.database()),
        settings.directory().resolve("transactions"),
        probe);
    if (settings.standby()) {
      probe.arm(Point.CHECKED, 1);
    }
    AutoCloseable service =
        settings.standby() ? () -> {} : service(settings, client, database, agreement, probe);
    TOLD.println("ready");
    obey(probe);
    service.close();
    agreement.close();
    client.close();
    System.exit(0); // the pool's and the executors' threads have nothing more to do
  }

  private static AutoCloseable service(
      ServiceSettings settings,
      EscrowClient client,
      DataSource database,
      Agreement agreement,
      Probe probe)
      throws SQLException {
    Databases.create(database, Attempts.TABLE, HandledMessages.TABLE);
    Surroundings with = new Surroundings(
        settings,
        client,
        database,
        agreement,
        new Attempts(database, agreement),
        new HandledMessages(settings.without().contains(Guard.IDEMPOTENCE)),
        probe);
    return switch (settings.role()) {
      case ORDERS -> new OrderService(with);
      case INVENTORY -> new InventoryService(with);
      case PAYMENTS -> new PaymentNotifier(with);
    };
  }

  /** Returns when it is told to stop. */
  private static void obey(Probe probe) throws IOException {
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "arm" -> probe.arm(Point.valueOf(words[1]), Integer.parseInt(words[2]));
        case "go" -> probe.go();
        case "stop" -> {
          return;
        }
        default -> throw new IllegalArgumentException("not understood: " + line);
      }
    }
    Runtime.getRuntime().halt(1);
  }
}
