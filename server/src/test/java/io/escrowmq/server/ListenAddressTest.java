package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.escrowmq.server.settings.Endpoint;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:0", "[::]:0", "192.0.2.7:0"})
  void shouldRefuseToListenBeyondThisMachineAndSayWhatToSet(String address) {
    // given
    Settings settings = settings(Role.SERVER, "broker.listen=" + address);

    // when
    SettingsException refused =
        catchThrowableOfType(SettingsException.class, () -> ListenAddress.check(settings));

    // then
    assertThat(refused)
        .hasMessageContaining("broker.listen=" + address + " (--set)")
        .hasMessageContaining("security.allow-anonymous=true");
  }

  @Test
  void shouldListenBeyondThisMachineWhenThatIsMeant() {
    // given
    Settings settings =
        settings(Role.SERVER, "broker.listen=0.0.0.0:0", "security.allow-anonymous=true");

    // then
    assertThatCode(() -> ListenAddress.check(settings)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:0", "127.9.9.9:0", "[::1]:0", "localhost:0"})
  void shouldListenOnThisMachine(String address) {
    // given
    Settings settings =
        settings(Role.SERVER, "broker.listen=" + address, "namesrv.listen=" + address);

    // then
    assertThatCode(() -> ListenAddress.check(settings)).doesNotThrowAnyException();
  }

  @Test
  void shouldLookOnlyAtWhatTheRoleOpens() {
    // given
    Settings settings = settings(Role.BROKER, "namesrv.listen=0.0.0.0:9876");

    // then
    assertThatCode(() -> ListenAddress.check(settings)).doesNotThrowAnyException();
  }

  @Test
  void shouldNameAHostThatIsNotKnown() {
    // given
    Settings settings = settings(Role.SERVER, "broker.listen=nowhere.invalid:0");

    // when
    SettingsException refused = catchThrowableOfType(
        SettingsException.class, () -> ListenAddress.address(settings, Keys.BROKER_LISTEN));

    // then
    assertThat(refused).hasMessageContaining("broker.listen=nowhere.invalid:0 (--set): no host");
  }

  @Test
  void shouldTellClientsWhatIsSet() {
    assertThat(ListenAddress.advertised(settings(Role.SERVER, "broker.advertise=mq.example:1")))
        .contains("mq.example:1");
    assertThat(ListenAddress.advertised(settings(Role.SERVER, "broker.advertise=mq.example")))
        .contains("mq.example");
    assertThat(ListenAddress.advertised(settings(Role.SERVER))).isEmpty();
  }

  @Test
  void shouldReachAServerThatListensEverywhere() {
    assertThat(ListenAddress.fromHere(new InetSocketAddress("0.0.0.0", 9876)))
        .isEqualTo(new Endpoint("127.0.0.1", 9876));
    assertThat(ListenAddress.fromHere(new InetSocketAddress("127.0.0.2", 9876)))
        .isEqualTo(new Endpoint("127.0.0.2", 9876));
  }

  private static Settings settings(Role role, String... pairs) {
    return Settings.resolve(role, null, Map.of(), List.of(pairs));
  }
}
