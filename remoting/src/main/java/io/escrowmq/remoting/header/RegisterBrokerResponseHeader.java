package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a slave must know about its master, and what our name servers say besides.
 *
 * @param displaced address of another living broker that had this name and id until now
 * @param leftOut how many topics were not taken because the name server has as many as it takes
 */
public record RegisterBrokerResponseHeader(
    @Nullable String haAddress,
    @Nullable String masterAddress,
    @Nullable String displaced,
    int leftOut)
    implements WireHeader {

  public static final HeaderReader<RegisterBrokerResponseHeader> FIELDS =
      fields -> new RegisterBrokerResponseHeader(
          fields.text("haServerAddr"),
          fields.text("masterAddr"),
          fields.text("displaced"),
          fields.intOr("leftOut", 0));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("haServerAddr", haAddress)
        .put("masterAddr", masterAddress)
        .put("displaced", displaced)
        .put("leftOut", leftOut == 0 ? null : String.valueOf(leftOut));
  }
}
