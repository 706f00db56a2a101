package io.escrowmq.remoting.netty;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.HeaderEncoding;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.RemotingException.Reason;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.frame.FrameHeader;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open connection. Its loop owns everything that is written: frames are gathered in a batch, which
 * goes to the socket when the turn ends.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // failed writes and closes arrive at the handler, as exception or
// as the end
final class NettyConnection implements Connection {

  private static final Logger LOG = LoggerFactory.getLogger(NettyConnection.class);

  private final Channel channel;
  private final Loop loop;
  private final RemotingSettings settings;
  private final Traffic traffic;
  private final HeldBytes budget;
  private final FrameBatch frames;
  private final PendingCalls pending;
  private final PeerSilence silence;
  private final InetSocketAddress remoteAddress;
  private final InetSocketAddress localAddress;
  private final long openedNanos;
  private final AtomicInteger opaques = new AtomicInteger();

  private final HeldShare held;
  private volatile boolean asked; // has sent a whole request; set by the loop

  // Owner of all that follows: the loop.
  private boolean reading; // between the first read and the end of reading, which flushes
  private boolean awaitsFlush; // stands in the loop's list
  private int unanswered; // requests of the peer, two-way ones
  private @Nullable Runnable relief; // what waits for the congestion's end

  NettyConnection(
      Channel channel, Loop loop, RemotingSettings settings, Traffic traffic, HeldBytes budget) {
    this.channel = channel;
    this.loop = loop;
    this.settings = settings;
    this.traffic = traffic;
    this.budget = budget;
    this.frames = new FrameBatch(channel, loop.header, settings.maxFrameBytes());
    this.held = new HeldShare(budget, frames::unreadBytes);
    this.silence = new PeerSilence(channel, loop, settings);
    this.pending = new PendingCalls(loop, settings.maxPending(), silence::missed);
    this.remoteAddress = (InetSocketAddress) channel.remoteAddress();
    this.localAddress = (InetSocketAddress) channel.localAddress();
    this.openedNanos = loop.nanoTime();
  }

  // What others keep by connection comes in an order that a simulation can know.
  @Override
  public int hashCode() {
    return channel.hashCode();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void notify(Request request) {
    loop.runOrHand(new OutgoingRequest(this, request, opaques.getAndIncrement(), 0, 0, null));
  }

  @Override
  public CompletionStage<Answer> call(Request request, Duration timeout) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    long now = loop.nanoTime();
    OutgoingRequest call = new OutgoingRequest(
        this, request, opaques.getAndIncrement(), now, now + timeout.toNanos(), answer);
    if (pending.admit()) {
      loop.runOrHand(call);
    } else {
      request.body().release();
      call.fail(
          Reason.TOO_MANY_PENDING,
          "at most " + settings.maxPending() + " calls may wait for an answer");
    }
    return answer;
  }

  @Override
  public void execute(Runnable task) {
    loop.hand(new LoopTask(task));
  }

  @Override
  public void onClose(Runnable action) {
    channel.closeFuture().addListener(closed -> action.run());
  }

  @Override
  public void close() {
    channel.close();
  }

  /** Closes when all that was answered so far has been given to the socket. */
  void closeWhenWritten() {
    execute(() -> {
      flush();
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    });
  }

  Loop loop() {
    return loop;
  }

  InetAddress remoteHost() {
    return remoteAddress.getAddress();
  }

  /** What the budget was told of this connection. */
  long heldBytes() {
    return held.bytes();
  }

  /** Tells the budget what has changed. Any thread. */
  void recountHeld() {
    held.recount();
  }

  /** Closes; counts as done at once, so that the budget does not close others meanwhile. */
  void closeAndLetGo() {
    held.letGo();
    channel.close();
  }

  // On the loop from here on.

