package io.escrowmq.tx;

/** Tells a coordinator what was recorded: each half-message at a position of its own. */
final class Facts {

  static final CheckSchedule SCHEDULE = new CheckSchedule(6_000, 10_000, 600_000, 15);

  private static final int BYTES = 100; // of a record

  private final TransactionCoordinator coordinator;
  private long lastId;

  Facts(TransactionCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  /** A half-message that is first asked about when the schedule says; tells its id. */
  long half(String group, long recordedMillis) {
    return half(group, recordedMillis, recordedMillis + SCHEDULE.firstMillis());
  }

  long half(String group, long recordedMillis, long firstCheckMillis) {
    lastId += 8;
    coordinator.apply(
        new Half(lastId, lastId, null, group, BYTES, recordedMillis, firstCheckMillis));
    return lastId;
  }

  /** A half-message that begins a transaction with a name; tells its id. */
  long named(String name) {
    lastId += 8;
    coordinator.apply(new Half(lastId, lastId, name, "g", BYTES, 0, SCHEDULE.firstMillis()));
    return lastId;
  }

  /** One more half-message of a transaction. */
  void join(long leader) {
    lastId += 8;
    coordinator.apply(new Half(lastId, leader, null, "g", BYTES, 9, SCHEDULE.firstMillis()));
  }

  void decide(long id) {
    coordinator.apply(new Decision(id, Verdict.COMMIT, Decider.PRODUCER, 1));
  }
}
