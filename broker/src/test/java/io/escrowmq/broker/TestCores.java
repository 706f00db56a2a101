package io.escrowmq.broker;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.topic.TopicRoutes;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.state.StateFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.util.function.LongConsumer;

/** Cores as they are shipped, with no network around them. Not started: the test turns what it needs. */
final class TestCores {

  private static final InetSocketAddress BOUND =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_911);

  private TestCores() {}

  /** With the usual memory, and the engine that the settings ask for. */
  static CorePlan plan(
      BrokerSettings settings, FileSystem files, StateFiles states, Surroundings surroundings) {
    HeapBudget heap = HeapBudget.of(64 << 20);
    return CorePlan.of(
        settings,
        host(settings, TopicRoutes.NONE, surroundings, heap),
        files,
        states,
        Runnable::run,
        surroundings,
        heap,
        why -> {});
  }

  /** A host that nobody is connected to. */
  static BrokerHost host(
      BrokerSettings settings, TopicRoutes routes, Surroundings surroundings, HeapBudget heap) {
    return BrokerHost.of(settings, BOUND, routes, ZoneOffset.UTC, surroundings, heap);
  }

  /** What is done in the background is done at once. */
  static BrokerCore open(
      BrokerSettings settings,
      FileSystem files,
      StateFiles states,
      Surroundings surroundings,
      LongConsumer wentOn,
      long heapBytes,
      LogEngine.Maker engines) {
    HeapBudget heap = HeapBudget.of(heapBytes);
    BrokerHost host = host(settings, TopicRoutes.NONE, surroundings, heap);
    return new CoreRecovery(
            new CorePlan(settings, host, files, states, Runnable::run, surroundings, heap, engines))
        .open(wentOn);
  }

  /** With the engine that the settings ask for. */
  static BrokerCore open(
      BrokerSettings settings,
      FileSystem files,
      StateFiles states,
      Surroundings surroundings,
      LongConsumer wentOn,
      long heapBytes) {
    return open(
        settings,
        files,
        states,
        surroundings,
        wentOn,
        heapBytes,
        LogEngine.maker(
            LogEngine.Awaited.here(settings.flush() == FlushMode.SYNC), surroundings, why -> {}));
  }

  /** The same by a clock that goes by itself. */
  static BrokerCore open(
      BrokerSettings settings,
      FileSystem files,
      StateFiles states,
      Surroundings surroundings,
      long heapBytes) {
    return open(settings, files, states, surroundings, newest -> {}, heapBytes);
  }
}
