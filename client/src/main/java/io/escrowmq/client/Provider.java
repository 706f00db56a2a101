package io.escrowmq.client;

import java.util.Optional;
import java.util.ServiceLoader;

/** The library's own implementation of this package, looked up once. Any thread. */
final class Provider {

  // By the class loader of this package: a thread's may be that of another application.
  private static final Optional<ClientProvider> FOUND = ServiceLoader.load(
          ClientProvider.class, ClientProvider.class.getClassLoader())
      .findFirst();

  private Provider() {}

  static ClientProvider get() {
    return FOUND.orElseThrow(() -> new IllegalStateException(
        "no client can be made: META-INF/services/" + ClientProvider.class.getName()
            + " is not on the class path; a tool that merges jars must keep service files"));
  }
}
