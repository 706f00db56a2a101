package io.escrowmq.broker.send;

import io.escrowmq.broker.delay.DueTime;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.MessageForge;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.message.BatchItem;
import io.escrowmq.remoting.message.MessageTemplate;
import io.escrowmq.remoting.message.PassingProperties;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyCursor;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a batch with the properties that pass taken off, each judged by its own, and what
 * they must agree on. One owner.
 *
 * <p>Those of most clients need nothing of that; they are looked at once, as bytes.
 */
final class SentBatch {

  private static final byte[] UNIQUE_KEY = PropertyCursor.name(PropertyNames.UNIQUE_KEY);

  private static final String[] OF_TRANSACTION = {
    PropertyNames.PRODUCER_GROUP,
    PropertyNames.ESCROW_TRANSACTION,
    PropertyNames.ESCROW_PREPARED,
    PropertyNames.CHECK_IMMUNITY_SECONDS
  };

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

  /** What a message tells the broker to do with it; mostly "". */
  String control(int message) {
    return control[message];
  }

  /** A message's properties as they were sent. */
  String sentProperties(int message) {
    return sent.get(message).propertyString();
  }

  // What their properties ask for

  /**
   * The messages are stored together, so what their properties ask for must agree.
   *
   * @param isPrepared whether the request says that all of them are half-messages
   * @param group the sender's
   * @throws RefusedException when they ask for different things, or for what a batch cannot have
   */
  void checkTerms(boolean isPrepared, String group, long nowMillis) {
    String first = control[0];
    boolean isHalf = isPrepared || isHalf(first);
    @Nullable String[] terms = isHalf ? terms(first, group) : new String[0];
    if (isHalf && !group.equals(terms[0])) { // its caller was asked about the request's group only
      throw new RefusedException(new Refusal.BatchOfOtherGroup(String.valueOf(terms[0]), group));
    }
    for (int i = 0; i < control.length; i++) {
      String own = control[i];
      if (!own.isEmpty()) {
        refuseDelay(own, i, nowMillis);
      }
      if (!isPrepared && isHalf(own) != isHalf) {
        throw new RefusedException(new Refusal.MixedBatch(i, isHalf));
      }
      if (isHalf && !own.equals(first)) {
        refuseOther(terms, terms(own, group), i);
      }
    }
  }

  private static boolean isHalf(String control) {
    return Properties.has(control, PropertyNames.HALF, "true");
  }

  private static void refuseDelay(String control, int message, long nowMillis) {
    DueTime.DelayRequest asked = DueTime.of(control, nowMillis);
    if (asked.refusal() != null || asked.dueMillis() > 0) {
      throw new RefusedException(new Refusal.DelayInBatch(message));
    }
  }

  private static @Nullable String[] terms(String control, String group) {
    @Nullable String[] terms = Properties.values(control, OF_TRANSACTION);
    terms[0] = terms[0] == null ? group : terms[0];
    return terms;
  }

  private static void refuseOther(@Nullable String[] first, @Nullable String[] other, int message) {
    for (int i = 0; i < first.length; i++) {
      if (!Objects.equals(first[i], other[i])) {
        throw new RefusedException(
            new Refusal.BatchOfTransactions(message, OF_TRANSACTION[i], other[i], first[i]));
      }
    }
  }

  /**
   * Their final bytes, in a row.
   *
   * @param shared what does not differ among them
   * @throws RefusedException when they take more bytes than this, or one leaves no room in its properties
   */
  EncodedMessages encode(MessageForge forge, MessageTemplate shared, long mostBytes) {
    return forge.encode(shared, items, lacksOursOnly, mostBytes);
  }
}
