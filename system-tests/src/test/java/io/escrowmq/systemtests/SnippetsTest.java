package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.PullConsumer;
import io.escrowmq.client.StartFrom;
import io.escrowmq.client.TopicNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The examples of README, pages and package description do what is said of them: in an empty directory, with what
 * Maven gives to who depends on the client, on a server that has seen nothing before.
 */
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
@ResourceLock(TestBed.OWN_SERVERS_FOR_TRANSACTIONS)
final class SnippetsTest {

  private static final Duration A_WHILE = Duration.ofSeconds(60);

  private final ServerProcess server;
  private final EscrowClient client;

  @TempDir
  private Path directory;

  SnippetsTest(TestBed bed) {
    server = bed.startBoth("snippets", Map.of());
    client = EscrowClient.builder().nameServers(server.nameServer()).build();
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private NewUser reader(String page, String classPath) {
    return new NewUser(directory, page, classPath, server.nameServer());
  }

  @Test
  void shouldTellTheCoordinatesByWhichMavenFindsTheClient() throws IOException {
    // given
    String page = Files.readString(ClassPaths.source("docs/client.md"));
    String told = page.substring(page.indexOf("```xml\n") + 7, page.indexOf("</dependency>"));

    // when: the class path of all tests here is what Maven made of this
    String pom = Files.readString(ClassPaths.source("system-tests/new-user/pom.xml"));

    // then
    assertThat(pom).containsIgnoringWhitespaces(told);
  }

  @Test
  void shouldGreetAsInTheReadme() {
    try (NewUser reader = reader("README.md", ClassPaths.newUser())) {
      assertThat(reader.programs()).containsExactly("Hello");
      assertThat(reader.run("Hello")).contains("Hello");
    }
  }

  @Test
  void shouldSendAndConsumeAsOnThePageAboutTheClient() {
    try (NewUser reader = reader("docs/client.md", ClassPaths.newUser())) {
      assertThat(reader.programs()).containsExactly("Sending", "Prices", "Stock", "Audit");

      assertThat(reader.run("Sending")).anyMatch(line -> line.startsWith("another is in "));
      String[] sent = {"one teapot", "another", "these keep", "their order", "a", "b"};
      List<Delivery> orders = seen("orders", sent.length);
      assertThat(orders).extracting(Delivery::text).containsExactlyInAnyOrder(sent);
      assertThat(orders)
          .filteredOn(order -> order.text().equals("one teapot"))
          .allSatisfy(order -> {
            assertThat(order.tag()).isEqualTo("placed");
            assertThat(order.keys()).containsExactly("order-17");
            assertThat(order.properties()).containsEntry("price", "12");
          });
      assertThat(orders)
          .filteredOn(order -> "customer-3".equals(order.orderingKey()))
          .extracting(Delivery::text)
          .containsExactly("these keep", "their order");
      assertThat(seen("reminders", 0)).isEmpty();

      JavaProcess stock = reader.start("Stock");
      stock.awaitLine("reserved: ", A_WHILE);
      stock.enter();
      assertThat(reader.ended(stock))
          .filteredOn(line -> line.startsWith("reserved: "))
          .containsExactly("reserved: one teapot");

      assertThat(reader.run("Audit")).contains(sent);

      assertThat(reader.run("Prices")).contains("told: a teapot costs 12");
    }
  }

  @Test
  void shouldDoTransactionsAsOnTheirPage() throws SQLException {
    try (NewUser reader =
        reader("docs/transactions-client.md", ClassPaths.newUserWithDatabases())) {
      assertThat(reader.programs())
          .containsExactly("PlaceOrder", "ReserveStock", "PlaceOrderWithJta", "PlaceOrderInFile");

      reader.run("PlaceOrder");
      assertThat(bodies("orders", 1)).containsExactly("one teapot");
      assertThat(bodies("invoices", 1)).containsExactly("12 for one teapot");
      assertThat(number("orders", "SELECT count(*) FROM orders WHERE id = 17")).isEqualTo(1);

      JavaProcess stock = reader.start("ReserveStock");
      assertThat(bodies("stock-answers", 1)).containsExactly("reserved");
      try (Producer another = client.producer().build()) {
        another.send(Message.to("orders").body("another teapot"));
      }
      assertThat(bodies("stock-answers", 2)).containsExactlyInAnyOrder("reserved", "refused");
      stock.enter();
      reader.ended(stock);
      assertThat(number("stock", "SELECT teapots FROM stock")).isZero();

      reader.run("PlaceOrderWithJta");
      assertThat(bodies("jta-orders", 1)).containsExactly("two teapots");
      assertThat(number("orders", "SELECT count(*) FROM jta_orders")).isEqualTo(1);

      assertThat(reader.run("PlaceOrderInFile")).contains("COMMIT, confirmed: true");
      assertThat(bodies("file-orders", 1)).containsExactly("three teapots");
    }
  }

  @Test
  void shouldDoWhatThePackageDescriptionShows() throws SQLException {
    String description = "client/src/main/java/io/escrowmq/client/package-info.java";
    try (NewUser reader = reader(description, ClassPaths.newUserWithDatabases())) {
      assertThat(reader.programs()).containsExactly("SendOne", "PlaceOrder", "CountStock");

      assertThat(reader.run("SendOne")).anyMatch(line -> line.contains(" is in "));
      reader.run("PlaceOrder");
      assertThat(bodies("orders", 2)).containsExactlyInAnyOrder("one cup", "one teapot");
      assertThat(number("orders", "SELECT id FROM orders")).isEqualTo(17);

      JavaProcess stock = reader.start("CountStock");
      stock.awaitLine("took one cup", A_WHILE);
      stock.awaitLine("took one teapot", A_WHILE);
      stock.enter();
      reader.ended(stock);
      assertThat(number("stock", "SELECT pieces FROM stock")).isEqualTo(98);
    }
  }

  private List<String> bodies(String topic, int atLeast) {
    return seen(topic, atLeast).stream().map(Delivery::text).toList();
  }

  /** What lies in the topic, once there is as much. */
  private List<Delivery> seen(String topic, int atLeast) {
    within(60)
        .ignoreException(TopicNotFoundException.class) // it is created by the first send
        .until(() -> !client.queuesOf(topic).isEmpty());
    try (PullConsumer looker = client
        .pullConsumer("lookers")
        .assign(client.queuesOf(topic))
        .startFrom(StartFrom.begin())
        .build()) {
      List<Delivery> seen = new ArrayList<>();
      within(60).until(() -> {
        seen.addAll(looker.poll(Duration.ofSeconds(1)));
        return seen.size() >= atLeast;
      });
      return seen;
    }
  }

  /** The first number of a query in a database of the programs; none of them may run. */
  private long number(String database, String query) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:h2:" + directory.resolve(database));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }
}
