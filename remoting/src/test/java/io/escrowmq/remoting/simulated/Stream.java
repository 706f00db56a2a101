package io.escrowmq.remoting.simulated;

import io.escrowmq.runtime.Simulator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a connection sends to the other, in its order. What a cut holds up is sent again when
 * the cut is healed, as TCP does, which here never gives up; a reset that meets a cut is lost.
 */
final class Stream {

  private static final int SEND_AGAIN_NANOS = 200_000_000;

  enum Kind {
    OPEN,
    DATA,
    END,
    RESET
  }

  private record Segment(Kind kind, byte[] bytes, long nanos) {}

  private final Simulator world;
  private final Link link;
  private final SimulatedSocket from;
  private final SimulatedSocket to;
  private final Deque<Segment> way = new ArrayDeque<>();
  private Simulator.@Nullable Event next; // the arrival of the first on the way
  private boolean held;
  private long lastNanos;

  Stream(Simulator world, Link link, SimulatedSocket from, SimulatedSocket to) {
    this.world = world;
    this.link = link;
    this.from = from;
    this.to = to;
  }

  void put(Kind kind, byte[] bytes) {
    Line line = link.line();
    long takes = TimeUnit.SECONDS.toNanos(1) * bytes.length / line.bytesPerSecond();
    long nanos = Math.max(world.nanos() + line.delay(world.random()), lastNanos) + 1 + takes;
    lastNanos = nanos;
    way.add(new Segment(kind, bytes, nanos));
    plan();
  }

  /** What is on its way may arrive still; what a cut holds up does not. */
  void sendNothingAgain() {
    if (held) {
      way.clear();
    }
  }

  private void plan() {
    Segment first = way.peek();
    if (next == null && first != null && !held) {
      next = world.afterNanos(first.nanos() - world.nanos(), this::arrive);
    }
  }

  private void arrive() {
    next = null;
    if (link.isCut() || to.isOnADeadMachine()) {
      way.removeIf(segment -> segment.kind() == Kind.RESET);
      if (from.isGone()) {
        way.clear();
      }
      if (!way.isEmpty()) {
        hold();
      }
      return;
    }
    Segment first = way.remove();
    to.arrived(first.kind(), first.bytes());
    plan();
  }

  private void hold() {
    held = true;
    link.whenThereIsAWay(() ->
        world.afterNanos(link.delay() + world.random().nextInt(SEND_AGAIN_NANOS), this::sendAgain));
  }

  private void sendAgain() {
    held = false;
    plan();
  }
}
