package io.escrowmq.broker;

import io.escrowmq.broker.core.RecordText;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.LogRecord;
import io.escrowmq.store.LogWalk;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.StorageException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints what stands in the log of a broker that is stopped, a record a line, and the places where no
 * whole record is. Changes nothing; keeps one record at a time. Used once.
 */
public final class LogDump {

  /**
   * Which records are printed.
   *
   * @param from the first position
   * @param to behind the last one
   * @param kinds empty for all
   * @param topic that a record is about; null for any
   * @param refersTo a position or half-message that a record is at, or refers to; negative for any
   * @param limit how many at most
   * @param withMarks whether also what the log keeps for itself
   */
  public record Filter(
      long from,
      long to,
      Set<RecordKind> kinds,
      @Nullable String topic,
      long refersTo,
      long limit,
      boolean withMarks) {

    private boolean takes(LogRecord record, RecordText text) {
      return (topic == null || text.topics().contains(topic))
          && (refersTo < 0 || record.position() == refersTo || text.positions().contains(refersTo));
    }
  }

  /**
   * What a dump came to.
   *
   * @param records that were printed
   * @param damagedPlaces that were printed
   */
  public record Totals(long records, long damagedPlaces) {}

  private final FileSystem files;
  private final Path directory;

  public LogDump(FileSystem files, Path storeDirectory) {
    this.files = files;
    this.directory = storeDirectory;
  }

  /**
   * Prints.
   *
   * @throws StorageException when a broker is running, or a newer version wrote the log
   */
  public Totals print(Filter filter, Consumer<String> out) {
    return StoreLock.held(files, directory, () -> {
      Printer printer = new Printer(filter, out);
      new LogWalk(files, directory.resolve("log"), printer).between(filter.from(), filter.to());
      return new Totals(printer.records, printer.damaged);
    });
  }

  private static final class Printer implements LogWalk.Visitor {

    private final Filter filter;
    private final Consumer<String> out;
    private final RecordTexts texts = new RecordTexts();
    private long records;
    private long damaged;

    Printer(Filter filter, Consumer<String> out) {
      this.filter = filter;
      this.out = out;
    }

    @Override
    public boolean record(LogRecord record) {
      if (filter.kinds().isEmpty() || filter.kinds().contains(record.kind())) {
        RecordText text = texts.of(record);
        if (filter.takes(record, text)) {
          print(record.position(), record.kind().name(), record.recordLength(), text.words());
          records++;
        }
      }
      return records < filter.limit();
    }

    @Override
    public boolean ofTheLog(long position, int length, String words) {
      if (filter.withMarks()) {
        print(position, "(log)", length, words);
      }
      return true;
    }

    private void print(long position, String kind, int length, String words) {
      out.accept(position + " " + kind + " " + length + " bytes: " + words);
    }

    @Override
    public boolean damaged(Path file, long from, long to) {
      damaged++;
      out.accept(from + " DAMAGED " + (to - from) + " bytes: no whole record is there, in " + file);
      return true;
    }

    @Override
    public boolean unreadable(Path file, StorageException why) {
      damaged++;
      out.accept(file + " cannot be read now: " + why.getMessage());
      return true;
    }
  }
}
