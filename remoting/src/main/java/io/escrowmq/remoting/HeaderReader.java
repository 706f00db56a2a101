package io.escrowmq.remoting;

/** Makes a typed header from the fields on the wire; every request header has one, {@code FIELDS}. */
@FunctionalInterface
public interface HeaderReader<H> extends RequestReader<H> {

  /** For requests whose header carries nothing that we read. */
  HeaderReader<Fields> RAW = fields -> fields;

  /** Throws {@link BadHeaderException} when a field is missing or unreadable. */
  H read(Fields fields);

  @Override
  default H read(Call call) {
    return read(call.fields());
  }
}
