package io.escrowmq.remoting.body;

import java.util.List;
import java.util.OptionalLong;

/**
 * What is in escrow on a broker (LIST_TRANSACTIONS): figures about all of it, and one page.
 *
 * @param open half-messages
 * @param openBytes what their records take in the log
 * @param transactions that are not decided
 * @param suspended those of them that nobody is asked about any more
 * @param oldestAgeMillis how long the oldest of them has been open; 0 when there is none
 * @param list in the order of their ids
 */
public record TransactionList(
    long open,
    long openBytes,
    long transactions,
    long suspended,
    long oldestAgeMillis,
    List<TransactionEntry> list)
    implements JsonBody {

  public static TransactionList read(byte[] body) {
    JsonObject json = JsonObject.read(body);
    return new TransactionList(
        json.longOr("open", 0),
        json.longOr("openBytes", 0),
        json.longOr("transactions", 0),
        json.longOr("suspended", 0),
        json.longOr("oldestMillis", 0),
        json.objects("list", TransactionEntry::read));
  }

  /**
   * What the next page begins after, when this one began after {@code after}; nothing behind the last
   * page, which is empty. The size of a page tells nothing: brokers end pages early for reasons of
   * their own.
   *
   * @throws BadBodyException the page does not go on from there
   */
  public OptionalLong next(long after) {
    if (list.isEmpty()) {
      return OptionalLong.empty();
    }
    long last = list.get(list.size() - 1).id();
    if (last <= after) {
      throw new BadBodyException(
          "a page of transactions after " + after + " ends with " + last + "; the same again");
    }
    return OptionalLong.of(last);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject()
        .member("open", open)
        .member("openBytes", openBytes)
        .member("transactions", transactions)
        .member("suspended", suspended)
        .member("oldestMillis", oldestAgeMillis)
        .objects("list", list, TransactionEntry::writeTo)
        .endObject();
  }
}