  void writeAnswer(IncomingCall call, Reply reply) {
    try {
      if (channel.isActive() && !held.isLetGo()) {
        gathered(frames.append(call, reply));
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      writeFailure(call.encoding(), call.opaque(), e);
    } finally {
      reply.body().release();
    }
  }

  /** Answers a request that was refused unread. */
  void writeRefusal(HeaderEncoding encoding, int opaque, Reply refusal) {
    try {
      if (channel.isActive() && !held.isLetGo()) {
        gathered(frames.appendRefusal(encoding, opaque, refusal));
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      writeFailure(encoding, opaque, e);
    }
  }

  /** Tells the sender of a request why it has no answer; fails nobody else, whose answers may be next. */
  private void writeFailure(HeaderEncoding encoding, int opaque, Throwable why) {
    if (why instanceof OutOfMemoryError e) { // of direct memory: the heap's ends the process
      closeForMemory(e);
      return;
    }
    String remark;
    if (why instanceof FrameTooLongException) { // whoever asked for so much hears of it
      remark = "the answer is too long: " + why.getMessage() + "; ask for less";
    } else {
      LOG.error("an answer to {} could not be written", remoteAddress, why);
      remark = "the answer could not be written: " + why.getClass().getSimpleName();
    }
    try {
      Reply failure = Reply.refused(ResponseCode.SYSTEM_ERROR, remark);
      gathered(frames.appendRefusal(encoding, opaque, failure));
    } catch (OutOfMemoryError e) {
      closeForMemory(e);
    }
  }

  private void closeForMemory(OutOfMemoryError e) {
    LOG.error("closed {}: there is no memory for what is written to it", remoteAddress, e);
    budget.memoryIsShort();
    channel.close();
  }

  void writeRequest(OutgoingRequest call) {
    Request request = call.request;
    boolean oneWay = call.answer == null;
    try {
      if (!channel.isActive()) {
        refuse(call, Reason.NOT_CONNECTED, "the connection is closed");
        return;
      }
      gathered(frames.appendRequest(settings.requestHeaders(), call));
      if (!oneWay) {
        pending.add(call);
      }
    } catch (RuntimeException e) {
      if (oneWay) { // nobody else will tell
        LOG.warn("{} to {} could not be written: {}", request.code(), remoteAddress, e.toString());
      }
      refuse(call, Reason.NOT_WRITABLE, "it could not be written: " + e.getMessage());
    } catch (OutOfMemoryError e) { // of direct memory, as for answers
      refuse(call, Reason.NOT_WRITABLE, "there is no memory for it");
      closeForMemory(e);
    } finally {
      request.body().release();
    }
  }

  private void refuse(OutgoingRequest call, Reason reason, String why) {
    if (call.answer != null) {
      pending.dismiss();
      call.fail(reason, why);
    }
  }

  // The batch has one frame more, which is flushed with all that are read or written in this turn.
  private void gathered(long frameLength) {
    if (!reading) {
      loop.gathered(frameLength);
      if (!awaitsFlush) {
        awaitsFlush = true;
        loop.flushAfterTurn(this);
      }
    }
  }

  void flush() {
    awaitsFlush = false;
    long unread = frames.flush();
    closeIfTooSlow(unread);
    if ((unread > 0 || held.isAny()) && held.recount()) {
      budget.keep();
    }
    Runnable waiting = relief;
    if (waiting != null && !isCongested()) {
      relief = null;
      waiting.run();
    }
  }

  private void closeIfTooSlow(long unreadBytes) {
    // Of a channel that its peer has closed nothing is writable either.
    if (unreadBytes > settings.maxUnwrittenBytes() && channel.isActive()) {
      traffic.slowPeers.increment();
      LOG.warn(
          "closed {}: it does not read, and more than {} bytes wait for it",
          remoteAddress,
          settings.maxUnwrittenBytes());
      channel.close();
    }
  }

  /** Has the action run once when this connection is no longer congested. */
  void whenRelieved(Runnable action) {
    relief = action;
  }

  void beginReading() {
    if (!reading) {
      reading = true;
      silence.heard();
    }
  }

  /** For how long nothing was received. */
  PeerSilence silence() {
    return silence;
  }

  void endReading() {
    reading = false;
    flush();
  }

  /** So many bytes of frames are there that are not dispatched. */
  void holdInput(long bytes) {
    held.holdInput(bytes);
  }

  /** The peer has sent a whole request. */
  void countRequest() {
    if (!asked) {
      asked = true;
    }
  }

  /** What the rule for full servers wants to know. For any thread. */
  CrowdRule.Seat<NettyConnection> seat() {
    long age = loop.nanoTime() - openedNanos;
    return new CrowdRule.Seat<>(this, remoteHost(), age, silence.nanos(), asked);
  }

  /** A handler has failed at a request of the peer. */
  void countFailedHandler() {
    traffic.failedHandlers.increment();
  }

  /** A two-way request of the peer is on its way to a handler. */
  void countUnanswered() {
    unanswered++;
    if (unanswered == settings.maxPending()) {
      silence.pause();
    }
  }

  /** One of them has its answer. */
  void countAnswered() {
    if (unanswered == settings.maxPending()) {
      silence.resume();
    }
    unanswered--;
  }

  /** Whether no more requests are to be read: the peer has too many open, or does not read. */
  boolean isCongested() {
    return unanswered >= settings.maxPending() || !channel.isWritable();
  }

  boolean awaits(int opaque) {
    return pending.isWaitingFor(opaque);
  }

  void answered(FrameHeader header, byte[] body) {
    pending.complete(
        header.opaque(),
        new Answer(header.code(), header.version(), header.remark(), header.fields(), body));
  }

  void closed() {
    frames.drop();
    held.letGo();
    pending.failAll(Reason.CONNECTION_CLOSED, "the connection was closed");
  }

  @Override
  public String toString() {
    return remoteAddress.toString();
  }

  static RemotingException notConnected(String address, String why) {
    return new RemotingException(Reason.NOT_CONNECTED, "not connected to " + address + ": " + why);
  }
}
