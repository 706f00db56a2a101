package io.escrowmq.runtime.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Something that reads what others wrote. Whatever the bytes are, it reads them or refuses them with one
 * of its exceptions, and takes no more memory than is in proportion to them. Immutable.
 */
public final class FuzzTarget {

  /** How a reader is called. It may throw what it likes: only the refusals are taken. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] input) throws Exception;
  }

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String name;
  private final Reader reader;
  private final List<Class<? extends Exception>> refusals;
  private final List<byte[]> seeds;
  private final long fixedBytes;
  private final long bytesAByte;

  private FuzzTarget(
      String name,
      Reader reader,
      List<Class<? extends Exception>> refusals,
      List<byte[]> seeds,
      long fixedBytes,
      long bytesAByte) {
    this.name = name;
    this.reader = reader;
    this.refusals = refusals;
    this.seeds = seeds;
    this.fixedBytes = fixedBytes;
    this.bytesAByte = bytesAByte;
  }

  /** It may take 1 MiB and 200 bytes for each byte that it is given, and refuses nothing. */
  public static FuzzTarget of(String name, Reader reader) {
    return new FuzzTarget(name, reader, List.of(), List.of(), 1 << 20, 200);
  }

  /** It may throw this. */
  public FuzzTarget refusingWith(Class<? extends Exception> refusal) {
    return new FuzzTarget(name, reader, with(refusals, refusal), seeds, fixedBytes, bytesAByte);
  }

  /** This is something that it reads. */
  public FuzzTarget reading(byte[] good) {
    return new FuzzTarget(name, reader, refusals, with(seeds, good), fixedBytes, bytesAByte);
  }

  /** This is something that it reads, in UTF-8. */
  public FuzzTarget reading(String good) {
    return reading(good.getBytes(StandardCharsets.UTF_8));
  }

  /** It may take so much memory, and so much more for each byte that it is given. */
  public FuzzTarget taking(long fixed, long aByte) {
    return new FuzzTarget(name, reader, refusals, seeds, fixed, aByte);
  }

  private static <T> List<T> with(List<T> list, T one) {
    List<T> all = new ArrayList<>(list);
    all.add(one);
    return List.copyOf(all);
  }

  public String name() {
    return name;
  }

  /** Inputs that it reads. */
  List<byte[]> seeds() {
    return seeds;
  }

  /** Lets it read; an {@link AssertionError} says what it should not have done. */
  void check(byte[] input) {
    check(input, 1);
  }

  /** The same where others take memory too: so many times as much is allowed. */
  void check(byte[] input, int times) {
    long allowed = times * (fixedBytes + bytesAByte * input.length);
    long taken = bytesTakenBy(input);
    if (taken > allowed) {
      taken = Math.min(taken, bytesTakenBy(input)); // the first time, classes may have been loaded
    }
    if (taken > allowed) {
      throw new AssertionError(
          "%s took %d bytes of memory for an input of %d; at most %d are allowed"
              .formatted(name, taken, input.length, allowed));
    }
  }

  private long bytesTakenBy(byte[] input) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reader.read(input.clone());
    } catch (Exception e) {
      if (refusals.stream().noneMatch(refusal -> refusal.isInstance(e))) {
        throw new AssertionError(name + " threw what it should not", e);
      }
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** A target for many readers of one kind: the first byte of the input says whose turn it is. */
  public static <T> FuzzTarget oneOf(
      String name, List<T> readers, List<byte[]> inputs, Choice<T> choice) {
    FuzzTarget target = of(name, input -> {
      if (input.length > 0) {
        T chosen = readers.get((input[0] & 0xFF) % readers.size());
        choice.read(chosen, Arrays.copyOfRange(input, 1, input.length));
      }
    });
    for (int i = 0; i < readers.size(); i++) {
      for (byte[] input : inputs) {
        byte[] chosen = new byte[input.length + 1];
        chosen[0] = (byte) i;
        System.arraycopy(input, 0, chosen, 1, input.length);
        target = target.reading(chosen);
      }
    }
    return target;
  }

  /** How one of many readers is called. */
  @FunctionalInterface
  public interface Choice<T> {
    void read(T reader, byte[] input) throws Exception;
  }

  @Override
  public String toString() {
    return name;
  }
}
