package io.escrowmq.server;

import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Setting;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsException;
import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.CheckSchedule;

/** Reads the keys that begin with tx: how long and how much a broker keeps in escrow. */
final class TransactionKeys {

  private TransactionKeys() {}

  /**
   * What the settings say, all together.
   *
   * @throws SettingsException when two of them contradict each other; it says which
   */
  static TransactionSettings of(Settings settings) {
    long maxPauseMillis = settings.value(Keys.TX_CHECK_MAX_PAUSE).toMillis();
    long everyMillis = notAbove(
        settings,
        Keys.TX_CHECK_EVERY,
        settings.value(Keys.TX_CHECK_EVERY).toMillis(),
        Keys.TX_CHECK_MAX_PAUSE,
        maxPauseMillis);
    CheckSchedule schedule = new CheckSchedule(
        settings.value(Keys.TX_FIRST_CHECK).toMillis(),
        everyMillis,
        maxPauseMillis,
        settings.value(Keys.TX_MAX_CHECKS));

    long halves = settings.value(Keys.TX_MAX_OPEN);
    long bytes = settings.value(Keys.TX_MAX_OPEN_BYTES);
    long halvesOfGroup = notAbove(
        settings,
        Keys.TX_GROUP_MAX_OPEN,
        settings.value(Keys.TX_GROUP_MAX_OPEN),
        Keys.TX_MAX_OPEN,
        halves);
    long bytesOfGroup = notAbove(
        settings,
        Keys.TX_GROUP_MAX_OPEN_BYTES,
        settings.value(Keys.TX_GROUP_MAX_OPEN_BYTES),
        Keys.TX_MAX_OPEN_BYTES,
        bytes);
    return new TransactionSettings(
        schedule,
        new Bounds(halves, bytes, halvesOfGroup, bytesOfGroup)
            .withMemory(Runtime.getRuntime().maxMemory() / 5 * 2),
        settings.value(Keys.TX_EXHAUSTED));
  }

  /** A part is held against the whole; its default gives way to what was said of the whole. */
  private static long notAbove(
      Settings settings, Setting<?> part, long value, Setting<?> whole, long limit) {
    if (value <= limit) {
      return value;
    }
    if (settings.origin(part).isDefault()) {
      return limit;
    }
    throw new SettingsException(settings.said(part)
        + " is above "
        + settings.said(whole)
        + ", its limit: lower "
        + part
        + ", or raise "
        + whole
        + ".");
  }
}
