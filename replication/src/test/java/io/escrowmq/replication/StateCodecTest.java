package io.escrowmq.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.replication.Command.Cause;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That books and commands are read as they were written, `Groups` holds with each change of each test. */
final class StateCodecTest {

  @Test
  void shouldRefuseABookInWhichAnyBitIsWrong() {
    byte[] book = StateCodec.encode(Groups.ofThree(2).book());
    for (int bit = 0; bit < 8 * book.length; bit++) {
      byte[] damaged = book.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> StateCodec.decodeBook(damaged))
          .as("bit %d", bit)
          .isInstanceOf(StateFormatException.class);
    }
    for (int length = 0; length < book.length; length++) {
      byte[] cut = Arrays.copyOf(book, length);
      assertThatThrownBy(() -> StateCodec.decodeBook(cut))
          .as("length %d", length)
          .isInstanceOf(StateFormatException.class);
    }
  }

  @Test
  void shouldReadWhatItBelievesOrFailWithAReason() {
    Groups groups = Groups.ofThree(2);
    byte[] state = StateCodec.encode(groups.state());
    byte[] command = CommandCodec.encode(groups.election(Cause.OPERATOR, 2, groups.alive(1, 2, 3)));
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      read(changed(state, random), seed, bytes -> StateCodec.encode(StateCodec.decodeGroup(bytes)));
      read(
          changed(command, random), seed, bytes -> CommandCodec.encode(CommandCodec.decode(bytes)));
    }
  }

  private interface ReadAndWrite {
    byte[] apply(byte[] bytes);
  }

  private static void read(byte[] bytes, int seed, ReadAndWrite both) {
    try {
      both.apply(bytes);
    } catch (StateFormatException e) {
      assertThat(e.getMessage()).as("seed %d", seed).contains("no ");
    }
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] changed = Arrays.copyOf(
        bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length + 9) : bytes.length);
    for (int i = random.nextInt(4); i > 0 && changed.length > 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }
}
