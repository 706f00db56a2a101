package io.escrowmq.demo.shop;

import io.escrowmq.demo.Guard;
import io.escrowmq.demo.Mode;
import io.escrowmq.demo.Role;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the process of a service is told when it is started. Immutable.
 *
 * @param standby only answers checks for the service's group; does nothing else
 * @param database a JDBC address of H2 or PostgreSQL that says all that is needed to log in
 * @param directory of its own, where it may keep files
 * @param without guards that are taken away
 */
public record ServiceSettings(
    Role role,
    boolean standby,
    Mode mode,
    String nameServer,
    String database,
    Path directory,
    long seed,
    int orders,
    Set<Guard> without) {

  private static final int FIXED = 8;

  /** Of this process, and again of the one that is started when it has died. */
  public String name() {
    return role.word() + (standby ? "-2" : "");
  }

  /** As words of a command line. */
  public List<String> toArguments() {
    return List.of(
        role.name(),
        Boolean.toString(standby),
        mode.name(),
        nameServer,
        database,
        directory.toString(),
        Long.toString(seed),
        Integer.toString(orders),
        String.join(",", without.stream().map(Guard::name).toList()));
  }

  /** What {@link #toArguments} wrote. */
  static ServiceSettings of(String[] arguments) {
    Set<Guard> without = EnumSet.noneOf(Guard.class);
    for (String guard : arguments[FIXED].split(",", -1)) {
      if (!guard.isEmpty()) {
        without.add(Guard.valueOf(guard));
      }
    }
    return new ServiceSettings(
        Role.valueOf(arguments[0]),
        Boolean.parseBoolean(arguments[1]),
        Mode.valueOf(arguments[2]),
        arguments[3],
        arguments[4],
        Path.of(arguments[5]),
        Long.parseLong(arguments[6]),
        Integer.parseInt(arguments[7]),
        without);
  }
}
