package io.escrowmq.demo.run;

import io.escrowmq.demo.Role;
import io.escrowmq.demo.chaos.Fault;
import io.escrowmq.demo.ledger.Books;
import io.escrowmq.demo.ledger.Books.StoredMessage;
import io.escrowmq.demo.ledger.DatabaseReader;
import io.escrowmq.demo.ledger.Finding;
import io.escrowmq.demo.ledger.Ledger;
import io.escrowmq.demo.ledger.LedgerTable;
import io.escrowmq.demo.ledger.TopicReader;
import io.escrowmq.demo.shop.ServiceSettings;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One run: starts everything, does what the plan says, waits until all orders are over or nothing
 * moves any more, and has the ledger judge. Owner: whoever runs it; may be closed by another thread.
 */
public final class Demo implements AutoCloseable {

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration SAY_EVERY = Duration.ofSeconds(5);
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(30); // T of I7

  private final DemoSettings settings;
  private final PrintWriter out;
  private final History history;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Advance advance = new Advance();
  private final FaultCounts survived = new FaultCounts();
  private final Deque<AutoCloseable> started = new ArrayDeque<>(); // guarded by itself
  private final Map<Role, ServiceProcess> services = new EnumMap<>(Role.class);

  /**
   * @param out where progress and the ledger are shown
   */
  public Demo(DemoSettings settings, PrintWriter out) {
    this.settings = settings;
    this.out = out;
    this.history = new History(out, settings.directory().resolve("history.txt"));
  }

  /**
   * Runs it.
   *
   * @param plan what goes wrong
   * @return whether all invariants hold
   * @throws DemoException when something beside the faults goes wrong
   */
  public boolean run(List<Fault> plan) throws InterruptedException, SQLException {
    new Replay(settings.words(), plan).lines().forEach(history::keep);

    DatabaseServer databases =
        keep(DatabaseServer.start(settings.database(), settings.directory()));
    BrokerProcess broker =
        keep(new BrokerProcess(settings.serverClassPath(), settings.directory()));
    broker.start();
    Topics topics = keep(new Topics(broker.address()));
    topics.create();
    List<Future<Void>> lanes = start(plan, databases, broker);
    history.add("broker, databases and services run; " + settings.orders() + " orders, "
        + plan.size() + " faults planned, seed " + settings.seed());

    DatabaseReader reader = new DatabaseReader(databases::address);
    watch(reader);
    for (Future<Void> lane : lanes) {
      awaitEnd(lane);
    }
    long inDoubt = awaitDecisions(topics);
    for (ServiceProcess service : services.values()) {
      service.stop();
    }
    return judge(reader, broker, inDoubt);
  }

  private static void awaitEnd(Future<Void> lane) throws InterruptedException {
    try {
      lane.get();
    } catch (ExecutionException e) {
      throw new DemoException("a fault could not be done: " + e.getCause(), e);
    }
  }

  private List<Future<Void>> start(List<Fault> plan, DatabaseServer databases, BrokerProcess broker)
      throws InterruptedException {
    for (Role role : Role.values()) {
      ServiceProcess service = service(role, false, databases, broker);
      service.launch();
      services.put(role, service);
    }
    for (ServiceProcess service : services.values()) {
      service.awaitReady();
    }
    ExecutorService threads = Executors.newFixedThreadPool(services.size());
    keep(threads::shutdownNow);
    List<Future<Void>> lanes = new ArrayList<>();
    for (Map.Entry<Role, ServiceProcess> entry : services.entrySet()) {
      Role role = entry.getKey();
      Lane lane = new Lane(
          plan.stream().filter(fault -> fault.role() == role).toList(),
          entry.getValue(),
          service(role, true, databases, broker),
          broker,
          databases,
          advance,
          survived,
          history);
      lanes.add(threads.submit(lane));
    }
    return lanes;
  }

  private ServiceProcess service(
      Role role, boolean standby, DatabaseServer databases, BrokerProcess broker) {
    return keep(new ServiceProcess(
        new ServiceSettings(
            role,
            standby,
            settings.mode(),
            broker.nameServer(),
            databases.address(role),
            settings.directory().resolve(role.word()),
            settings.seed(),
            settings.orders(),
            settings.without()),
        settings.directory()));
  }

  /** Returns when all orders are over, or nothing has moved for too long. */
  private void watch(DatabaseReader reader) throws InterruptedException {
    DatabaseReader.Progress last = new DatabaseReader.Progress(0, 0, 0, 0);
    long movedNanos = System.nanoTime();
    long saidNanos = movedNanos;
    while (last.over() < settings.orders()) {
      advance.pause(LOOK_EVERY);
      DatabaseReader.Progress now = progress(reader, last);
      advance.reached(now.over());
      long nanos = System.nanoTime();
      if (!now.equals(last)) {
        movedNanos = nanos;
      } else if (nanos - movedNanos > settings.stalled().toNanos()) {
        history.add("nothing has moved for " + settings.stalled().toSeconds() + " s: "
            + (settings.orders() - now.over()) + " orders will never be over");
        break;
      }
      last = now;
      if (nanos - saidNanos > SAY_EVERY.toNanos()) {
        saidNanos = nanos;
        history.add(words(now));
      }
    }
    history.add(words(last));
    advance.finish();
  }

  /** While the database is away, nothing is known to have moved. */
  private static DatabaseReader.Progress progress(
      DatabaseReader reader, DatabaseReader.Progress last) {
    try {
      return reader.progress();
    } catch (SQLException e) {
      return last;
    }
  }

  private String words(DatabaseReader.Progress now) {
    return now.over() + " of " + settings.orders() + " orders are over: " + now.confirmed()
        + " confirmed, " + now.cancelled() + " cancelled, " + now.withdrawn() + " withdrawn";
  }

  private long awaitDecisions(Topics topics) throws InterruptedException {
    long deadline = System.nanoTime() + HEALED_WITHIN.toNanos();
    long inDoubt = topics.inDoubt();
    while (inDoubt > 0
        && System.nanoTime() - deadline < 0
        && !closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      inDoubt = topics.inDoubt();
    }
    return inDoubt;
  }

  private boolean judge(DatabaseReader reader, BrokerProcess broker, long inDoubt)
      throws InterruptedException, SQLException {
    List<StoredMessage> messages = TopicReader.read(broker.nameServer(), Topics.queues());
    broker.killAndRestart(Duration.ZERO, () -> {});
    Books books = new Books(
        settings.orders(),
        reader.attempts(),
        reader.orders(),
        reader.stock(),
        reader.answers(),
        reader.notices(),
        messages,
        TopicReader.read(broker.nameServer(), Topics.queues()),
        inDoubt);
    List<Finding> findings = new Ledger(books).judge();
    String table = LedgerTable.of(books, findings, survived.inWords());
    out.println();
    out.print(table);
    history.keep(table);
    boolean holds = findings.stream().allMatch(Finding::holds);
    out.println();
    out.println(holds ? "All invariants hold." : "The invariants do NOT hold.");
    return holds;
  }

  private <T extends AutoCloseable> T keep(T part) {
    synchronized (started) {
      started.push(part);
    }
    return part;
  }

  /** Ends every process that it has started. */
  @Override
  public void close() {
    closed.countDown();
    synchronized (started) {
      for (AutoCloseable part : started) {
        try {
          part.close();
        } catch (Exception e) {
          out.println("closing " + part + " failed: " + e);
        }
      }
      started.clear();
    }
    history.close();
  }
}
