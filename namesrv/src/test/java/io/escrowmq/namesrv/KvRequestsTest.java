package io.escrowmq.namesrv;

import static io.escrowmq.namesrv.ByHand.topics;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.namesrv.kv.KvFileException;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.KvKeyHeader;
import io.escrowmq.remoting.header.KvNamespaceHeader;
import io.escrowmq.remoting.header.PutKvConfigHeader;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KvRequestsTest {

  private static final String ORDER = "ORDER_TOPIC_CONFIG";

  private final ByHand namesrv = new ByHand();

  @Test
  void shouldPutGetListAndDelete() {
    // when
    put("ns", "key", "value");

    // then
    assertThat(get("ns", "key").replyFields()).isEqualTo(Map.of("value", "value"));
    assertThat(list("ns").replyBody()).isEqualTo("{\"table\":{\"key\":\"value\"}}");

    // when
    FakeCall deleted = namesrv.call(RequestCode.DELETE_KV_CONFIG, new KvKeyHeader("ns", "key"));
    FakeCall again = namesrv.call(RequestCode.DELETE_KV_CONFIG, new KvKeyHeader("ns", "key"));

    // then
    assertThat(deleted.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(again.replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(get("ns", "key").replyCode()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    assertThat(list("ns").replyCode()).isEqualTo(ResponseCode.QUERY_NOT_FOUND);
  }

  @Test
  void shouldRefuseAPutThatLacksAField() {
    // given
    WireHeader withoutKey = fields -> fields.put("namespace", "ns").put("value", "v");

    // when
    FakeCall call = namesrv.call(RequestCode.PUT_KV_CONFIG, withoutKey);

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains("'key' is missing");
  }

  @Test
  void shouldTellClientsTheQueuesOfAnOrderedTopicAsSoonAsTheyAreSet() {
    // given
    namesrv.register(new FakeConnection(), "a", 0, topics(1, "T", "U"));
    assertThat(namesrv.route("T").replyBody()).doesNotContain("orderTopicConf");

    // when
    put(ORDER, "T", "a:4");

    // then
    assertThat(namesrv.route("T").replyBody()).contains("\"orderTopicConf\":\"a:4\"");

    // when
    namesrv.call(RequestCode.DELETE_KV_CONFIG, new KvKeyHeader(ORDER, "T"));

    // then
    assertThat(namesrv.route("T").replyBody()).doesNotContain("orderTopicConf");
  }

  @Test
  void shouldRefuseOrderedQueuesThatClientsCannotRead() {
    // when
    FakeCall call = put(ORDER, "T", "nonsense");

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains("broker-a:4");
  }

  @Test
  void shouldRefuseAndGoOnWhenTheDiskIsFull() {
    // given
    ByHand full = new ByHand(namesrv.settings, new FullFile());
    full.register(new FakeConnection(), "a", 0, topics(1, "T", "U"));

    // when
    FakeCall call = full.call(RequestCode.PUT_KV_CONFIG, new PutKvConfigHeader(ORDER, "T", "a:4"));

    // then
    assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(call.reply().remark()).contains("nothing was changed", "no space left");
    assertThat(full.route("T").replyBody()).doesNotContain("orderTopicConf");
  }

  private FakeCall put(String namespace, String key, String value) {
    return namesrv.call(RequestCode.PUT_KV_CONFIG, new PutKvConfigHeader(namespace, key, value));
  }

  private FakeCall get(String namespace, String key) {
    return namesrv.call(RequestCode.GET_KV_CONFIG, new KvKeyHeader(namespace, key));
  }

  private FakeCall list(String namespace) {
    return namesrv.call(RequestCode.GET_KVLIST_BY_NAMESPACE, new KvNamespaceHeader(namespace));
  }

  private static final class FullFile implements KvFile {

    @Override
    public byte @Nullable [] read() {
      return null;
    }

    @Override
    public void replace(byte[] content) {
      throw new KvFileException("no space left", null);
    }

    @Override
    public void close() {}
  }
}
