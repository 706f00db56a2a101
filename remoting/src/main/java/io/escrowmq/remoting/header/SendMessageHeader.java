package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;

/**
 * What every kind of send carries. SEND_MESSAGE and SEND_REPLY_MESSAGE write the names out ({@link
 * #FIELDS_V1}); SEND_MESSAGE_V2, SEND_BATCH_MESSAGE and SEND_REPLY_MESSAGE_V2 shorten them to one
 * letter ({@link #FIELDS_V2}), and so does {@link #writeTo}.
 *
 * @param defaultTopic the template for a topic that is to be created
 * @param queueId below 0 the broker picks one
 * @param bornTimestamp the sender's clock, in milliseconds
 * @param properties the property string, "" when there is none
 * @param reconsumeTimes how often it was consumed in vain; above 0 only on resends to retry topics
 * @param maxReconsumeTimes -1 when absent: the group's own limit counts
 */
public record SendMessageHeader(
    String producerGroup,
    String topic,
    String defaultTopic,
    int defaultTopicQueues,
    int queueId,
    int sysFlag,
    long bornTimestamp,
    int flag,
    String properties,
    int reconsumeTimes,
    boolean unitMode,
    int maxReconsumeTimes,
    boolean batch)
    implements WireHeader, OfTopic, OfGroup, OfNames {

  public static final HeaderReader<SendMessageHeader> FIELDS_V1 = fields -> {
    String properties = fields.text("properties");
    return new SendMessageHeader(
        fields.requiredText("producerGroup"),
        fields.requiredText("topic"),
        fields.requiredText("defaultTopic"),
        fields.requiredInt("defaultTopicQueueNums"),
        fields.requiredInt("queueId"),
        fields.requiredInt("sysFlag"),
        fields.requiredLong("bornTimestamp"),
        fields.requiredInt("flag"),
        properties == null ? "" : properties,
        fields.intOr("reconsumeTimes", 0),
        fields.booleanOr("unitMode", false),
        fields.intOr("maxReconsumeTimes", -1),
        fields.booleanOr("batch", false));
  };

  public static final HeaderReader<SendMessageHeader> FIELDS_V2 = fields -> {
    String properties = fields.text("i");
    return new SendMessageHeader(
        fields.requiredText("a"),
        fields.requiredText("b"),
        fields.requiredText("c"),
        fields.requiredInt("d"),
        fields.requiredInt("e"),
        fields.requiredInt("f"),
        fields.requiredLong("g"),
        fields.requiredInt("h"),
        properties == null ? "" : properties,
        fields.intOr("j", 0),
        fields.booleanOr("k", false),
        fields.intOr("l", -1),
        fields.booleanOr("m", false));
  };

  /** The same with other properties. */
  public SendMessageHeader withProperties(String others) {
    return new SendMessageHeader(
        producerGroup,
        topic,
        defaultTopic,
        defaultTopicQueues,
        queueId,
        sysFlag,
        bornTimestamp,
        flag,
        others,
        reconsumeTimes,
        unitMode,
        maxReconsumeTimes,
        batch);
  }

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("a", producerGroup)
        .put("b", topic)
        .put("c", defaultTopic)
        .put("d", defaultTopicQueues)
        .put("e", queueId)
        .put("f", sysFlag)
        .put("g", bornTimestamp)
        .put("h", flag)
        .put("i", properties)
        .put("j", reconsumeTimes)
        .put("k", unitMode);
    if (maxReconsumeTimes >= 0) {
      fields.put("l", maxReconsumeTimes);
    }
    fields.put("m", batch);
  }

  @Override
  public String groupName() {
    return producerGroup;
  }

  /** The group whose producers decide about a half-message stands in its properties. */
  @Override
  public void nameTo(Names names) {
    String decides = Properties.value(properties, PropertyNames.PRODUCER_GROUP);
    if (decides != null) {
      names.group(decides);
    }
  }
}
