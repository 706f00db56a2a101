package io.escrowmq.demo.chaos;

import io.escrowmq.demo.DatabaseKind;
import io.escrowmq.demo.Mode;
import io.escrowmq.demo.Role;
import io.escrowmq.demo.chaos.Fault.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Which faults there will be, made from a seed: the same seed, the same plan. */
public final class Plan {

  private static final int ORDERS_PER_FAULT = 6;
  private static final double LAST_PART = 0.2; // of the orders, to heal in

  private record Step(Kind kind, Role role, Point point) {}

  private Plan() {}

  /**
   * The faults, in the order in which they are armed. Those that show what each guard is for are
   * always among them.
   *
   * @param mostOpen how many orders may be placed and not over; what is to happen to the order service
   *     has to happen before the last of them is placed
   */
  public static List<Fault> of(
      long seed, int orders, int mostOpen, Mode mode, DatabaseKind database) {
    Random random = new Random(seed);
    List<Step> always = new ArrayList<>(essential(mode, database));
    List<Step> others = new ArrayList<>(all(mode, database));
    others.removeAll(always);
    Collections.shuffle(others, random);
    int wanted = Math.max(always.size(), orders / ORDERS_PER_FAULT);
    List<Step> steps = new ArrayList<>(always);
    steps.addAll(others.subList(0, Math.min(others.size(), wanted - always.size())));
    Collections.shuffle(steps, random);

    List<Fault> faults = new ArrayList<>();
    for (Role role : Role.values()) {
      List<Step> own = steps.stream().filter(step -> step.role == role).toList();
      double last = orders * (1 - LAST_PART) - (role == Role.ORDERS ? mostOpen : 0);
      double every = Math.max(0, last) / Math.max(1, own.size());
      for (int i = 0; i < own.size(); i++) {
        Step step = own.get(i);
        faults.add(
            new Fault(step.kind, role, step.point, 1 + random.nextInt(2), (int) (i * every)));
      }
    }
    faults.sort(Comparator.comparingInt(Fault::afterOrders));
    return List.copyOf(faults);
  }

  private static List<Step> essential(Mode mode, DatabaseKind database) {
    List<Step> steps = new ArrayList<>(List.of(
        new Step(Kind.KILL_SERVICE, Role.ORDERS, Point.COMMITTED),
        new Step(Kind.KILL_SERVICE, Role.INVENTORY, Point.COMMITTED),
        new Step(Kind.KILL_SERVICE, Role.INVENTORY, Point.HANDLED),
        new Step(Kind.KILL_BROKER, Role.ORDERS, Point.COMMITTED)));
    if (mode.isChecked()) {
      steps.add(new Step(Kind.LATE_COMMIT, Role.ORDERS, Point.BEFORE_COMMIT));
    }
    if (killsDatabases(mode, database)) {
      steps.add(new Step(Kind.KILL_DATABASE, Role.INVENTORY, Point.BEFORE_COMMIT));
    }
    return steps;
  }

  private static List<Step> all(Mode mode, DatabaseKind database) {
    List<Step> steps = new ArrayList<>(essential(mode, database));
    for (Role role : Role.values()) {
      for (Point point : points(mode)) {
        steps.add(new Step(Kind.KILL_SERVICE, role, point));
      }
      steps.add(new Step(Kind.KILL_BROKER, role, Point.BEFORE_COMMIT));
      steps.add(new Step(Kind.KILL_BROKER, role, Point.TOLD));
      steps.add(new Step(Kind.KILL_BROKER, role, Point.HANDLED));
      steps.add(new Step(Kind.PAUSE, role, Point.BEFORE_COMMIT));
      steps.add(new Step(Kind.PAUSE, role, Point.COMMITTED));
      if (killsDatabases(mode, database)) {
        steps.add(new Step(Kind.KILL_DATABASE, role, Point.BEFORE_COMMIT));
        steps.add(new Step(Kind.KILL_DATABASE, role, Point.COMMITTED));
      }
    }
    return steps.stream().distinct().toList();
  }

  /**
   * Not those of a transaction manager in the service: a transaction whose commit had failed was once
   * taken for complete by its recovery, for reasons not known.
   */
  private static boolean killsDatabases(Mode mode, DatabaseKind database) {
    return database.isProcess() && mode != Mode.JTA;
  }

  /** The steps that a service of this mode comes to in its own work. */
  private static Set<Point> points(Mode mode) {
    Set<Point> points = EnumSet.complementOf(EnumSet.of(Point.CHECKED));
    switch (mode) {
      case OUTCOME_TABLE -> {}
      case LISTENER -> points.remove(Point.HALF_SENT);
      case JTA -> points.removeAll(EnumSet.of(Point.BEFORE_OUTCOME_ROW, Point.OUTCOME_ROW));
      case NAIVE ->
        points.removeAll(EnumSet.of(Point.BEFORE_OUTCOME_ROW, Point.OUTCOME_ROW, Point.HALF_SENT));
    }
    return points;
  }
}
