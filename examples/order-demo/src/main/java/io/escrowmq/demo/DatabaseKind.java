package io.escrowmq.demo;

/** Which database the services have. */
public enum DatabaseKind {
  H2("h2"),
  POSTGRES("postgres");

  private final String word;

  DatabaseKind(String word) {
    this.word = word;
  }

  /** Whether it is a process of its own, which can be killed. */
  public boolean isProcess() {
    return this == POSTGRES;
  }

  /** As the command line says it. */
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
