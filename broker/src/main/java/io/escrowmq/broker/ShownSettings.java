package io.escrowmq.broker;

import io.escrowmq.remoting.message.TopicNames;
import io.escrowmq.store.FlushMode;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;

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
    shown.put("group.auto-create", Boolean.toString(settings.autoCreateGroups()));
    shown.put("message.max-bytes", Integer.toString(settings.maxMessageBytes()));
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
    shown.put("mappedFileSizeCommitLog", Integer.toString(settings.segmentBytes()));
    shown.put("storePathRootDir", settings.storeDirectory().toString());
    shown.put("storePathCommitLog", settings.storeDirectory().resolve("log").toString());
    shown.put("messageDelayLevel", "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h");
    shown.put("enablePropertyFilter", "false");
    shown.put("traceTopicEnable", "false");
    shown.put("msgTraceTopicName", TopicNames.TRACE);
  }
}
