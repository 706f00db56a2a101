package io.escrowmq.namesrv;

import static io.escrowmq.remoting.RequestTable.on;

import io.escrowmq.namesrv.kv.KvFileException;
import io.escrowmq.namesrv.kv.KvNamespaces;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.KvTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.KvKeyHeader;
import io.escrowmq.remoting.header.KvNamespaceHeader;
import io.escrowmq.remoting.header.KvValueResponseHeader;
import io.escrowmq.remoting.header.PutKvConfigHeader;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The KV configuration over the wire. */
final class KvRequests {

  private static final Logger LOG = LoggerFactory.getLogger(KvRequests.class);

  private final RouteLoop loop;

  KvRequests(RouteLoop loop) {
    this.loop = loop;
  }

  RequestTable table() {
    return RequestTable.of(
        on(RequestCode.PUT_KV_CONFIG, PutKvConfigHeader.FIELDS, Permission.MANAGE, this::put),
        on(RequestCode.GET_KV_CONFIG, KvKeyHeader.FIELDS, Permission.INSPECT, this::get),
        on(RequestCode.DELETE_KV_CONFIG, KvKeyHeader.FIELDS, Permission.MANAGE, this::delete),
        on(
            RequestCode.GET_KVLIST_BY_NAMESPACE,
            KvNamespaceHeader.FIELDS,
            Permission.INSPECT,
            this::list));
  }

  private void put(Call call, PutKvConfigHeader header) {
    loop.submit(call, header.value().length(), (owned, now) -> {
      String refusal = owned.config().refusal(header.namespace(), header.key(), header.value());
      if (refusal != null) {
        return Reply.refused(ResponseCode.SYSTEM_ERROR, refusal);
      }
      return changed(
          owned,
          header.namespace(),
          () -> owned.config().put(header.namespace(), header.key(), header.value()));
    });
  }

  private void delete(Call call, KvKeyHeader header) {
    loop.submit(
        call,
        0,
        (owned, now) -> changed(
            owned,
            header.namespace(),
            () -> owned.config().delete(header.namespace(), header.key())));
  }

  private static Reply changed(RouteLoop owned, String namespace, Runnable change) {
    try {
      change.run();
    } catch (KvFileException e) {
      LOG.error("The KV configuration could not be kept; it stays as it was", e);
      return Reply.refused(
          ResponseCode.SYSTEM_ERROR,
          "the name server could not write its KV configuration, nothing was changed: "
              + e.getMessage());
    }
    if (namespace.equals(KvNamespaces.ORDER_TOPICS)) {
      owned.tellOrderTopics();
    }
    return Reply.ok();
  }

  private void get(Call call, KvKeyHeader header) {
    loop.submit(call, 0, (owned, now) -> {
      String value = owned.config().table().find(header.namespace(), header.key());
      return value == null
          ? Reply.refused(
              ResponseCode.QUERY_NOT_FOUND,
              "the namespace '" + NameRules.shown(header.namespace()) + "' has no key '"
                  + NameRules.shown(header.key()) + "'")
          : Reply.ok(new KvValueResponseHeader(value));
    });
  }

  private void list(Call call, KvNamespaceHeader header) {
    loop.submit(call, 0, (owned, now) -> {
      Map<String, String> values = owned.config().table().namespace(header.namespace());
      return values.isEmpty()
          ? Reply.refused(
              ResponseCode.QUERY_NOT_FOUND,
              "there is no namespace '" + NameRules.shown(header.namespace()) + "'")
          : Reply.ok(new KvTable(values).toBytes());
    });
  }
}
