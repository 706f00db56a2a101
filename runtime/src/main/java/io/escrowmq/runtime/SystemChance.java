package io.escrowmq.runtime;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;

/** The machine's own random numbers. */
final class SystemChance implements Chance {

  private final SecureRandom secrets = new SecureRandom();

  @Override
  public long next() {
    return ThreadLocalRandom.current().nextLong();
  }

  @Override
  public long secret() {
    return secrets.nextLong();
  }
}
