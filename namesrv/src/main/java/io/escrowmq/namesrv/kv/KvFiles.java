package io.escrowmq.namesrv.kv;

import java.nio.file.Path;

/** The door of a name server to files. */
@FunctionalInterface
public interface KvFiles {

  /** The file of this name in this directory. Fails with {@link KvFileException}, also if another one uses it. */
  KvFile open(Path directory, String name);
}
