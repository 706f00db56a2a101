package io.escrowmq.remoting.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final Request NOTICE =
      Request.of(RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, WireHeader.NONE);

  private final Flushes flushes = new Flushes();
  private final LocalChannel channel = new LocalChannel(flushes);
  private final Loop loop = new Loop(channel.eventLoop());
  private final NettyConnection connection = new NettyConnection(
      channel,
      loop,
      RemotingSettings.forClient(),
      new Traffic(),
      new HeldBytes(Long.MAX_VALUE, List.of(), new Traffic()));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void shouldFlushOnceForAllThatWasHandedOverBeforeTheLoopWokeUp() {
    // given
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int number = i;
      connection.execute(() -> {
        order.add(number);
        connection.notify(NOTICE);
      });
    }

    // when
    channel.runPendingTasks();

    // then
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(flushes.count).isEqualTo(1);
    assertThat(frames()).isEqualTo(10);
  }

  @Test
  void shouldWakeUpAgainForWhatComesLater() {
    // given
    connection.execute(() -> connection.notify(NOTICE));
    channel.runPendingTasks();

    // when
    connection.execute(() -> connection.notify(NOTICE));
    channel.runPendingTasks();

    // then
    assertThat(flushes.count).isEqualTo(2);
    assertThat(frames()).isEqualTo(2);
  }

  @Test
  void shouldGoOnAfterATaskThatFails() {
    // given
    connection.execute(() -> {
      throw new IllegalStateException("on purpose");
    });
    connection.execute(() -> connection.notify(NOTICE));

    // when
    channel.runPendingTasks();

    // then
    assertThat(frames()).isEqualTo(1);
  }

  @Test
  void shouldTellTheCallerThatThereIsNoMemoryForItsCall() {
    // given
    channel.config().setAllocator(new HeapAllocator(() -> {
      throw new OutOfMemoryError("as the test wants");
    }));

    // when
    CompletableFuture<Answer> answer =
        connection.call(NOTICE, Duration.ofSeconds(1)).toCompletableFuture();

    // then
    assertThat(answer)
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("there is no memory for it");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void shouldWriteWhatOthersWaitForBeforeMoreMuchWork() {
    // given
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String name = "work " + i;
      connection.execute(() -> {
        order.add(name);
        loop.giveWay();
      });
    }
    loop.hand(answer(order, "answer"));
    connection.execute(() -> {
      order.add("behind");
      loop.hand(answer(order, "late answer"));
    });

    // when: each time, tasks that are due are looked for once
    for (int round = 0; round < 4; round++) {
      channel.runPendingTasks();
    }

    // then
    assertThat(order)
        .containsExactly("work 0", "answer", "work 1", "work 2", "behind", "late answer");
  }

  private static OutboxTask answer(List<String> order, String name) {
    return new OutboxTask() {
      @Override
      void run() {
        order.add(name);
      }

      @Override
      void discard() {}
    };
  }

  private int frames() {
    int frames = 0;
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      while (out.isReadable()) {
        out.skipBytes(out.readInt());
        frames++;
      }
      out.release();
    }
    return frames;
  }

  private static final class Flushes extends ChannelOutboundHandlerAdapter {

    private int count;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      count++;
      ctx.flush();
    }
  }

  private static final class LocalChannel extends EmbeddedChannel {

    LocalChannel(Flushes flushes) {
      super(flushes);
    }

    @Override
    protected SocketAddress localAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    }
  }
}
