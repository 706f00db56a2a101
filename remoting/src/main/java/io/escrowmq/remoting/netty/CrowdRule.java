package io.escrowmq.remoting.netty;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which connections give way to a new one when all are taken. First those that no client of this
 * protocol would leave so: clients ask as soon as they are connected, and send a heartbeat every 30 s.
 * If there are none, the address with the most connections gives way to others. Pure.
 */
final class CrowdRule {

  /** A connection that never sent a whole request is no client's after this time. */
  static final Duration UNASKED = Duration.ofSeconds(5);

  /** Two heartbeats without a byte. */
  static final Duration SILENT = Duration.ofSeconds(60);

  /** One open connection: whose it is, how old, for how long silent, whether it asked anything. */
  record Seat<C>(C connection, InetAddress host, long ageNanos, long silentNanos, boolean asked) {}

  private CrowdRule() {}

  /** At most {@code most} that give way to a newcomer from this address, the most silent first. */
  static <C> List<C> giveWay(List<Seat<C>> seats, InetAddress newcomer, int most) {
    List<C> idle = longestSilent(seats.stream().filter(CrowdRule::isNobodys), most);
    if (!idle.isEmpty()) {
      return idle;
    }
    Map<InetAddress, Integer> counts = new HashMap<>();
    seats.forEach(seat -> counts.merge(seat.host(), 1, Integer::sum));
    int largest = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    if (largest <= counts.getOrDefault(newcomer, 0) + 1) {
      return List.of(); // it would only change who has the most
    }
    return longestSilent(
        seats.stream().filter(seat -> counts.getOrDefault(seat.host(), 0) == largest), 1);
  }

  private static boolean isNobodys(Seat<?> seat) {
    return seat.silentNanos() >= SILENT.toNanos()
        || (!seat.asked() && seat.ageNanos() >= UNASKED.toNanos());
  }

  private static <C> List<C> longestSilent(Stream<Seat<C>> seats, int most) {
    return seats
        .sorted(Comparator.<Seat<C>>comparingLong(Seat::silentNanos).reversed())
        .limit(most)
        .map(Seat::connection)
        .collect(Collectors.toList());
  }
}
