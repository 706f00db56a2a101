package io.escrowmq.remoting.body;

import java.util.List;

/** A broker's counters and gauges at one moment (GET_METRICS). */
public record MetricsTable(List<Metric> metrics) implements JsonBody {

  /** Whether a number only grows until the broker stops. */
  public enum Kind {
    COUNTER("counter"),
    GAUGE("gauge");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    static Kind ofWireName(String name) {
      for (Kind kind : values()) {
        if (kind.wireName.equals(name)) {
          return kind;
        }
      }
      throw new BadBodyException("the body's 'kind' is '" + name + "', not counter or gauge");
    }
  }

  /**
   * One number.
   *
   * @param help what it counts, in words, with its unit
   */
  public record Metric(String name, String help, Kind kind, long value) {

    static Metric read(JsonObject json) {
      return new Metric(
          json.requiredText("name"),
          json.textOr("help", ""),
          Kind.ofWireName(json.requiredText("kind")),
          json.longOr("value", 0));
    }

    void writeTo(JsonWriter json) {
      json.beginObject()
          .member("name", name)
          .member("help", help)
          .member("kind", kind.wireName)
          .member("value", value)
          .endObject();
    }
  }

  public static MetricsTable read(byte[] body) {
    return new MetricsTable(JsonObject.read(body).objects("metrics", Metric::read));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().objects("metrics", metrics, Metric::writeTo).endObject();
  }
}
