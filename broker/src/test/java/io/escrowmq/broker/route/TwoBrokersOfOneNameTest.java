package io.escrowmq.broker.route;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.TestLog;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Two brokers that have one name by mistake: both, and the name server, say so in their logs. */
class TwoBrokersOfOneNameTest {

  private static final String SERVER = "127.0.0.1:9876";
  private static final String FIRST = "10.0.0.1:10911";
  private static final String SECOND = "10.0.0.2:10911";
  private static final String OF_NAME_SERVERS = "io.escrowmq.namesrv";
  private static final String OF_BROKERS = "io.escrowmq.broker.route";

  @AutoClose
  private final TestLog broker = new TestLog();

  private final SlowNetwork network = new SlowNetwork(broker.clock, List.of(SERVER));
  private final RouteRegistration first = registration(FIRST);
  private final RouteRegistration second = registration(SECOND);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger(OF_NAME_SERVERS).addAppender(logged);
    logger(OF_BROKERS).addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger(OF_NAME_SERVERS).detachAppender(logged);
    logger(OF_BROKERS).detachAppender(logged);
  }

  @Test
  void shouldSayInAllThreeLogsThatTheyTakeClientsFromEachOther() {
    // given
    first.registerNow();
    network.calm();
    assertThat(warnings(OF_NAME_SERVERS)).isEmpty();

    // when: the second comes, and the first asks within ten seconds
    second.registerNow();
    network.calm();
    broker.clock.advance(10_000);
    turn(first);

    // then
    assertThat(warnings(OF_NAME_SERVERS))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line)
            .contains("two brokers have the name 'broker-a' and the id 0", FIRST, SECOND)
            .contains("broker.name"));
    assertThat(warnings(OF_BROKERS))
        .anySatisfy(line -> assertThat(line).contains("at " + FIRST + ", this one is at " + SECOND))
        .anySatisfy(line -> assertThat(line).contains("at " + SECOND + ", this one is at " + FIRST))
        .allSatisfy(line -> assertThat(line).contains("'broker-a'", "broker.name", SERVER));
  }

  @Test
  void shouldNotFillTheLogsWhileBothGoOn() {
    // given
    first.registerNow();
    second.registerNow();
    network.calm();

    // when: an hour
    for (int second10 = 0; second10 < 360; second10++) {
      broker.clock.advance(10_000);
      turn(first);
      turn(second);
    }

    // then: each broker once a minute, the name server once for a taken seat
    assertThat(warnings(OF_BROKERS)).hasSizeBetween(60, 2 * 61);
    assertThat(warnings(OF_NAME_SERVERS)).hasSizeBetween(60, 2 * 361);
  }

  @Test
  void shouldSayNothingOfABrokerThatComesBackAtItsOwnAddress() {
    // given
    first.registerNow();
    network.calm();

    // when: it has ended without a farewell
    registration(FIRST).registerNow();
    network.calm();

    // then
    assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
  }

  private RouteRegistration registration(String address) {
    return new RouteRegistration(
        new BrokerIdentity("broker-a", "DefaultCluster", address, 0),
        new RouteNews(List.of(SERVER), broker.clock.ticker(), () -> {}),
        () -> new TopicsOfCatalog(broker.topics, 0),
        network,
        broker.clock.ticker());
  }

  private void turn(RouteRegistration routes) {
    do {
      network.calm();
    } while (routes.turn() > 0);
    network.calm();
  }

  private List<String> warnings(String of) {
    return logged.list.stream()
        .filter(event -> event.getLevel() == Level.WARN && event.getLoggerName().startsWith(of))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
