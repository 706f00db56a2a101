package io.escrowmq.demo.run;

import io.escrowmq.demo.chaos.Point;
import io.escrowmq.demo.shop.ServiceMain;
import io.escrowmq.demo.shop.ServiceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One service, in a process that can be started again. One owner. */
final class ServiceProcess implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(15);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final ServiceSettings settings;
  private final Path errors;
  private volatile @Nullable Jvm jvm; // read by whoever closes in a hurry

  ServiceProcess(ServiceSettings settings, Path directory) {
    this.settings = settings;
    this.errors = directory.resolve(settings.name() + ".err");
  }

  /** Begins to start it. */
  void launch() {
    List<String> words = new ArrayList<>();
    words.add(ServiceMain.class.getName());
    words.addAll(settings.toArguments());
    jvm = Jvm.start(settings.role().title(), System.getProperty("java.class.path"), words, errors);
  }

  /** Waits until it works. */
  void awaitReady() throws InterruptedException {
    running().await("ready", READY_WITHIN);
  }

  private Jvm running() {
    Jvm running = jvm;
    if (running == null) {
      throw new IllegalStateException("the " + settings.role().title() + " was not started");
    }
    return running;
  }

  /** Has it hold who passes this step, from now on. */
  void arm(Point point, int passing) {
    running().tell("arm " + point + " " + passing);
  }

  /**
   * Waits until it is held at this step.
   *
   * @param over to be given up when this is so
   * @return whether it is
   */
  boolean awaitHeld(Point point, BooleanSupplier over) throws InterruptedException {
    while (!over.getAsBoolean()) {
      String line = running().nextLine(LOOK_EVERY);
      if (line != null && line.equals("at " + point)) {
        return true;
      }
    }
    return false;
  }

  /** Lets it go on. */
  void go() {
    running().tell("go");
  }

  void pause() throws InterruptedException {
    running().pause();
  }

  void resume() throws InterruptedException {
    running().resume();
  }

  void kill() throws InterruptedException {
    running().kill();
  }

  /** Asks it to finish what it does. */
  void stop() throws InterruptedException {
    running().tell("stop");
    running().awaitEnd(STOPS_WITHIN);
  }

  @Override
  public void close() {
    Jvm running = jvm;
    if (running != null) {
      running.abandon();
    }
  }
}
