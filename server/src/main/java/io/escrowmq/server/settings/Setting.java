package io.escrowmq.server.settings;

/**
 * One thing that can be set. Immutable.
 *
 * @param key the name in files, and with {@code --set}
 * @param type what may stand behind the key
 * @param standard what holds when nobody says anything
 * @param standardApart the same where name server and broker run as processes of their own
 * @param part which part of EscrowMQ reads it; {@code SERVER} for both
 * @param help one line
 */
public record Setting<T>(
    String key, ValueType<T> type, String standard, String standardApart, Role part, String help) {

  static final String VARIABLE_PREFIX = "ESCROWMQ_";

  /** What holds in this role when nobody says anything. */
  String standardIn(Role role) {
    return role == Role.SERVER ? standard : standardApart;
  }

  /** The name as an environment variable: {@code store.dir} is {@code ESCROWMQ_STORE_DIR}. */
  public String variable() {
    return VARIABLE_PREFIX
        + key.replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT);
  }

  @Override
  public String toString() {
    return key;
  }
}
