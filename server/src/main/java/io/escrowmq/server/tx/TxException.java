package io.escrowmq.server.tx;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.IExitCodeGenerator;

/** What an operator wanted was not done; told in sentences, and by the exit code. */
public final class TxException extends RuntimeException implements IExitCodeGenerator {

  private static final long serialVersionUID = 1L;

  private static final int REFUSED = 1;
  private static final int UNREACHABLE = 3;

  private final int exitCode;

  private TxException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** A broker said no, in these words. */
  static TxException refused(String remark) {
    return new TxException(REFUSED, remark);
  }

  /** Nobody was there to say anything. */
  static TxException unreachable(String message) {
    return new TxException(UNREACHABLE, message);
  }

  /**
   * Several at once.
   *
   * @param asked how many were asked; when none of them was reached, nobody was
   */
  static TxException of(List<TxException> failures, int asked) {
    boolean nobody =
        failures.size() == asked && failures.stream().allMatch(TxException::isUnreachable);
    return new TxException(
        nobody ? UNREACHABLE : REFUSED,
        failures.stream().map(TxException::getMessage).collect(Collectors.joining("\n")));
  }

  /**
   * The first of many, and how many there are.
   *
   * @param asked how many were asked; when none of them was reached, nobody was
   */
  static TxException firstOf(List<TxException> failures, int asked) {
    boolean nobody =
        failures.size() == asked && failures.stream().allMatch(TxException::isUnreachable);
    return new TxException(
        nobody ? UNREACHABLE : REFUSED,
        failures.size() + " of " + asked + " requests failed; the first: "
            + failures.get(0).getMessage());
  }

  boolean isUnreachable() {
    return exitCode == UNREACHABLE;
  }

  @Override
  public int getExitCode() {
    return exitCode;
  }
}
