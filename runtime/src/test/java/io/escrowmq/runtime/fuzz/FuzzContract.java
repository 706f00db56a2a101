package io.escrowmq.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What readers promise, whatever they are given: see {@link FuzzTarget}. A subclass names readers.
 *
 * <p>The usual run gives them the inputs that were found before, {@code src/test/resources/fuzz/NAME},
 * and inputs made of those. With the profile {@code long} Jazzer searches for more, guided by the code
 * that they reach, for {@code -Dfuzz.seconds} (60) each, or only for {@code -Dfuzz.target}; what it finds goes
 * to {@code target/fuzz/NAME}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FuzzContract {

  private static final long SEED = 7;
  private static final int SHOWN_BYTES = 2_000;

  protected abstract List<FuzzTarget> targets();

  /** So many inputs are made for a target in the usual run. */
  protected int rounds() {
    return 5_000;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void shouldReadOrRefuseWhatWasFoundBefore(FuzzTarget target) {
    for (byte[] input : inputs(target)) {
      check(target, input, "an input of the corpus");
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void shouldReadOrRefuseWhateverIsMadeOfIt(FuzzTarget target) {
    List<byte[]> inputs = inputs(target);
    assertThat(inputs).as("inputs to make others of").isNotEmpty();
    Mutations mutations = new Mutations(inputs, SEED);
    for (int round = 0; round < rounds(); round++) {
      check(target, mutations.next(), "seed " + SEED + ", round " + round);
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  @Tag("long")
  void shouldReadOrRefuseWhateverASearchFinds(FuzzTarget target) throws Exception {
    String only = System.getProperty("fuzz.target", target.name());
    if (only.equals(target.name())) {
      new Search(getClass(), target).run();
    }
  }

  private static void check(FuzzTarget target, byte[] input, String where) {
    try {
      target.check(input);
    } catch (AssertionError | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      int shown = Math.min(SHOWN_BYTES, input.length);
      throw new AssertionError(
          "%s, %s: %s".formatted(target, where, HexFormat.of().formatHex(input, 0, shown)), e);
    }
  }

  /** The seeds, and what was found. */
  private List<byte[]> inputs(FuzzTarget target) {
    List<byte[]> inputs = new ArrayList<>(target.seeds());
    URL corpus = getClass().getResource("/fuzz/" + target.name());
    if (corpus != null) {
      try (Stream<Path> files = Files.list(Path.of(corpus.toURI()))) {
        for (Path file : files.sorted().toList()) {
          inputs.add(Files.readAllBytes(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return inputs;
  }

  /** The target of this name; a search in a process of its own asks for it. */
  final FuzzTarget target(String name) {
    return targets().stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
