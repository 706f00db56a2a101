package io.escrowmq.namesrv.kv;

import io.escrowmq.remoting.body.BadBodyException;
import org.jspecify.annotations.Nullable;

/**
 * The configuration, and its copy that survives. Owner: the route loop.
 *
 * <p>A change is written before it is applied: if we stop in between, the next start reads it. A
 * change that could not be written is not applied, and the caller learns it.
 */
public final class KvConfig {

  private final KvFile file;
  private final KvLimits limits;
  private KvNamespaces table;

  private KvConfig(KvFile file, KvLimits limits, KvNamespaces table) {
    this.file = file;
    this.limits = limits;
    this.table = table;
  }

  /** Fails with {@link KvFileException} when what was kept cannot be read. */
  public static KvConfig open(KvFile file, KvLimits limits) {
    byte[] kept = file.read();
    try {
      return new KvConfig(file, limits, kept == null ? KvNamespaces.EMPTY : KvJson.read(kept));
    } catch (BadBodyException e) {
      throw new KvFileException(
          "the kept configuration cannot be understood; repair or remove it: " + e.getMessage(), e);
    }
  }

  public KvNamespaces table() {
    return table;
  }

  /** A sentence that says why this cannot be put, naming value and limit; null when it can. */
  public @Nullable String refusal(String namespace, String key, String value) {
    return table.refusal(namespace, key, value, limits);
  }

  /** Fails with {@link KvFileException}; nothing changes then. */
  public void put(String namespace, String key, String value) {
    become(table.with(namespace, key, value));
  }

  /** Fails with {@link KvFileException}; nothing changes then. What is not there may be deleted. */
  public void delete(String namespace, String key) {
    become(table.without(namespace, key));
  }

  private void become(KvNamespaces next) {
    if (next != table) {
      file.replace(KvJson.write(next));
      table = next;
    }
  }
}
