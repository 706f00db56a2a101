package io.escrowmq.broker.topic;

import java.util.Map;
import java.util.function.Function;

/**
 * What an operator wants a topic to be like. Immutable.
 *
 * @param after makes the topic from the attributes that it has; throws IllegalArgumentException,
 *     naming what is wrong. On the log loop, where no other change comes between.
 */
record TopicWish(String name, Function<Map<String, String>, Topic> after) {}
