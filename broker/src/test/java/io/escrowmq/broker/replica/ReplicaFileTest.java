package io.escrowmq.broker.replica;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaFileTest {

  private static final Path DIRECTORY = Path.of("/data");

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);

  @BeforeEach
  void create() {
    files.createDurably(DIRECTORY);
  }

  private ReplicaFile read() {
    return ReplicaFile.read(files, DIRECTORY, TestMachine.REAL.chance());
  }

  private ReplicaFile opened(boolean syncs) {
    ReplicaFile file = read();
    file.open(syncs);
    return file;
  }

  @Test
  void shouldNeverGiveANumberTwiceWhateverThePowerDoes() {
    String name = opened(false).name();
    for (int opening = 2; opening < 20; opening++) {
      // when
      files.crash();
      ReplicaFile file = opened(false);

      // then
      assertThat(file.openings()).isEqualTo(opening);
      assertThat(file.name()).isEqualTo(name);
    }
  }

  @Test
  void shouldKeepWhichReplicaItIs() {
    // given
    opened(true).become("cluster", 3);

    // when
    files.crash();
    ReplicaFile file = opened(true);

    // then
    assertThat(file.cluster()).isEqualTo("cluster");
    assertThat(file.current().toString()).isEqualTo("3.2");
  }

  /** What happens to a replica that was open, and whether it may lack something afterwards. */
  @ParameterizedTest
  @CsvSource({
    "killed,  false, false",
    "killed,  true,  false",
    "power,   false, true",
    "power,   true,  false",
    "closed,  false, false",
  })
  void shouldKnowWhatTheMemoryOfTheMachineMayHaveLost(
      String end, boolean syncs, boolean mayHaveLost) {
    // given
    ReplicaFile file = opened(syncs);
    if (end.equals("closed")) {
      file.close();
    }

    // when
    if (end.equals("killed")) {
      files.kill();
    } else {
      files.crash();
    }

    // then: whatever it does from now on
    assertThat(opened(true).mayHaveLost()).isEqualTo(mayHaveLost);
  }

  @Test
  void shouldSayThatItMayHaveLostSomethingUntilAControllerKnows() {
    // given
    opened(false);
    files.crash();
    assertThat(opened(false).mayHaveLost()).isTrue();

    // when: it is killed before it has told
    files.kill();

    // then
    ReplicaFile file = opened(false);
    assertThat(file.mayHaveLost()).isTrue();
    file.become("cluster", 1);
    assertThat(file.mayHaveLost()).isFalse();
    files.kill();
    assertThat(opened(false).mayHaveLost()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "replica=1\nopenings=3\n",
        "directory=d\nopenings=many\n",
        "directory=d\nreplica=-1\n"
      })
  void shouldRefuseWhatDoesNotSayWhichReplicaItIs(String text) {
    // given
    try (StoreFile file = files.open(DIRECTORY.resolve("replica.properties"))) {
      file.write(ByteBuffer.wrap(text.getBytes(ISO_8859_1)), 0);
    }

    // then
    assertThatThrownBy(this::read)
        .isInstanceOf(StorageException.class)
        .hasMessageContainingAll("/data/replica.properties", "backup", "empty one");
  }
}
