package io.escrowmq.server.settings;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Guesses which setting was meant by a key that is none. Pure. */
final class NearestKey {

  /** What RocketMQ's own files call the same thing; too far from our names for the nearest one. */
  private static final Map<String, Setting<?>> ROCKETMQ_NAMES = Map.ofEntries(
      Map.entry("namesrvAddr", Keys.NAMESRV_ADDRESSES),
      Map.entry("listenPort", Keys.BROKER_LISTEN),
      Map.entry("bindAddress", Keys.BROKER_LISTEN),
      Map.entry("brokerIP1", Keys.BROKER_ADVERTISE),
      Map.entry("brokerName", Keys.BROKER_NAME),
      Map.entry("brokerClusterName", Keys.BROKER_CLUSTER),
      Map.entry("storePathRootDir", Keys.STORE_DIR),
      Map.entry("storePathCommitLog", Keys.STORE_DIR),
      Map.entry("flushDiskType", Keys.STORE_FLUSH),
      Map.entry("mappedFileSizeCommitLog", Keys.STORE_SEGMENT_BYTES),
      Map.entry("fileReservedTime", Keys.STORE_RETENTION_HOURS),
      Map.entry("autoCreateSubscriptionGroup", Keys.GROUP_AUTO_CREATE),
      Map.entry("autoCreateTopicEnable", Keys.TOPIC_AUTO_CREATE),
      Map.entry("defaultTopicQueueNums", Keys.TOPIC_DEFAULT_QUEUES),
      Map.entry("maxMessageSize", Keys.MESSAGE_MAX_BYTES),
      Map.entry("maxTransferCountOnMessageInMemory", Keys.PULL_MAX_MESSAGES),
      Map.entry("transactionTimeOut", Keys.TX_FIRST_CHECK),
      Map.entry("transactionCheckInterval", Keys.TX_CHECK_EVERY),
      Map.entry("transactionCheckMax", Keys.TX_MAX_CHECKS));

  private NearestKey() {}

  /** The setting that somebody who wrote this probably meant; null when none is near. */
  static @Nullable Setting<?> to(String unknown) {
    Setting<?> sameThing = ROCKETMQ_NAMES.get(unknown);
    if (sameThing != null) {
      return sameThing;
    }
    String said = plain(unknown);
    if (said.endsWith("port") || said.endsWith("host")) {
      return said.startsWith("namesrv") ? Keys.NAMESRV_LISTEN : Keys.BROKER_LISTEN;
    }
    Setting<?> nearest = null;
    int least = Integer.MAX_VALUE;
    for (Setting<?> setting : Keys.all()) {
      String key = plain(setting.key());
      int distance = EditDistance.between(said, key);
      boolean isNear = distance <= Math.max(2, said.length() / 3) || key.startsWith(said);
      if (isNear && distance < least) {
        least = distance;
        nearest = setting;
      }
    }
    return nearest;
  }

  /** Without what people leave out or spell differently. */
  private static String plain(String key) {
    return key.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
  }
}
