package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What became of the call with this id: a value (null for none), or a failure. */
record Reply(long id, @Nullable Object value, @Nullable DriverException failure)
    implements Serializable {}
