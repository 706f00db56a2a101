package io.escrowmq.remoting.body;

import java.util.List;

/**
 * What a consumer group wants of a topic.
 *
 * @param expression "*", tags separated by "||", or an SQL92 condition
 * @param expressionType "TAG" or "SQL92"
 * @param tags empty for "*"
 * @param tagCodes the tags' hash codes
 * @param version milliseconds; the larger, the newer
 */
public record SubscriptionEntry(
    String topic,
    String expression,
    String expressionType,
    List<String> tags,
    List<Integer> tagCodes,
    long version,
    boolean classFilterMode)
    implements JsonBody {

  public static SubscriptionEntry read(JsonObject json) {
    return new SubscriptionEntry(
        json.requiredText("topic"),
        json.textOr("subString", "*"),
        json.textOr("expressionType", "TAG"),
        json.texts("tagsSet"),
        json.ints("codeSet"),
        json.longOr("subVersion", 0),
        json.booleanOr("classFilterMode", false));
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("classFilterMode", classFilterMode)
        .name("codeSet")
        .beginList();
    tagCodes.forEach(json::value);
    json.endList()
        .member("expressionType", expressionType)
        .member("subString", expression)
        .member("subVersion", version)
        .texts("tagsSet", tags)
        .member("topic", topic)
        .endObject();
  }
}
