package io.escrowmq.demo.run;

import io.escrowmq.demo.chaos.Fault;
import io.escrowmq.demo.chaos.Point;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Does to one service what the plan says, one fault after the other. Other services have lanes of
 * their own, so faults overlap. Owner: the thread that runs it; until it ends, it owns the service.
 */
final class Lane implements Callable<Void> {

  private static final Duration PAUSE = Duration.ofMillis(1_500);
  private static final Duration BROKER_AWAY = Duration.ofMillis(300);
  private static final Duration CHECKED_WITHIN = Duration.ofSeconds(10);
  private static final Duration ANSWER_TRAVELS = Duration.ofMillis(500);

  private final List<Fault> faults;
  private final ServiceProcess service;
  private final ServiceProcess standby;
  private final BrokerProcess broker;
  private final DatabaseServer databases;
  private final Advance advance;
  private final FaultCounts survived;
  private final History history;

  /**
   * @param standby a second instance of the service, to be started when it is needed
   */
  Lane(
      List<Fault> faults,
      ServiceProcess service,
      ServiceProcess standby,
      BrokerProcess broker,
      DatabaseServer databases,
      Advance advance,
      FaultCounts survived,
      History history) {
    this.faults = faults;
    this.service = service;
    this.standby = standby;
    this.broker = broker;
    this.databases = databases;
    this.advance = advance;
    this.survived = survived;
    this.history = history;
  }

  /**
   * Returns when all faults are done, or nothing more will happen.
   *
   * @throws DemoException when what was killed does not come back
   */
  @Override
  public @Nullable Void call() throws InterruptedException {
    for (Fault fault : faults) {
      boolean reached = advance.await(fault.afterOrders());
      if (reached) {
        service.arm(fault.point(), fault.passing());
        reached = service.awaitHeld(fault.point(), advance::isFinished);
      }
      if (reached) {
        history.add(fault.toString());
        strike(fault);
        survived.count(fault.kind());
      } else {
        history.keep("not reached: " + fault);
      }
    }
    return null;
  }

  private void strike(Fault fault) throws InterruptedException {
    switch (fault.kind()) {
      case KILL_SERVICE -> {
        service.kill();
        databases.whileUp(() -> {
          service.launch();
          service.awaitReady();
        });
      }
      case KILL_DATABASE -> databases.killAndRestart(service::go);
      case KILL_BROKER -> broker.killAndRestart(BROKER_AWAY, service::go);
      case PAUSE -> {
        service.pause();
        service.go();
        advance.pause(PAUSE);
        service.resume();
      }
      case LATE_COMMIT -> commitLate();
    }
  }

  /**
   * The broker has to forget the connection of the service, which keeps silent, or it would ask nobody
   * else. A second instance is started, and is asked in its place.
   */
  private void commitLate() throws InterruptedException {
    service.pause();
    try {
      broker.killAndRestart(Duration.ZERO, () -> {});
      databases.whileUp(() -> {
        standby.launch();
        standby.awaitReady();
      });
      long deadline = System.nanoTime() + CHECKED_WITHIN.toNanos();
      boolean checked = standby.awaitHeld(Point.CHECKED, () -> System.nanoTime() - deadline > 0);
      standby.go();
      history.keep(checked ? "the second instance was asked" : "nobody was asked");
      advance.pause(ANSWER_TRAVELS);
    } finally {
      service.resume();
      service.go();
    }
    standby.stop();
  }
}
