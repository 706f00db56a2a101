package io.escrowmq.remoting.body;

import java.util.List;

/** Which times a group's queues hold, and which it has come to (QUERY_CONSUME_TIME_SPAN). */
public record ConsumeTimeSpans(List<Span> spans) implements JsonBody {

  /** All times are store times in milliseconds. */
  public record Span(
      MessageQueue queue, long minMillis, long maxMillis, long consumedMillis, long delayMillis) {

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("consumeTimeStamp", consumedMillis)
          .member("delayTime", delayMillis)
          .member("maxTimeStamp", maxMillis)
          .name("messageQueue");
      queue.writeTo(json);
      json.member("minTimeStamp", minMillis).endObject();
    }
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().objects("consumeTimeSpanSet", spans, Span::writeTo).endObject();
  }
}
