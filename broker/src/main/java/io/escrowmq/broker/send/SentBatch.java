package io.escrowmq.broker.send;

import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.PropertyCursor;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.List;

/**
 * The messages of a batch with the properties that pass taken off, each judged by its own. One owner.
 *
 * <p>Those of most clients need nothing of that; they are looked at once, as bytes.
 */
final class SentBatch {

  private static final byte[] UNIQUE_KEY = PropertyCursor.name(PropertyNames.UNIQUE_KEY);

  private final List<BatchItem> sent;
  private final BatchItem[] items;
  private final String[] control;
  private final boolean[] lacksOursOnly;

  SentBatch(List<BatchItem> sent, boolean toRetries) {
    this.sent = sent;
    items = new BatchItem[sent.size()];
    control = new String[items.length];
    lacksOursOnly = new boolean[items.length];
    PropertyCursor cursor = new PropertyCursor();
    for (int i = 0; i < items.length; i++) {
      BatchItem item = sent.get(i);
      lacksOursOnly[i] = lacksOursOnly(item, cursor);
      if (lacksOursOnly[i]) {
        items[i] = item;
        control[i] = "";
      } else {
        String text = item.propertyString();
        PassingProperties.Split split = PassingProperties.split(text, toRetries);
        items[i] = split.visible().equals(text) ? item : item.with(split.visible());
        control[i] = split.control();
      }
    }
  }

  // To complete it nothing but ours is appended.
  private static boolean lacksOursOnly(BatchItem item, PropertyCursor property) {
    int length = item.properties().remaining();
    if (length == 0 || item.properties().get(item.properties().limit() - 1) != '\u0002') {
      return false;
    }
    boolean hasKey = false;
    property.over(item.properties(), item.properties().position(), length);
    while (property.next()) {
      if (PassingProperties.isPassing(property)) {
        return false;
      }
      hasKey |= property.isNamed(UNIQUE_KEY);
    }
    return hasKey;
  }

  int count() {
    return items.length;
  }

  /** A message without what passes. */
  BatchItem item(int message) {
    return items[message];
  }

  boolean lacksOursOnly(int message) {
    return lacksOursOnly[message];
  }

  /** What a message tells the broker to do with it; mostly "". */
  String control(int message) {
    return control[message];
  }

  /** A message's properties as they were sent. */
  String sentProperties(int message) {
    return sent.get(message).propertyString();
  }
}
