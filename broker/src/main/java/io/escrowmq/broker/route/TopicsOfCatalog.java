package io.escrowmq.broker.route;

import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicTables;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.body.Registration;
import io.escrowmq.remoting.body.TopicConfig;
import io.escrowmq.remoting.body.TopicTable;
import java.util.LinkedHashMap;
import java.util.Map;

/** The catalog's topics as a registration wants them. */
public final class TopicsOfCatalog implements TopicsToRegister {

  private static final int HEADER_BYTES = 4 << 10;

  private final TopicCatalog topics;
  private final int mostBytes;

  public TopicsOfCatalog(TopicCatalog topics) {
    this(topics, RemotingSettings.DEFAULT_MAX_FRAME_BYTES - HEADER_BYTES);
  }

  /** With bodies of at most so many bytes. */
  TopicsOfCatalog(TopicCatalog topics, int mostBytes) {
    this.topics = topics;
    this.mostBytes = mostBytes;
  }

  @Override
  public TopicVersion version() {
    return topics.version();
  }

  @Override
  public Told registration(TopicVersion version) {
    TopicTable table = TopicTables.of(version, topics);
    int all = table.topics().size();
    byte[] body = new Registration(table).toCompressedBytes();
    while (body.length > mostBytes && !table.topics().isEmpty()) {
      long fitting = (long) table.topics().size() * mostBytes / body.length * 9 / 10;
      table = new TopicTable(table.version(), first(fitting, table.topics()));
      body = new Registration(table).toCompressedBytes();
    }
    return new Told(body, all - table.topics().size());
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
    return TopicTables.of(version).toBytes();
  }
}
