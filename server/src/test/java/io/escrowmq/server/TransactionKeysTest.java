package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.escrowmq.broker.tx.ExhaustionPolicy;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsException;
import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.CheckSchedule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionKeysTest {

  private static final long MEMORY = Runtime.getRuntime().maxMemory() / 5 * 2;

  @Test
  void shouldHoldTheDefaultsThatTheBrokerDocuments() {
    TransactionSettings documented = TransactionSettings.DEFAULT;
    assertThat(of())
        .isEqualTo(new TransactionSettings(
            documented.schedule(), documented.bounds().withMemory(MEMORY), documented.exhausted()));
  }

  @Test
  void shouldHandOverWhatIsSet() {
    // when
    TransactionSettings settings = of(
        "tx.first-check=1s",
        "tx.check-every=2s",
        "tx.check-max-pause=3s",
        "tx.max-checks=4",
        "tx.exhausted=system-topic",
        "tx.max-open=50",
        "tx.max-open-bytes=6MiB",
        "tx.group-max-open=7",
        "tx.group-max-open-bytes=1MiB");

    // then
    assertThat(settings)
        .isEqualTo(new TransactionSettings(
            new CheckSchedule(1000, 2000, 3000, 4),
            new Bounds(50, 6 << 20, 7, 1 << 20).withMemory(MEMORY),
            ExhaustionPolicy.SYSTEM_TOPIC));
  }

  @Test
  void shouldLetTheDefaultOfAPartGiveWayToTheWhole() {
    // when
    TransactionSettings settings =
        of("tx.max-open=1000", "tx.max-open-bytes=1GiB", "tx.check-max-pause=1s");

    // then
    assertThat(settings.bounds())
        .isEqualTo(new Bounds(1000, 1 << 30, 1000, 1 << 30).withMemory(MEMORY));
    assertThat(settings.schedule()).isEqualTo(new CheckSchedule(6000, 1000, 1000, 15));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tx.group-max-open=1000001 | tx.max-open=1000000 (default)",
        "tx.group-max-open-bytes=9GiB | tx.max-open-bytes=8GiB (default)",
        "tx.check-every=11m | tx.check-max-pause=10m (default)",
      })
  void shouldNameThePartThatIsAboveItsLimit(String said, String limit) {
    // when
    SettingsException refused = catchThrowableOfType(SettingsException.class, () -> of(said));

    // then
    assertThat(refused).hasMessageStartingWith(said + " (--set) is above " + limit);
  }

  private static TransactionSettings of(String... pairs) {
    return TransactionKeys.of(Settings.resolve(Role.SERVER, null, Map.of(), List.of(pairs)));
  }
}
