package io.escrowmq.remoting.frame;

import java.nio.charset.StandardCharsets;

/** The languages that peers are written in: a name in JSON, its place in this list in binary. */
final class Languages {

  static final String JAVA = "JAVA";

  private static final String[] NAMES = {
    JAVA, "CPP", "DOTNET", "PYTHON", "DELPHI", "ERLANG", "RUBY", "OTHER", "HTTP", "GO", "PHP",
    "OMS", "RUST", "NODE_JS"
  };

  private Languages() {}

  static String of(int code) {
    return code >= 0 && code < NAMES.length ? NAMES[code] : "OTHER";
  }

  /** The name that these bytes spell; one of the known ones costs no string. */
  static String of(byte[] bytes, int from, int length) {
    for (String name : NAMES) {
      if (Ascii.equal(name, bytes, from, length)) {
        return name;
      }
    }
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
