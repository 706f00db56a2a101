package io.escrowmq.remoting.frame;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads headers that are legal for lenient readers but not what the usual clients write. */
final class UnusualJsonHeader {

  private UnusualJsonHeader() {}

  static FrameHeader read(byte[] header, FrameLimits limits) {
    try (JsonParser parser = factory(limits).createParser(header)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadFrameException("the header is not a JSON object");
      }
      return read(parser, limits);
    } catch (IOException e) {
      throw new BadFrameException("the header is not readable as JSON");
    }
  }

  private static FrameHeader read(JsonParser parser, FrameLimits limits) throws IOException {
    int code = 0;
    int version = 0;
    int opaque = 0;
    int flag = 0;
    String language = Languages.JAVA;
    String remark = null;
    Map<String, String> fields = Map.of();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "code" -> code = number(parser);
        case "version" -> version = number(parser);
        case "opaque" -> opaque = number(parser);
        case "flag" -> flag = number(parser);
        case "language" -> language = textOr(parser, Languages.JAVA);
        case "remark" -> remark = parser.getValueAsString();
        case "extFields" -> fields = fields(parser, value, limits.maxFields());
        default -> parser.skipChildren();
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
      throw new BadFrameException("the header is not one whole JSON object");
    }
    return new FrameHeader(code, language, version, opaque, flag, remark, HeaderFields.of(fields));
  }

  private static Map<String, String> fields(
      JsonParser parser, @Nullable JsonToken first, int maxFields) throws IOException {
    Map<String, String> fields = new HashMap<>();
    if (first != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return fields;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value != null && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        fields.put(name, parser.getText());
      } else {
        parser.skipChildren();
      }
      if (fields.size() > maxFields) {
        throw new BadFrameException("more than " + maxFields + " header fields");
      }
    }
    return fields;
  }

  /** A number; numbers in quotes are read too. */
  private static int number(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return parser.getIntValue();
    }
    try {
      return Integer.parseInt(textOr(parser, ""));
    } catch (NumberFormatException e) {
      throw new BadFrameException("the header's " + parser.currentName() + " is not a number");
    }
  }

  private static String textOr(JsonParser parser, String absent) throws IOException {
    String text = parser.getValueAsString();
    return text == null ? absent : text;
  }

  private static JsonFactory factory(FrameLimits limits) {
    return JsonFactory.builder()
        .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
        .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
        .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
        .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
        .streamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(limits.maxDepth()).build())
        .build();
  }
}
