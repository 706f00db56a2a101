package io.escrowmq.broker.admin;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.ConfigText;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.BrokerConfigResponseHeader;
import io.escrowmq.store.RetentionSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operators look at the configuration and change what may change while the broker runs. A change
 * lasts until the broker stops: the settings that it starts with lie elsewhere. Any event loop.
 *
 * <p>Keys by which RocketMQ's brokers are tuned, and that do nothing here, are accepted and the answer says
 * so. Besides, only the keys of a short list can be changed, each through a number of its own range; no text
 * that comes here reaches a path, a class or a command.
 */
final class ConfigHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigHandler.class);

  private static final int MOST_BYTES = 64 * 1024;
  private static final long MOST_HOURS = 876_000; // a hundred years
  private static final String HOURS = "store.retention-hours";
  private static final String HOURS_OF_THE_PROTOCOL = "fileReservedTime";
  private static final String BYTES = "store.retention-bytes";

  private final LiveSettings live;
  private final TuningKeys tuning = TuningKeys.load();

  ConfigHandler(LiveSettings live) {
    this.live = live;
  }

  /** GET_BROKER_CONFIG. */
  synchronized void show(Call call, Fields none) {
    Map<String, String> all = new TreeMap<>(live.fixed());
    RetentionSettings now = live.retention().now();
    String hours = Long.toString(now.keep().toHours());
    all.put(HOURS, hours);
    all.put(HOURS_OF_THE_PROTOCOL, hours);
    all.put(BYTES, Long.toString(now.keepBytes() == Long.MAX_VALUE ? 0 : now.keepBytes()));
    String versionText = new String(live.version().toBytes(), StandardCharsets.UTF_8);
    call.reply(
        Reply.ok(new BrokerConfigResponseHeader(versionText), Body.of(ConfigText.write(all))));
  }

  /** UPDATE_BROKER_CONFIG: all keys that were sent, or none. */
  synchronized void update(Call call, Fields none) {
    if (call.body().remaining() > MOST_BYTES) {
      refuse(
          call,
          new Refusal.BadValue("the configuration has " + call.body().remaining()
              + " bytes, at most " + MOST_BYTES + " are read"));
      return;
    }
    Map<String, String> wanted = ConfigText.read(call.bodyBytes());
    RetentionSettings settings = live.retention().now();
    List<String> idle = new ArrayList<>();
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      String key = entry.getKey();
      try {
        switch (key) {
          case HOURS, HOURS_OF_THE_PROTOCOL ->
            settings = new RetentionSettings(
                Duration.ofHours(number(entry, 1, MOST_HOURS)), settings.keepBytes());
          case BYTES -> {
            long bytes = number(entry, 0, Long.MAX_VALUE);
            settings = new RetentionSettings(settings.keep(), bytes == 0 ? Long.MAX_VALUE : bytes);
          }
          default -> {
            if (entry.getValue().equals(live.fixed().get(key))) {
              continue; // it is so
            }
            if (!tuning.contains(key)) {
              refuseKey(call, key);
              return;
            }
            idle.add(key);
          }
        }
      } catch (IllegalArgumentException e) {
        refuse(call, new Refusal.BadValue(String.valueOf(e.getMessage())));
        return;
      }
    }
    if (live.change(settings)) {
      LOG.info(
          "{}, until the broker stops, as {} wants it",
          settings,
          call.connection().remoteAddress());
    }
    call.reply(idle.isEmpty() ? Reply.ok() : withoutEffect(call, idle));
  }

  private static Reply withoutEffect(Call call, List<String> keys) {
    String remark =
        "accepted, and without effect: this broker has nothing like " + String.join(", ", keys);
    LOG.warn("{} (asked by {})", remark, call.connection().remoteAddress());
    return new Reply(ResponseCode.SUCCESS, remark, WireHeader.NONE, Body.EMPTY);
  }

  private void refuseKey(Call call, String key) {
    if (live.fixed().containsKey(key)) {
      refuse(call, new Refusal.FixedSetting(key));
    } else {
      refuse(
          call,
          new Refusal.BadValue("the key '" + shown(key) + "' is not known; " + HOURS + " ("
              + HOURS_OF_THE_PROTOCOL + ") and " + BYTES + " can be changed"));
    }
  }

  private static void refuse(Call call, Refusal why) {
    call.reply(RefusalPage.reply(why));
  }

  private static long number(Map.Entry<String, String> entry, long least, long most) {
    try {
      long value = Long.parseLong(entry.getValue().trim());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, with the same words
    }
    throw new IllegalArgumentException("the value '" + shown(entry.getValue()) + "' of "
        + entry.getKey() + " is not a whole number from " + least + " to " + most);
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > 64 ? line.substring(0, 64) + "…" : line;
  }
}
