package io.escrowmq.namesrv;

import static io.escrowmq.remoting.RequestTable.on;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.ConfigText;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The name server's own options over the wire: {@link Switches}, and nothing else. */
final class ConfigRequests {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigRequests.class);

  private final RouteLoop loop;
  private final NamesrvSettings settings;

  ConfigRequests(RouteLoop loop, NamesrvSettings settings) {
    this.loop = loop;
    this.settings = settings;
  }

  RequestTable table() {
    return RequestTable.of(
        on(
            RequestCode.GET_NAMESRV_CONFIG,
            HeaderReader.RAW,
            Permission.INSPECT,
            (call, none) -> call.reply(Reply.ok(text()))),
        on(RequestCode.UPDATE_NAMESRV_CONFIG, HeaderReader.RAW, Permission.MANAGE, this::update));
  }

  private byte[] text() {
    Map<String, String> options = new TreeMap<>(loop.switches().toMap());
    options.put("bindAddress", settings.listen().getHostString());
    options.put("longestLeaseMillis", String.valueOf(settings.longestLease().toMillis()));
    options.put("mostBrokers", String.valueOf(settings.routeLimits().brokers()));
    options.put("mostTopics", String.valueOf(settings.routeLimits().topics()));
    options.put("mostTopicsOfBroker", String.valueOf(settings.routeLimits().topicsOfBroker()));
    return ConfigText.write(options);
  }

  /** All or nothing. */
  private void update(Call call, Fields none) {
    byte[] body = call.bodyBytes();
    loop.submit(call, body.length, (owned, now) -> update(owned, ConfigText.read(body)));
  }

  private static Reply update(RouteLoop owned, Map<String, String> asked) {
    Switches switches = owned.switches();
    for (Map.Entry<String, String> option : asked.entrySet()) {
      String name = option.getKey();
      if (Switches.isForbidden(name)) {
        return Reply.refused(
            ResponseCode.NO_PERMISSION, "'" + name + "' cannot be changed from outside");
      }
      String value = option.getValue();
      String refusal = switches.refusal(name, value);
      if (refusal != null) {
        return Reply.refused(ResponseCode.SYSTEM_ERROR, refusal);
      }
      switches = switches.with(name, Boolean.parseBoolean(value));
    }
    LOG.info("The options become {}", switches);
    owned.become(switches);
    return Reply.ok();
  }
}
