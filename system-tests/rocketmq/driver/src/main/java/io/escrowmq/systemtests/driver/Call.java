package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import java.util.List;

/** One call on its way into the driver process. The names of the methods are unique, so the name is enough. */
record Call(long id, String method, List<Object> arguments) implements Serializable {}
