package io.escrowmq.namesrv.route;

/**
 * How much the route book takes in. Too low: brokers are refused. Too high: memory, about 300 bytes
 * a topic and, once clients ask for it, another 500.
 *
 * @param brokers addresses, masters and slaves
 * @param topicsOfBroker topics of one broker name
 * @param topics different topics of all brokers together
 * @param entries topics of all brokers together, where the same topic of two brokers is two
 */
public record RouteLimits(int brokers, int topicsOfBroker, int topics, int entries) {

  private static final long HEAP_OF_ENTRY = 512; // a million in 512 MiB, which take a third of it

  public static final RouteLimits DEFAULT = new RouteLimits(4_096, 200_000, 400_000, (int)
      Math.min(Runtime.getRuntime().maxMemory() / HEAP_OF_ENTRY, Integer.MAX_VALUE));

  public RouteLimits {
    if (brokers < 1 || topicsOfBroker < 1 || topics < 1 || entries < 1) {
      throw new IllegalArgumentException("a limit below 1 would refuse everything: " + brokers
          + " brokers, " + topicsOfBroker + " topics of a broker, " + topics + " topics, "
          + entries + " topics of brokers");
    }
  }
}
