package io.escrowmq.systemtests;

import java.nio.file.Path;
import java.util.Map;

/**
 * Whose servers the tests run against. Settings are EscrowMQ's keys; an implementation may refuse those that it
 * has no word for. Nothing is started yet when a method returns.
 */
interface Target {

  /** Name server and broker {@code broker-a}. */
  ServerProcess both(Path directory, Map<String, String> settings);

  /** The same, with its store on this disk. */
  ServerProcess bothOn(StoreDisk disk, Path directory, Map<String, String> settings);

  ServerProcess namesrv(Path directory);

  ServerProcess broker(Path directory, String nameServer, String brokerName);

  /** What a broker tells as its cluster. */
  default String cluster() {
    return "DefaultCluster";
  }

  static Target chosen() {
    String name = System.getProperty("systemtests.target", "escrowmq");
    return switch (name) {
      case "escrowmq" -> new EscrowmqTarget();
      case "reference" -> new ReferenceTarget();
      default -> throw new IllegalArgumentException("systemtests.target=" + name);
    };
  }
}
