package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.message.BadMessageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
    public void reply(Reply reply) {
      replies.add(reply);
    }
  }
}
