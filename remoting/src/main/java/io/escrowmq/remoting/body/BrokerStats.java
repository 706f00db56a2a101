package io.escrowmq.remoting.body;

/** One counter over the last minute, hour and day (VIEW_BROKER_STATS_DATA). */
public record BrokerStats(Span minute, Span hour, Span day) implements JsonBody {

  /**
   * One length of time.
   *
   * @param averagePerCall what was counted, per time that it was counted
   */
  public record Span(long sum, double tps, double averagePerCall) {

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("avgpt", averagePerCall)
          .member("sum", sum)
          .member("tps", tps)
          .endObject();
    }
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().name("statsDay");
    day.writeTo(json);
    json.name("statsHour");
    hour.writeTo(json);
    json.name("statsMinute");
    minute.writeTo(json);
    json.endObject();
  }
}
