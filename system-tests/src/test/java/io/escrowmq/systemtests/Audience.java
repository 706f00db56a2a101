package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.PushPlan;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * Two consumer groups that have listened to a topic of one queue from its beginning: one takes messages
 * concurrently, one in order. Owner: the test.
 */
final class Audience {

  private static final String END = "the end";
  private static final int PATIENCE_SECONDS = 30;

  /** A client of 4.9 may notice only when a pull that waited at the server times out, after 30 s. */
  private static final int PATIENCE_AFTER_A_KILL_SECONDS = 75;

  private final Clients clients;
  private final String topic;
  private final String concurrent;
  private final String orderly;

  Audience(Clients clients, String topic) {
    this.clients = clients;
    this.topic = topic;
    concurrent = clients.push(clients.freshGroup(), topic);
    orderly = clients.push(clients.freshGroup(), topic, PushPlan::inOrder);
  }

  /** Returns when both have been given all these. */
  void await(String... bodies) {
    await(PATIENCE_SECONDS, bodies);
  }

  private void await(int seconds, String... bodies) {
    within(seconds).untilAsserted(() -> {
      assertThat(given(concurrent)).contains(bodies);
      assertThat(given(orderly)).contains(bodies);
    });
  }

  /** Both were given these in this order, each once, and nothing else, up to a message behind them. */
  void sawOnly(String... bodies) {
    awaitEnd(PATIENCE_SECONDS, bodies);
    assertThat(given(concurrent)).containsExactlyInAnyOrderElementsOf(withEnd(bodies));
    assertThat(given(orderly)).containsExactlyElementsOf(withEnd(bodies));
  }

  /** As {@link #sawOnly}, but in whatever order: so it is when checks find out how transactions ended. */
  void sawOnlyInAnyOrder(String... bodies) {
    awaitEnd(PATIENCE_SECONDS, bodies);
    assertThat(given(concurrent)).containsExactlyInAnyOrderElementsOf(withEnd(bodies));
    assertThat(given(orderly)).containsExactlyInAnyOrderElementsOf(withEnd(bodies));
  }

  /** As {@link #sawOnly}, but some perhaps again: so it is after a server was killed. */
  void sawAtLeastOnceOnly(String... bodies) {
    awaitEnd(PATIENCE_AFTER_A_KILL_SECONDS, bodies);
    assertThat(given(concurrent)).hasSameElementsAs(withEnd(bodies));
    assertThat(given(orderly)).hasSameElementsAs(withEnd(bodies));
  }

  private void awaitEnd(int seconds, String... bodies) {
    await(seconds, bodies);
    String producer = clients.producer();
    // after a restart the first attempts may find a connection that is gone
    within(30)
        .ignoreExceptions()
        .until(() -> clients
            .driver()
            .send(producer, OutgoingMessage.to(topic, END))
            .status()
            .equals("SEND_OK"));
    await(seconds, END);
  }

  private static List<String> withEnd(String... bodies) {
    List<String> all = new ArrayList<>(List.of(bodies));
    all.add(END);
    return all;
  }

  private List<String> given(String consumer) {
    return clients.driver().received(consumer).stream()
        .map(ReceivedMessage::body)
        .toList();
  }

  /** The message with this body as it was first given to a consumer. */
  ReceivedMessage first(String body) {
    await(body);
    return clients.driver().received(concurrent).stream()
        .filter(message -> message.body().equals(body))
        .findFirst()
        .orElseThrow();
  }
}
