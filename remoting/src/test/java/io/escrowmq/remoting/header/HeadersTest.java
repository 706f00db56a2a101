package io.escrowmq.remoting.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.BadHeaderException;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.MapFields;
import io.escrowmq.remoting.WireHeader;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeadersTest {

  /** Those that hold another header. */
  private static final Set<String> OF_OTHERS =
      Set.of("ForwardedHeader.class", "PushReplyHeader.class");

  @ParameterizedTest
  @MethodSource("headers")
  void shouldReadWhatItWrote(Class<? extends Record> type) throws Exception {
    // given
    Record header = sample(type);

    // when
    MapFields fields = MapFields.of((WireHeader) header);

    // then
    assertThat(reader(type).read(fields)).isEqualTo(header);
    assertThat(fields.toMap()).hasSize(type.getRecordComponents().length);
  }

  @Test
  void shouldReadAReplyWithTheHeaderByWhichItCame() {
    // given
    SendMessageHeader sent =
        new SendMessageHeader("pg", "T", "TBW102", 4, 3, 1, 99, 5, "p", 2, true, -1, false);
    PushReplyHeader header = new PushReplyHeader(sent, "10.0.0.1:1", "10.0.0.2:2", 77);

    // when, then
    assertThat(PushReplyHeader.FIELDS.read(MapFields.of(header))).isEqualTo(header);
  }

  @Test
  void shouldMapBothNamingsOfASendToOneHeader() {
    // given
    MapFields v1 = new MapFields();
    v1.put("producerGroup", "pg").put("topic", "T").put("defaultTopic", "TBW102");
    v1.put("defaultTopicQueueNums", 4).put("queueId", 3).put("sysFlag", 1);
    v1.put("bornTimestamp", 99).put("flag", 5).put("properties", "p");

    // when
    SendMessageHeader header = SendMessageHeader.FIELDS_V1.read(v1);

    // then
    assertThat(header)
        .isEqualTo(
            new SendMessageHeader("pg", "T", "TBW102", 4, 3, 1, 99, 5, "p", 0, false, -1, false));
    assertThat(SendMessageHeader.FIELDS_V2.read(MapFields.of(header))).isEqualTo(header);
  }

  @Test
  void shouldNameTheFieldThatIsMissingOrUnreadable() {
    // given
    MapFields fields = new MapFields();
    fields.put("topic", "T").put("queueId", "x7");

    // then
    assertThatThrownBy(() -> QueueHeader.FIELDS.read(fields))
        .isInstanceOf(BadHeaderException.class)
        .hasMessageContaining("queueId")
        .hasMessageContaining("x7");
    assertThatThrownBy(() -> GroupHeader.FIELDS.read(fields))
        .isInstanceOf(BadHeaderException.class)
        .hasMessageContaining("group");
  }

  @Test
  void shouldReadOptionalFieldsOfOurOwnRequestsAsTheirDefaults() {
    // given
    MapFields decide = new MapFields();
    decide.put("producerGroup", "pg").put("transaction", "order-7").put("commitOrRollback", 8);

    // then
    assertThat(DecideTransactionHeader.FIELDS.read(decide))
        .isEqualTo(new DecideTransactionHeader("pg", "order-7", 8, 0, false, -1));
    assertThat(ListTransactionsHeader.FIELDS.read(new MapFields()))
        .isEqualTo(
            new ListTransactionsHeader(null, 0, false, ListTransactionsHeader.FROM_THE_START, 100));
  }

  @Test
  void shouldNameTheFieldThatOurOwnRequestsMiss() {
    // given
    MapFields fields = new MapFields();
    fields.put("producerGroup", "pg").put("commitOrRollback", 8).put("who", "ann");

    // then
    assertMissing(DecideTransactionHeader.FIELDS, fields, "transaction");
    assertMissing(TransactionIdHeader.FIELDS, fields, "id");
    assertMissing(RecheckTransactionHeader.FIELDS, fields, "id");
    fields.put("id", 7);
    assertMissing(OrderTransactionHeader.FIELDS, fields, "reason");
    assertMissing(DecisionResponseHeader.FIELDS, fields, "verdict");
  }

  @Test
  void shouldForwardFieldsAsTheyCame() {
    // given
    MapFields fields = new MapFields();
    fields.put("a", "1").put("b", "2");

    // when
    MapFields forwarded = MapFields.of(ForwardedHeader.of(fields).with("b", "3"));

    // then
    assertThat(forwarded.toMap()).isEqualTo(Map.of("a", "1", "b", "3"));
  }

  private static void assertMissing(HeaderReader<?> reader, MapFields fields, String name) {
    assertThatThrownBy(() -> reader.read(fields))
        .isInstanceOf(BadHeaderException.class)
        .hasMessageContaining("'" + name + "'");
  }

  static List<Class<? extends Record>> headers() throws Exception {
    URI here = SendMessageHeader.class.getResource("SendMessageHeader.class").toURI();
    try (Stream<Path> files = Files.list(Path.of(here).getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Header.class") && !OF_OTHERS.contains(name))
          .sorted()
          .<Class<? extends Record>>map(HeadersTest::load)
          .toList();
    }
  }

  private static Class<? extends Record> load(String file) {
    try {
      return Class.forName(HeadersTest.class.getPackageName() + "." + file.replace(".class", ""))
          .asSubclass(Record.class);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static HeaderReader<?> reader(Class<?> type) throws Exception {
    Field field = type.getField(type == SendMessageHeader.class ? "FIELDS_V2" : "FIELDS");
    return (HeaderReader<?>) field.get(null);
  }

  /** An instance whose fields all differ from what an absent field reads as. */
  private static Record sample(Class<? extends Record> type) throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Class<?> kind = components[i].getType();
      if (kind == String.class) {
        values[i] = "value-" + i;
      } else if (kind == int.class) {
        values[i] = 1000 + i;
      } else if (kind == long.class) {
        values[i] = 1L << 40 | i;
      } else {
        values[i] = i % 2 == 0;
      }
    }
    Class<?>[] kinds =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return type.getDeclaredConstructor(kinds).newInstance(values);
  }
}
