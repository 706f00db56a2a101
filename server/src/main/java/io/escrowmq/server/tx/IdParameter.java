package io.escrowmq.server.tx;

import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.server.settings.Endpoint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Which transaction is meant. Filled by the command line parser. */
final class IdParameter {

  @Parameters(
      paramLabel = "ID",
      converter = Converters.OfMessageId.class,
      description = "The id of a half-message, as \"tx list\" and senders show it.")
  private @Nullable MessageId id;

  /** The position of the half-message in its broker's log. */
  long position() {
    return id().position();
  }

  /** "host:port" of the broker that the id names. */
  String broker() {
    return Endpoint.of(id().storeHost()).toString();
  }

  String text() {
    return id().text();
  }

  private MessageId id() {
    return Objects.requireNonNull(id, "the parser insists on it");
  }
}
