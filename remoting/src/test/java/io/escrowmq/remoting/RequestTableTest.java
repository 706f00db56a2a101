package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.BadMessageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestTableTest {

  private final List<Reply> replies = new ArrayList<>();

  private final RequestTable table = RequestTable.of(
      RequestTable.on(
          RequestCode.SEND_MESSAGE,
          fields -> fields.requiredInt("queueId"),
          Permission.WRITE,
          (call, queueId) -> {
            throw new BadMessageException("the batch is empty");
          }),
      RequestTable.on(RequestCode.POP_MESSAGE, HeaderReader.RAW, Permission.READ, (call, h) -> {
        throw new BadBodyException("the body ends too early");
      }));

  @Test
  void shouldAnswerUnknownCodesWithCodeThree() {
    for (int code : new int[] {-1, 0, 11, 1_023, 1_024, 200_051, Integer.MAX_VALUE}) {
      table.dispatch(new CallOf(code, new MapFields()));

      assertThat(replies).last().satisfies(reply -> {
        assertThat(reply.code()).isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
        assertThat(reply.remark()).contains(String.valueOf(code));
      });
    }
  }

  @Test
  void shouldAnswerWhatCannotBeReadWithAReasonAndNoFailure() {
    // given
    MapFields fields = new MapFields();
    fields.put("queueId", "x");

    // when
    table.dispatch(new CallOf(10, fields));
    fields.put("queueId", 1);
    table.dispatch(new CallOf(10, fields));
    table.dispatch(new CallOf(200_050, fields));

    // then
    assertThat(replies)
        .extracting(Reply::code)
        .containsExactly(
            ResponseCode.SYSTEM_ERROR, ResponseCode.MESSAGE_ILLEGAL, ResponseCode.SYSTEM_ERROR);
    assertThat(replies)
        .extracting(Reply::remark)
        .containsExactly(
            "the header field 'queueId' is not a 32-bit number: 'x' in SEND_MESSAGE",
            "the batch is empty in SEND_MESSAGE",
            "the body ends too early in POP_MESSAGE");
  }

  @Test
  void shouldRefuseACodeThatStandsTwice() {
    RequestTable.Entry<Fields> entry = RequestTable.on(
        RequestCode.POP_MESSAGE, HeaderReader.RAW, Permission.READ, (call, header) -> {});

    assertThatThrownBy(() -> RequestTable.of(entry, entry))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> table.and(RequestTable.of(entry)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(table.codes()).containsExactly(10, 200_050);
  }

  private final class CallOf implements Call {

    private final int code;
    private final Fields fields;

    CallOf(int code, Fields fields) {
      this.code = code;
      this.fields = fields;
    }

    @Override
    public int code() {
      return code;
    }

    @Override
    public int version() {
      return 513;
    }

    @Override
    public String language() {
      return "JAVA";
    }

    @Override
    public boolean isOneWay() {
      return false;
    }

    @Override
    public Fields fields() {
      return fields;
    }

    @Override
    public ByteBuffer body() {
      return ByteBuffer.allocate(0);
    }

    @Override
    public Connection connection() {
      throw new UnsupportedOperationException("these calls came from nowhere");
    }

    @Override
    public void giveWay() {}

    @Override
    public void reply(Reply reply) {
      replies.add(reply);
    }
  }

  @Test
  void shouldLetEveryRequestThroughWithItsPermissionAndWithNoOther() {
    // given
    List<Permission> every = List.copyOf(EnumSet.allOf(Permission.class));
    List<Permission> handled = new ArrayList<>();
    for (Permission needed : every) {
      RequestTable all = RequestTable.of(Arrays.stream(RequestCode.values())
          .map(code -> RequestTable.on(
              code, HeaderReader.RAW, needed, (call, header) -> handled.add(needed)))
          .toArray(RequestTable.Entry<?>[]::new));
      for (int bits = 0; bits < 1 << every.size(); bits++) {
        Set<Permission> allowed = EnumSet.noneOf(Permission.class);
        for (int i = 0; i < every.size(); i++) {
          if ((bits >> i & 1) == 1) {
            allowed.add(every.get(i));
          }
        }
        RequestTable gated = all.behind(Gate.of(Policy.forAll(allowed)));

        for (RequestCode code : RequestCode.values()) {
          // when
          handled.clear();
          replies.clear();
          gated.dispatch(new CallOf(code.number(), new MapFields()));

          // then
          if (allowed.contains(needed)) {
            assertThat(handled).as("%s needs %s", code, needed).containsExactly(needed);
          } else {
            assertThat(handled).as("%s needs %s of %s", code, needed, allowed).isEmpty();
            assertThat(replies).singleElement().satisfies(reply -> {
              assertThat(reply.code()).isEqualTo(ResponseCode.NO_PERMISSION);
              assertThat(reply.remark())
                  .contains(code.name(), needed.word(), "security.anonymous-permissions");
            });
          }
        }
      }
    }
  }

  @Test
  void shouldKeepTheGateWhenTablesAreJoined() {
    // given
    RequestTable gated =
        table.behind(Gate.of(Policy.forAll(Set.of(Permission.READ)))).and(RequestTable.of());

    // when
    gated.dispatch(new CallOf(RequestCode.SEND_MESSAGE.number(), new MapFields()));

    // then
    assertThat(replies)
        .singleElement()
        .satisfies(reply -> assertThat(reply.remark())
            .isEqualTo(
                "SEND_MESSAGE needs the permission write; whoever has not logged in has read here"
                    + " (security.anonymous-permissions)"));
  }
}
