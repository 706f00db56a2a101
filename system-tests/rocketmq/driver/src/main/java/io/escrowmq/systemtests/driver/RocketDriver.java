package io.escrowmq.systemtests.driver;

/**
 * All that a test may ask of a driver process. Clients are known by a name that the test chooses; it is also
 * their instance name, so that several members of one group can live in one process.
 *
 * <p>Every method may throw {@link DriverException}, which tells what the client threw.
 */
public interface RocketDriver
    extends ProducerDriver,
        RequestDriver,
        TransactionDriver,
        PushDriver,
        PullDriver,
        AdminDriver,
        LoadDriver {}
