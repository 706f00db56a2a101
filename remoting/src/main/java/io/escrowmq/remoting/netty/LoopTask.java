package io.escrowmq.remoting.netty;

/** Anything that is to run on an event loop, and may be put off when much work was done there. */
final class LoopTask extends OutboxTask {

  private final Runnable task;

  LoopTask(Runnable task) {
    this.task = task;
  }

  @Override
  void run() {
    task.run();
  }

  @Override
  void discard() {}

  @Override
  boolean mayBePutOff() {
    return true;
  }
}
