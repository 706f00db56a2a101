package io.escrowmq.remoting.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction, open or decided (SHOW_TRANSACTION, LIST_TRANSACTIONS).
 *
 * @param id the position of its first half-message, its name for ever
 * @param messageId that id with the broker's address, as senders were told
 * @param transaction what its producer calls it, if anything
 * @param recordedMillis when its first half-message was recorded, by the broker's clock
 * @param checks how often producers were asked
 * @param nextCheckMillis when they are asked again; without meaning unless in doubt
 * @param client "host:port" of the sender of the first half-message
 * @param decision null while it is open
 */
public record TransactionEntry(
    long id,
    String messageId,
    @Nullable String transaction,
    String group,
    State state,
    long recordedMillis,
    int checks,
    long nextCheckMillis,
    String client,
    List<Half> halves,
    @Nullable Verdict decision)
    implements JsonBody {

  /** Where a transaction stands. */
  public enum State {
    IN_DOUBT,
    /** In doubt, and its transaction manager's alone: nobody is asked. */
    PREPARED,
    SUSPENDED,
    COMMITTED,
    ROLLED_BACK
  }

  /**
   * One of its half-messages.
   *
   * @param uniqueKey what the sending client calls it
   * @param keys index keys, separated by blanks
   * @param bytes what its record takes in the log
   */
  public record Half(
      String messageId,
      String topic,
      int queueId,
      @Nullable String uniqueKey,
      @Nullable String keys,
      @Nullable String tags,
      long bytes) {

    static Half read(JsonObject json) {
      return new Half(
          json.requiredText("messageId"),
          json.requiredText("topic"),
          json.intOr("queueId", 0),
          json.text("uniqueKey"),
          json.text("keys"),
          json.text("tags"),
          json.longOr("bytes", 0));
    }

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("messageId", messageId)
          .member("topic", topic)
          .member("queueId", queueId)
          .member("uniqueKey", uniqueKey)
          .member("keys", keys)
          .member("tags", tags)
          .member("bytes", bytes)
          .endObject();
    }
  }

  /**
   * How it was decided.
   *
   * @param verdict "COMMIT" or "ROLLBACK"
   * @param by "PRODUCER", "CHECK", "OPERATOR" or "EXHAUSTION"
   * @param millis when, by the broker's clock
   * @param who the operator, if it was one
   * @param reason the operator's
   */
  public record Verdict(
      String verdict,
      String by,
      long millis,
      @Nullable String who,
      @Nullable String reason) {

    static Verdict read(JsonObject json) {
      return new Verdict(
          json.requiredText("verdict"),
          json.requiredText("by"),
          json.longOr("millis", 0),
          json.text("who"),
          json.text("reason"));
    }

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("verdict", verdict)
          .member("by", by)
          .member("millis", millis)
          .member("who", who)
          .member("reason", reason)
          .endObject();
    }
  }

  public static TransactionEntry read(byte[] body) {
    return read(JsonObject.read(body));
  }

  static TransactionEntry read(JsonObject json) {
    return new TransactionEntry(
        json.longOr("id", -1),
        json.requiredText("messageId"),
        json.text("transaction"),
        json.requiredText("group"),
        state(json.requiredText("state")),
        json.longOr("recordedMillis", 0),
        json.intOr("checks", 0),
        json.longOr("nextCheckMillis", 0),
        json.textOr("client", ""),
        json.objects("halves", Half::read),
        json.names().contains("decision") ? Verdict.read(json.object("decision")) : null);
  }

  private static State state(String name) {
    for (State state : State.values()) {
      if (state.name().equals(name)) {
        return state;
      }
    }
    throw new BadBodyException("the body's 'state' is '" + name + "', which is none");
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("id", id)
        .member("messageId", messageId)
        .member("transaction", transaction)
        .member("group", group)
        .member("state", state.name())
        .member("recordedMillis", recordedMillis)
        .member("checks", checks)
        .member("nextCheckMillis", nextCheckMillis)
        .member("client", client)
        .objects("halves", halves, Half::writeTo);
    if (decision != null) {
      json.name("decision");
      decision.writeTo(json);
    }
    json.endObject();
  }
}
