package io.escrowmq.server.settings;

/**
 * What may stand behind a key.
 *
 * <p>The implementation must read back what it prints, and refuse with a sentence that names the
 * limit and a way out.
 */
public interface ValueType<T> {

  /** One or two words for the reference: what kind of value, within which bounds. */
  String description();

  /**
   * Reads what an operator wrote; never blank around the edges.
   *
   * @throws IllegalArgumentException whose message continues "KEY=VALUE: ..."
   */
  T parse(String text);

  /** Writes a value so that both {@link #parse} and a person can read it. */
  String print(T value);
}
