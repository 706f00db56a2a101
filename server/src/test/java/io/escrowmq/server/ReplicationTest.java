package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.replica.GroupSettings;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationTest {

  private static final String LISTEN = "replication.listen=127.0.0.1:10912";

  @TempDir
  private Path directory;

  @Test
  void shouldServeTheLogToNobodyByDefault() {
    assertThat(of().served()).isNull();
    assertThat(of().isFollower()).isFalse();
  }

  @Test
  void shouldServeTheLogToThoseWhoKnowTheSecret() throws IOException {
    // when
    ReplicationSettings served = of(LISTEN, secret("0123456789abcdef\n")).served();

    // then
    assertThat(served).isNotNull();
    assertThat(served.listen().getPort()).isEqualTo(10_912);
  }

  @Test
  void shouldAskForASecret() {
    assertThatThrownBy(() -> of(LISTEN).served())
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("replication.secret-file", "16 bytes", "openssl");
  }

  @Test
  void shouldRefuseASecretThatCanBeGuessed() throws IOException {
    Replication replication = of(LISTEN, secret("0123456789abcde \n\n"));
    assertThatThrownBy(replication::served)
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("replication.secret-file", "has 15 bytes", "at least 16");
  }

  @Test
  void shouldNameAFileThatCannotBeRead() {
    Replication replication = of(LISTEN, "replication.secret-file=" + directory.resolve("missing"));
    assertThatThrownBy(replication::served)
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("missing", "cannot be read");
  }

  @Test
  void shouldNotFollowAndServeAtOnce() throws IOException {
    Replication replication =
        of(LISTEN, secret("0123456789abcdef"), "replication.follow=127.0.0.1:10913");
    assertThatThrownBy(replication::served)
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("10912", "10913", "Leave one of them out");
  }

  @Test
  void shouldBeOneOfSeveralWhenThereAreControllers() throws IOException {
    // when
    Replication replication = of(
        LISTEN,
        secret("0123456789abcdef"),
        "replication.controllers=127.0.0.1:9876;127.0.0.1:9877",
        "replication.advertise=10.0.0.1:7",
        "replication.priority=7");
    GroupSettings group = replication.group();

    // then
    assertThat(group).isNotNull();
    assertThat(group.controllers()).containsExactly("127.0.0.1:9876", "127.0.0.1:9877");
    assertThat(group.advertised()).isEqualTo("10.0.0.1:7");
    assertThat(group.leastInSync()).isEqualTo(2);
    assertThat(group.priority()).isEqualTo(7);
    assertThat(replication.served()).isNull();
  }

  @Test
  void shouldTakeTheLeastInSyncThatIsSaid() throws IOException {
    GroupSettings group = of(
            LISTEN,
            secret("0123456789abcdef"),
            "replication.controllers=127.0.0.1:9876",
            "replication.min-in-sync=1")
        .group();
    assertThat(group).isNotNull();
    assertThat(group.leastInSync()).isEqualTo(1);
  }

  @Test
  void shouldAskWhereTheLogIsServed() throws IOException {
    Replication replication =
        of(secret("0123456789abcdef"), "replication.controllers=127.0.0.1:9876");
    assertThatThrownBy(replication::group)
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("replication.controllers", "set replication.listen");
  }

  @Test
  void shouldNotLetAnOperatorAndAControllerSayWhomToFollow() throws IOException {
    Replication replication = of(
        LISTEN,
        secret("0123456789abcdef"),
        "replication.controllers=127.0.0.1:9876",
        "replication.follow=127.0.0.1:10913");
    assertThatThrownBy(replication::group)
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll("9876", "10913", "Leave one of them out");
  }

  private String secret(String text) throws IOException {
    return "replication.secret-file=" + Files.writeString(directory.resolve("secret"), text);
  }

  private static Replication of(String... further) {
    List<String> options = new ArrayList<>(List.of(further));
    return new Replication(Settings.resolve(Role.BROKER, null, Map.of(), options));
  }
}
