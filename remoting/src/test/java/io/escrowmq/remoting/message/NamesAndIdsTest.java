package io.escrowmq.remoting.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class NamesAndIdsTest {

  @Test
  void shouldWriteAndReadTheGoldenId() {
    // given
    InetSocketAddress host = new InetSocketAddress("10.0.0.1", 10911);

    // then
    assertThat(new MessageId(host, 4096).text()).isEqualTo("0A00000100002A9F0000000000001000");
    assertThat(MessageId.parse("0A00000100002A9F0000000000001000"))
        .isEqualTo(new MessageId(host, 4096));
    assertThat(MessageId.of(MessageId.prefix(host), -2)).endsWith("FFFFFFFFFFFFFFFE");
    assertThat(MessageId.of(MessageId.prefix(host), new long[] {4096, 31}))
        .isEqualTo("0A00000100002A9F0000000000001000,0A00000100002A9F000000000000001F");
  }

  @Test
  void shouldWriteAndReadIpv6Ids() {
    // given
    MessageId id = new MessageId(new InetSocketAddress("fe80::1", 1), 77);

    // then
    assertThat(id.text()).hasSize(56);
    assertThat(MessageId.parse(id.text())).isEqualTo(id);
  }

  @Test
  void shouldReadNoIdWhereNoneIs() {
    assertThat(MessageId.parse("")).isNull();
    assertThat(MessageId.parse("0A00000100002A9F00000000000010")).isNull();
    assertThat(MessageId.parse("0A00000100002A9F000000000000100G")).isNull();
    assertThat(MessageId.parse("0A000009FFFF00000000000000000001")).isNull(); // port 4294901760
  }

  @Test
  void shouldMakeDifferentUniqueIdsOfTheUsualLength() throws Exception {
    // given
    UniqueIds ids = new UniqueIds(
        InetAddress.getByName("10.0.0.9"), 70000, 5, InstantSource.fixed(Instant.EPOCH));

    // then
    assertThat(ids.next()).isEqualTo("0A000009" + "1170" + "00000005" + "00000000" + "0000");
    assertThat(ids.next()).endsWith("0001").hasSize(32);
  }

  @Test
  void shouldRefuseBadTopicNamesNamingValueAndLimit() {
    assertThat(TopicNames.refusal("Orders-1_a|b%")).isNull();
    assertThat(TopicNames.refusal("t".repeat(127))).isNull();
    assertThat(TopicNames.refusal("t".repeat(128))).contains("128").contains("127");
    assertThat(TopicNames.refusal(TopicNames.retryOf("g".repeat(120)))).isNull();
    assertThat(TopicNames.refusal("%DLQ%" + "g".repeat(251))).contains("256").contains("255");
    assertThat(TopicNames.refusal("../etc/passwd")).contains("'../etc/passwd'");
    assertThat(TopicNames.refusal("a\nb")).contains("'a?b'");
    assertThat(TopicNames.refusal(" ")).contains("blank");
  }

  @Test
  void shouldRefuseBadGroupNames() {
    assertThat(GroupNames.refusal("g".repeat(120))).isNull();
    assertThat(GroupNames.refusal("g".repeat(121))).contains("121").contains("120");
    assertThat(GroupNames.refusal("a/b")).contains("'a/b'");
    assertThat(GroupNames.isReserved("TOOLS_CONSUMER")).isTrue();
    assertThat(GroupNames.isReserved("CID_RMQ_SYS_x")).isTrue();
    assertThat(GroupNames.isReserved("orders")).isFalse();
  }

  @Test
  void shouldKnowReservedAndDerivedTopics() {
    assertThat(TopicNames.isReserved("rmq_sys_wheel_timer")).isTrue();
    assertThat(TopicNames.isReserved("TBW102")).isTrue();
    assertThat(TopicNames.isSendable("TBW102")).isTrue();
    assertThat(TopicNames.isSendable("SCHEDULE_TOPIC_XXXX")).isFalse();
    assertThat(TopicNames.groupOf("%RETRY%g")).isEqualTo("g");
    assertThat(TopicNames.groupOf("%DLQ%g")).isEqualTo("g");
    assertThat(TopicNames.groupOf("g")).isNull();
  }
}
