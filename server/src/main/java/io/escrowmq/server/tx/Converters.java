package io.escrowmq.server.tx;

import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.server.settings.Endpoint;
import io.escrowmq.server.settings.ValueType;
import io.escrowmq.server.settings.ValueTypes;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Words of the command line as values. Where settings have the same kind, it is read as there. */
final class Converters {

  private static final ValueType<Duration> TIME =
      ValueTypes.time(Duration.ZERO, Duration.ofDays(36_500));

  private Converters() {}

  static final class OfTime implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
      return read(TIME, text);
    }
  }

  static final class OfEndpoint implements ITypeConverter<Endpoint> {

    @Override
    public Endpoint convert(String text) {
      return read(ValueTypes.endpoint(), text);
    }
  }

  static final class OfMessageId implements ITypeConverter<MessageId> {

    @Override
    public MessageId convert(String text) {
      MessageId id = MessageId.parse(text.strip());
      if (id == null) {
        throw new TypeConversionException("'" + text
            + "' is not the id of a half-message, which has 32 hex digits (56 with IPv6);"
            + " \"tx list\" shows them.");
      }
      return id;
    }
  }

  /** Text that says something. */
  static final class OfWords implements ITypeConverter<String> {

    @Override
    public String convert(String text) {
      if (text.isBlank()) {
        throw new TypeConversionException("it must not be empty.");
      }
      return text.strip();
    }
  }

  private static <T> T read(ValueType<T> type, String text) {
    try {
      return type.parse(text.strip());
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }
}
