package io.escrowmq.simulation;

import io.escrowmq.broker.BrokerSettings;
import io.escrowmq.broker.StoreRepair;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.Damage;
import io.escrowmq.store.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What an operator does with the damaged store of a broker, and what was damaged of it. */
final class Repairs {

  private final BrokerSettings settings;
  private final Consumer<String> tell;
  private final List<Damage> lost = new ArrayList<>();

  Repairs(BrokerSettings settings, Consumer<String> tell) {
    this.settings = settings;
    this.tell = tell;
  }

  /**
   * Looks at what is damaged, before a repair that may be interrupted, and would not tell then.
   *
   * @param files that do what they should
   */
  void look(FileSystem files, Surroundings surroundings) {
    for (Damage damage : new StoreRepair(settings, files, surroundings).check()) {
      tell.accept("damage: " + damage);
      if (damage.position() >= 0) {
        lost.add(damage);
      }
    }
  }

  /**
   * Does as an operator does: checks it, repairs it, and checks it once more.
   *
   * @param isWell whether the disk does what it should: then nothing is damaged any more
   * @throws RuntimeException when it cannot be repaired now
   */
  void repair(FileSystem files, Surroundings surroundings, boolean isWell) {
    new StoreRepair(settings, files, surroundings).check();
    new StoreRepair(settings, files, surroundings)
        .repair()
        .forEach(sentence -> tell.accept("repaired: " + sentence));
    if (isWell) {
      List<Damage> left = new StoreRepair(settings, files, surroundings).check();
      if (!left.isEmpty()) {
        throw new Violation("after the repair there is still damage: " + left);
      }
    }
  }

  /** Whether a record at this position may be gone: it lay in damage. */
  boolean isLost(long position) {
    return lost.stream()
        .anyMatch(damage -> damage.bytes() == 0
            || (position >= damage.position() && position < damage.position() + damage.bytes()));
  }
}
