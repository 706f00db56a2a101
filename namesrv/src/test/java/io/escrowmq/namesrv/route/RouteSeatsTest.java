package io.escrowmq.namesrv.route;

import static io.escrowmq.namesrv.route.Brokers.FOUR;
import static io.escrowmq.namesrv.route.Brokers.master;
import static io.escrowmq.namesrv.route.Brokers.says;
import static io.escrowmq.namesrv.route.Brokers.slave;
import static io.escrowmq.namesrv.route.Brokers.topics;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.DataVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which broker has an address, a name and an id, when several come with them. */
class RouteSeatsTest {

  private final RouteBook book = new RouteBook(new RouteLimits(3, 4, 6, 9));
  private final Object connection = new Object();

  @Test
  void shouldTakeTopicsFromTheMasterOnlyWhileThereIsOne() {
    // given
    book.register(says(slave("a", 1), 1, topics(FOUR, "OfSlaveAlone")), connection, 0);
    book.register(says(master("a"), 1, topics(FOUR, "OfMaster")), connection, 0);

    // when
    book.register(says(slave("a", 1), 2, topics(FOUR, "OfSlaveBesideMaster")), connection, 0);

    // then
    assertThat(book.image().topics()).containsExactly("OfMaster", "OfSlaveAlone");
  }

  @Test
  void shouldTellSlavesWhereTheirMasterIs() {
    // given
    book.register(says(slave("a", 1), 1, Map.of()), connection, 0);
    assertThat(book.masterOf("a")).isNull();

    // when
    book.register(says(master("a"), 1, Map.of()), connection, 0);

    // then
    assertThat(book.masterOf("a")).isEqualTo(new RouteBook.Master("a.test:10911", "a.test:10912"));
  }

  @Test
  void shouldMoveAnAddressThatComesWithAnotherId() {
    // given
    book.register(says(slave("a", 1), 1, Map.of()), connection, 0);
    BrokerMember promoted =
        new BrokerMember("DefaultCluster", "a", 0, slave("a", 1).address());

    // when
    book.register(says(promoted, 1, topics(FOUR, "T")), connection, 0);

    // then
    assertThat(book.image().group("a").addresses()).isEqualTo(Map.of(0L, promoted.address()));
  }

  @Test
  void shouldRemoveTheFormerNameOfAnAddress() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);
    BrokerMember renamed =
        new BrokerMember("DefaultCluster", "b", 0, master("a").address());

    // when
    book.register(says(renamed, 1, topics(FOUR, "U")), connection, 0);

    // then
    assertThat(book.image().group("a")).isNull();
    assertThat(book.image().topics()).containsExactly("U");
  }

  @Test
  void shouldRefuseASecondBrokerOfOlderStateInATakenSeat() {
    // given
    BrokerMember other = new BrokerMember("DefaultCluster", "a", 0, "other.test:10911");
    book.register(says(master("a"), new DataVersion(1, 5, 0), Map.of()), connection, 0);

    // when
    RegistrationRuling older = book.onRegistration(says(other, new DataVersion(9, 4, 0), Map.of()));
    RegistrationRuling equal = book.onRegistration(says(other, new DataVersion(1, 5, 0), Map.of()));

    // then
    assertThat(older).isEqualTo(RegistrationRuling.SEAT_TAKEN);
    assertThat(book.occupant(other)).isEqualTo(new RouteBook.Occupant("a.test:10911", 0));
    assertThat(equal).isEqualTo(RegistrationRuling.ACCEPTED);
  }

  @Test
  void shouldForgetTheLeaseOfWhoeverLostItsSeat() {
    // given
    BrokerMember other = new BrokerMember("DefaultCluster", "a", 0, "other.test:10911");
    Object otherConnection = new Object();
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);

    // when
    book.register(says(other, 1, topics(FOUR, "T")), otherConnection, 0);
    List<Departure> gone = book.disconnected(connection);

    // then
    assertThat(gone).isEmpty();
    assertThat(book.image().group("a").addresses()).isEqualTo(Map.of(0L, "other.test:10911"));
  }

  @Test
  void shouldIgnoreTheFarewellOfABrokerThatIsNotInThatSeat() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);

    // when
    boolean was =
        book.unregister(new BrokerMember("DefaultCluster", "a", 1, master("a").address()));

    // then
    assertThat(was).isFalse();
    assertThat(book.image().topics()).containsExactly("T");
  }
}
