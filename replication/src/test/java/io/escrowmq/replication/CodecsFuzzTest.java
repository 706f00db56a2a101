package io.escrowmq.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.ElectUnclean;
import io.escrowmq.replication.Command.Remove;
import io.escrowmq.replication.Command.SetMinInSync;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/** What replicas and controllers tell each other, and what lies in a controller's file. */
class CodecsFuzzTest extends FuzzContract {

  @Override
  protected List<FuzzTarget> targets() {
    Groups groups = Groups.ofThree(2);
    byte[] book = StateCodec.encode(groups.book());
    return List.of(
        commands(groups),
        FuzzTarget.of("group-states", CodecsFuzzTest::readGroup)
            .refusingWith(StateFormatException.class)
            .reading(StateCodec.encode(groups.state()))
            .reading(StateCodec.encode(groups.restartWithLoss(2, 2, 50))),
        FuzzTarget.of("group-books", CodecsFuzzTest::readBook)
            .refusingWith(StateFormatException.class)
            .reading(book),
        // with the checksum that it should have: a search does not find its way through one
        FuzzTarget.of("sealed-group-books", input -> readBook(sealed(input)))
            .refusingWith(StateFormatException.class)
            .reading(Arrays.copyOf(book, book.length - Integer.BYTES)));
  }

  private static FuzzTarget commands(Groups groups) {
    return FuzzTarget.of("group-commands", CodecsFuzzTest::readCommand)
        .refusingWith(StateFormatException.class)
        .reading(
            CommandCodec.encode(groups.hello(4, 1, new LogEnd(1, 100), OptionalLong.of(64), 2)))
        .reading(CommandCodec.encode(groups.alteration(1, 2, 3)))
        .reading(CommandCodec.encode(groups.election(Cause.OPERATOR, 2, groups.alive(1, 2, 3))))
        .reading(CommandCodec.encode(
            new ElectUnclean(Groups.NAME, 1, Groups.candidate(3, 1, 1, 80), "ops")))
        .reading(CommandCodec.encode(new Remove(Groups.NAME, 3)))
        .reading(CommandCodec.encode(new SetMinInSync(Groups.NAME, 1)));
  }

  private static void readCommand(byte[] input) {
    Command command = CommandCodec.decode(input);
    byte[] written = CommandCodec.encode(command);
    assertThat(CommandCodec.decode(written)).isEqualTo(command);
    assertThat(written).hasSizeLessThanOrEqualTo(CommandCodec.MOST_BYTES);
  }

  private static void readGroup(byte[] input) {
    GroupState state = StateCodec.decodeGroup(input);
    assertThat(StateCodec.decodeGroup(StateCodec.encode(state))).isEqualTo(state);
  }

  private static void readBook(byte[] input) {
    GroupBook book = StateCodec.decodeBook(input);
    assertThat(StateCodec.decodeBook(StateCodec.encode(book))).isEqualTo(book);
  }

  private static byte[] sealed(byte[] content) {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return ByteBuffer.allocate(content.length + Integer.BYTES)
        .put(content)
        .putInt((int) checksum.getValue())
        .array();
  }
}
