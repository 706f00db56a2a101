package io.escrowmq.broker;

import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.FlushMode;
import io.escrowmq.tx.Bounds;
import io.escrowmq.tx.CheckSchedule;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings as operators see them: under our own keys, and under those that tools of the protocol
 * look for. What may change while the broker runs is not among them. Pure.
 */
final class ShownSettings {

  private ShownSettings() {}

  /**
   * Names and values.
   *
   * @param bound where the broker listens
   * @param advertised what clients are told
   */
  static Map<String, String> of(
      BrokerSettings settings, InetSocketAddress bound, InetSocketAddress advertised) {
    Map<String, String> shown = new TreeMap<>();
    putOwn(shown, settings, bound, advertised);
    putProtocols(shown, settings, bound, advertised);
    return shown;
  }

  private static void putOwn(
      Map<String, String> shown,
      BrokerSettings settings,
      InetSocketAddress bound,
      InetSocketAddress advertised) {
    shown.put("broker.name", settings.name());
    shown.put("broker.cluster", settings.cluster());
    shown.put("broker.listen", AdvertisedAddress.text(bound));
    shown.put("broker.advertise", AdvertisedAddress.text(advertised));
    shown.put("namesrv.addresses", String.join(",", settings.namesrvAddresses()));
    shown.put("store.dir", settings.storeDirectory().toString());
    shown.put("store.flush", settings.flush() == FlushMode.SYNC ? "sync" : "async");
    shown.put("store.segment-bytes", Integer.toString(settings.segmentBytes()));
    shown.put("topic.auto-create", Boolean.toString(settings.autoCreateTopics()));
    shown.put("topic.default-queues", Integer.toString(settings.defaultQueues()));
    shown.put("topic.auto-create-max", Integer.toString(settings.topicLimits().byUse()));
    shown.put("topic.max", Integer.toString(settings.topicLimits().most()));
    shown.put("broker.vip-channel", Boolean.toString(settings.network().vipChannel()));
    shown.put(
        "security.anonymous-permissions",
        settings.network().anonymous().stream()
            .sorted()
            .map(Permission::word)
            .collect(Collectors.joining(",")));
    shown.put("group.auto-create", Boolean.toString(settings.autoCreateGroups()));
    shown.put("message.max-bytes", Integer.toString(settings.maxMessageBytes()));
    shown.put("pull.max-messages", Integer.toString(settings.pullMessages()));
    CheckSchedule checks = settings.transactions().schedule();
    shown.put("tx.first-check", checks.firstMillis() + "ms");
    shown.put("tx.check-every", checks.everyMillis() + "ms");
    shown.put("tx.check-max-pause", checks.maxPauseMillis() + "ms");
    shown.put("tx.max-checks", Integer.toString(checks.maxChecks()));
    String exhausted = settings.transactions().exhausted().name();
    shown.put("tx.exhausted", exhausted.toLowerCase(Locale.ROOT).replace('_', '-'));
    Bounds bounds = settings.transactions().bounds();
    shown.put("tx.max-open", Long.toString(bounds.halves()));
    shown.put("tx.max-open-bytes", Long.toString(bounds.bytes()));
    shown.put("tx.group-max-open", Long.toString(bounds.halvesOfGroup()));
    shown.put("tx.group-max-open-bytes", Long.toString(bounds.bytesOfGroup()));
  }

  private static void putProtocols(
      Map<String, String> shown,
      BrokerSettings settings,
      InetSocketAddress bound,
      InetSocketAddress advertised) {
    String host = advertised.getAddress().getHostAddress();
    shown.put("brokerName", settings.name());
    shown.put("brokerClusterName", settings.cluster());
    shown.put("brokerId", "0");
    shown.put("brokerIP1", host);
    shown.put("brokerIP2", host);
    shown.put("listenPort", Integer.toString(bound.getPort()));
    shown.put("namesrvAddr", String.join(";", settings.namesrvAddresses()));
    shown.put("brokerPermission", "6");
    shown.put("brokerRole", "ASYNC_MASTER");
    shown.put("flushDiskType", settings.flush() == FlushMode.SYNC ? "SYNC_FLUSH" : "ASYNC_FLUSH");
    shown.put("autoCreateTopicEnable", Boolean.toString(settings.autoCreateTopics()));
    shown.put("autoCreateSubscriptionGroup", Boolean.toString(settings.autoCreateGroups()));
    shown.put("defaultTopicQueueNums", Integer.toString(settings.defaultQueues()));
    shown.put("maxMessageSize", Integer.toString(settings.maxMessageBytes()));
    shown.put("maxTransferCountOnMessageInMemory", Integer.toString(settings.pullMessages()));
    shown.put("mappedFileSizeCommitLog", Integer.toString(settings.segmentBytes()));
    shown.put("storePathRootDir", settings.storeDirectory().toString());
    shown.put("storePathCommitLog", settings.storeDirectory().resolve("log").toString());
    CheckSchedule checks = settings.transactions().schedule();
    shown.put("transactionTimeOut", Long.toString(checks.firstMillis()));
    shown.put("transactionCheckInterval", Long.toString(checks.everyMillis()));
    shown.put("transactionCheckMax", Integer.toString(checks.maxChecks()));
    shown.put("messageDelayLevel", "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h");
    shown.put("enablePropertyFilter", "true");
    shown.put("traceTopicEnable", "false");
    shown.put("msgTraceTopicName", TopicNames.TRACE);
  }
}
