package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicTables;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.body.Registration;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicTable;
import io.escrowmq.remoting.body.TopicUpdates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The catalog's topics as a registration wants them. */
public final class TopicsOfCatalog implements TopicsToRegister {

  private static final int HEADER_BYTES = 4 << 10;
  private static final int MOST_CHANGES = 500; // beyond it, telling all costs no more

  private final TopicCatalog topics;
  private final int epoch;
  private final int mostBytes;

  /** @param epoch in which the broker leads; 0 when it is not one of several */
  public TopicsOfCatalog(TopicCatalog topics, int epoch) {
    this(topics, epoch, RemotingSettings.DEFAULT_MAX_FRAME_BYTES - HEADER_BYTES);
  }

  /** With bodies of at most so many bytes. */
  TopicsOfCatalog(TopicCatalog topics, int epoch, int mostBytes) {
    this.topics = topics;
    this.epoch = epoch;
    this.mostBytes = mostBytes;
  }

  @Override
  public TopicVersion version() {
    return topics.version();
  }

  @Override
  public @Nullable TopicUpdates changes(TopicVersion after, TopicVersion upTo) {
    Set<String> names = topics.changed(after, upTo);
    if (names == null || names.size() > MOST_CHANGES) {
      return null;
    }
    Map<String, TopicConfig> changed = new LinkedHashMap<>();
    List<String> gone = new ArrayList<>();
    for (String name : names) {
      Topic topic = topics.find(name);
      if (topic == null) {
        gone.add(name);
      } else {
        changed.put(name, TopicTables.of(topic));
      }
    }
    TopicUpdates changes =
        new TopicUpdates(TopicTables.of(after, epoch), TopicTables.of(upTo, epoch), changed, gone);
    return changes.toBytes().length > mostBytes ? null : changes;
  }

  @Override
  public RegistrationBody registration(TopicVersion version) {
    TopicTable table = TopicTables.of(version, epoch, topics);
    int all = table.topics().size();
    byte[] body = new Registration(table).toCompressedBytes();
    while (body.length > mostBytes && !table.topics().isEmpty()) {
      long fitting = (long) table.topics().size() * mostBytes / body.length * 9 / 10;
      table = new TopicTable(table.version(), first(fitting, table.topics()));
      body = new Registration(table).toCompressedBytes();
    }
    return new RegistrationBody(body, all - table.topics().size());
  }

  private static Map<String, TopicConfig> first(long most, Map<String, TopicConfig> topics) {
    Map<String, TopicConfig> first = new LinkedHashMap<>();
    topics.entrySet().stream()
        .limit(most)
        .forEach(entry -> first.put(entry.getKey(), entry.getValue()));
    return first;
  }

  @Override
  public byte[] versionBody(TopicVersion version) {
    return TopicTables.of(version, epoch).toBytes();
  }
}
