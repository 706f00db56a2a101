package io.escrowmq.namesrv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.util.HexFormat;
import java.util.List;

/** What brokers say of themselves. */
class NamesrvFuzzTest extends FuzzContract {

  private static final int MOST_TOPICS = 100;

  private static final String PLAIN = "{\"filterServerList\":[],\"topicConfigSerializeWrapper\":"
      + "{\"dataVersion\":{\"counter\":2,\"stateVersion\":0,\"timestamp\":1},\"topicConfigTable\":"
      + "{\"T\":{\"attributes\":{},\"order\":false,\"perm\":6,\"readQueueNums\":8,\"topicName\":\"T\","
      + "\"topicFilterType\":\"SINGLE_TAG\",\"topicSysFlag\":0,\"writeQueueNums\":8}}}}";

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(
        FuzzTarget.of("plain-registrations", input -> read(input, false))
            .refusingWith(BadBodyException.class)
            .reading(PLAIN),
        FuzzTarget.of("compressed-registrations", input -> read(input, true))
            .refusingWith(BadBodyException.class)
            .reading(Bodies.compressedOneTopic())
            .taking(4 << 20, 10_000),
        // as if somebody had compressed it: a search does not find its way through a compression
        FuzzTarget.of("expanded-registrations", input -> read(Bodies.deflated(input), true))
            .refusingWith(BadBodyException.class)
            .reading(ONE_TOPIC)
            .taking(4 << 20, 200));
  }

  private static final byte[] ONE_TOPIC = HexFormat.of()
      .parseHex("0000002c7b22636f756e746572223a322c22737461746556657273696f6e223a302c227469"
          + "6d657374616d70223a317d0000000100000015542038203820362053494e474c455f544147207b7d"
          + "000000025b5d00000000");

  private static void read(byte[] input, boolean compressed) {
    RegistrationBody body = RegistrationBody.read(input, compressed, MOST_TOPICS);
    assertThat(body.topics()).hasSizeLessThanOrEqualTo(MOST_TOPICS);
    body.topics().forEach((name, queues) -> {
      assertThat(name.getBytes(UTF_8).length).isLessThanOrEqualTo(64 << 10);
      assertThat(NameRules.topicRefusal(name, queues)).isNull();
    });
  }
}
