package io.escrowmq.broker.topic;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants a topic to be like. Immutable.
 *
 * @param illegal why nobody may change a topic of this name; null when one may
 * @param after makes the topic from the attributes that it has; throws IllegalArgumentException,
 *     naming what is wrong. On the log loop, where no other change comes between.
 */
record TopicWish(
    String name, @Nullable String illegal, Function<Map<String, String>, Topic> after) {}
