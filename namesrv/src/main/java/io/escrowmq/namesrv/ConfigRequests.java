package io.escrowmq.namesrv;

import static io.escrowmq.remoting.RequestTable.on;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
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
    StringBuilder lines = new StringBuilder();
    options.forEach(
        (name, value) -> lines.append(name).append('=').append(value).append('\n'));
    return lines.toString().getBytes(UTF_8);
  }

  /** All or nothing. */
  private void update(Call call, Fields none) {
    Properties asked = new Properties();
    try {
      asked.load(new StringReader(new String(call.bodyBytes(), UTF_8)));
    } catch (IOException | IllegalArgumentException e) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_ERROR, "the options are not lines of the form name=value"));
      return;
    }
    loop.submit(call, 0, (owned, now) -> update(owned, asked));
  }

  private static Reply update(RouteLoop owned, Properties asked) {
    Switches switches = owned.switches();
    for (String name : asked.stringPropertyNames()) {
      if (Switches.isForbidden(name)) {
        return Reply.refused(
            ResponseCode.NO_PERMISSION, "'" + name + "' cannot be changed from outside");
      }
      String value = asked.getProperty(name);
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
