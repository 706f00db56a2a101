package io.escrowmq.namesrv.kv;

/**
 * How much configuration is kept. Too low: administrators are refused. Too high: the whole is
 * written to disk with every change, and sent to every broker with every registration.
 *
 * @param entries keys of all namespaces
 * @param nameCharacters of a namespace or a key
 * @param valueCharacters of one value
 * @param characters of all namespaces, keys and values together
 */
public record KvLimits(int entries, int nameCharacters, int valueCharacters, long characters) {

  public static final KvLimits DEFAULT = new KvLimits(20_000, 255, 32_768, 4 << 20);

  public KvLimits {
    if (entries < 1 || nameCharacters < 1 || valueCharacters < 1 || characters < 1) {
      throw new IllegalArgumentException("a limit below 1 would refuse everything: " + entries
          + " entries, " + nameCharacters + " characters of a name, " + valueCharacters
          + " of a value, " + characters + " of all");
    }
  }
}
