package io.escrowmq.broker.replica;

import io.escrowmq.replication.Incarnation;
import io.escrowmq.runtime.Chance;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.StoreFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The file {@code replica.properties} in a store's directory: which replica it is, and how often it was opened. Each
 * opening is durable before anybody hears of it, so no two have the same number. Owner: whoever holds the lock of the
 * directory.
 */
final class ReplicaFile {

  private static final String NAME = "replica.properties";
  private static final String NEXT = ".next";
  private static final int MOST_BYTES = 4096;

  private final FileSystem files;
  private final Path directory;
  private String cluster; // empty before a controller has told it
  private int replica; // 0 before a controller has told it
  private final String name;
  private long openings;
  private String machineRun; // in which it was opened last
  private boolean syncs; // what is acknowledged, since it was opened last
  private boolean isOpen; // it was opened, and not closed in order
  private boolean mayHaveLost; // what it had acknowledged, and no controller knows that

  private ReplicaFile(FileSystem files, Path directory, Properties found, Chance chance) {
    this.files = files;
    this.directory = directory;
    this.cluster = found.getProperty("cluster", "");
    this.replica = number(found, "replica");
    this.name = found.getProperty("directory", Long.toHexString(chance.secret()));
    this.openings = number(found, "openings");
    this.machineRun = found.getProperty("machine", "");
    this.syncs = Boolean.parseBoolean(found.getProperty("syncs"));
    this.isOpen = Boolean.parseBoolean(found.getProperty("open"));
    this.mayHaveLost = Boolean.parseBoolean(found.getProperty("may-have-lost"));
  }

  /**
   * Reads it, or begins with none; nothing is written yet.
   *
   * @throws StorageException with reason {@code CORRUPT} when it cannot be understood
   */
  static ReplicaFile read(FileSystem files, Path directory, Chance chance) {
    Path path = directory.resolve(NAME);
    Properties found = new Properties();
    if (files.exists(path)) {
      try (StoreFile file = files.open(path)) {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MOST_BYTES));
        file.read(bytes, 0);
        found.load(new StringReader(new String(bytes.array(), StandardCharsets.ISO_8859_1)));
        if (found.getProperty("directory", "").isEmpty()) {
          throw new IllegalArgumentException("it does not name its directory");
        }
        return new ReplicaFile(files, directory, found, chance);
      } catch (IOException | IllegalArgumentException e) {
        throw new StorageException(
            StorageException.Reason.CORRUPT,
            path + " cannot be read: " + e.getMessage()
                + ". Bring it back from a backup of this very directory; or start the replica with an empty one",
            e);
      }
    }
    return new ReplicaFile(files, directory, found, chance);
  }

  private static int number(Properties found, String key) {
    int number = Integer.parseInt(found.getProperty(key, "0"));
    if (number < 0) {
      throw new IllegalArgumentException(key + " is " + number);
    }
    return number;
  }

  /**
   * Counts an opening, durably. What was acknowledged since the one before may be gone when it was in the memory of a
   * machine that has been started anew since.
   *
   * @param syncsNow whether what is acknowledged from now on is synced before
   */
  void open(boolean syncsNow) {
    String run = files.machineRun();
    mayHaveLost |= isOpen && !syncs && (run.isEmpty() || !run.equals(machineRun));
    openings++;
    machineRun = run;
    syncs = syncsNow;
    isOpen = true;
    write();
  }

  /** Whether it may lack what it has acknowledged, and no controller knows that yet. */
  boolean mayHaveLost() {
    return mayHaveLost;
  }

  /** Everything is on the disk; durable when it returns. */
  void close() {
    isOpen = false;
    write();
  }

  /** A controller knows this opening, and has told which replica it is; durable when it returns. */
  void become(String itsCluster, int itsReplica) {
    if (itsReplica != replica || !itsCluster.equals(cluster) || mayHaveLost) {
      cluster = itsCluster;
      replica = itsReplica;
      mayHaveLost = false;
      write();
    }
  }

  private void write() {
    String text = "# Which replica of its broker this directory is. Not to be copied or edited.\n"
        + "cluster=" + cluster + "\nreplica=" + replica + "\ndirectory=" + name + "\nopenings="
        + openings + "\nmachine=" + machineRun + "\nsyncs=" + syncs + "\nopen=" + isOpen
        + "\nmay-have-lost=" + mayHaveLost + "\n";
    Path next = directory.resolve(NAME + NEXT);
    files.delete(next);
    try (StoreFile file = files.open(next)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), 0);
      file.sync();
    }
    files.rename(next, directory.resolve(NAME));
    files.syncDirectory(directory);
  }

  /** The cluster that it belongs to; empty when it was in none yet. */
  String cluster() {
    return cluster;
  }

  /** Its number; 0 when it has none yet. */
  int replica() {
    return replica;
  }

  /** A name that no other directory has. */
  String name() {
    return name;
  }

  long openings() {
    return openings;
  }

  /** This opening of this replica. It has a number. */
  Incarnation current() {
    return new Incarnation(replica, openings);
  }
}
