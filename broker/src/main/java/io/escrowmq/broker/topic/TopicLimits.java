package io.escrowmq.broker.topic;

/**
 * How many topics a broker has at most, those of groups' retries and its own included. Too low: new
 * ones are refused; too high: memory, about 1 KiB for each with its queues, a longer start, and
 * registrations that name servers do not take.
 *
 * @param byUse when there are so many, sends and new groups create no more
 * @param most when there are so many, operators create no more either, and no dead letter topic is
 */
public record TopicLimits(int byUse, int most) {

  /** What our name servers take of one broker. */
  public static final int LARGEST = 200_000;

  public static final TopicLimits DEFAULT = new TopicLimits(100_000, 150_000);

  public TopicLimits {
    if (byUse < 1 || most < byUse || most > LARGEST) {
      throw new IllegalArgumentException("topic.auto-create-max " + byUse
          + " must be 1 to topic.max, and topic.max " + most + " at most " + LARGEST);
    }
  }
}
