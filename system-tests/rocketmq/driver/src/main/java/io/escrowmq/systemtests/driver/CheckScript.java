package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What a transactional producer answers when the broker asks it. Immutable.
 *
 * @param otherwise for the messages that are not named
 * @param byBody for the messages with these bodies
 */
public record CheckScript(LocalOutcome otherwise, Map<String, LocalOutcome> byBody)
    implements Serializable {

  public static CheckScript always(LocalOutcome outcome) {
    return new CheckScript(outcome, new HashMap<>());
  }

  public CheckScript but(String body, LocalOutcome outcome) {
    Map<String, LocalOutcome> more = new HashMap<>(byBody);
    more.put(body, outcome);
    return new CheckScript(otherwise, more);
  }

  LocalOutcome answerFor(String body) {
    return byBody.getOrDefault(body, otherwise);
  }
}
