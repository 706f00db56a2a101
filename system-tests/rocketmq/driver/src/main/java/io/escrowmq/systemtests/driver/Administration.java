package io.escrowmq.systemtests.driver;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.tools.command.MQAdminStartup;

/** mqadmin inside this process (a JVM for each command would cost a second), and bare requests. */
final class Administration implements AdminDriver {

  private static final long REQUEST_MILLIS = 5000;

  private final NettyRemotingClient transport;

  Administration() {
    transport = new NettyRemotingClient(new NettyClientConfig());
    transport.start();
  }

  // synchronized: the output of one command at a time is caught
  @Override
  public synchronized String mqadmin(List<String> arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    try (PrintStream caught = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(caught);
      System.setErr(caught);
      forgetCommands();
      MQAdminStartup.main0(arguments.toArray(new String[0]), null);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /**
   * Some commands keep a client that they shut down after their first use: they expect a process of their own. So
   * each run gets new commands. The list of them has another name in each version.
   */
  private static void forgetCommands() {
    for (Field field : MQAdminStartup.class.getDeclaredFields()) {
      if (List.class.isAssignableFrom(field.getType())) {
        field.setAccessible(true);
        ExceptionTranslator.run(() -> ((List<?>) field.get(null)).clear());
      }
    }
  }

  @Override
  public Answer request(String address, int code, Map<String, String> fields, String body) {
    RemotingCommand request = RemotingCommand.createRequestCommand(code, null);
    fields.forEach(request::addExtField);
    if (!body.isEmpty()) {
      request.setBody(body.getBytes(StandardCharsets.ISO_8859_1));
    }
    RemotingCommand response =
        ExceptionTranslator.get(() -> transport.invokeSync(address, request, REQUEST_MILLIS));
    HashMap<String, String> answered = new HashMap<>();
    if (response.getExtFields() != null) {
      answered.putAll(response.getExtFields());
    }
    return new Answer(
        response.getCode(),
        Messages.orEmpty(response.getRemark()),
        answered,
        response.getBody() == null
            ? ""
            : new String(response.getBody(), StandardCharsets.ISO_8859_1));
  }
}
