package io.escrowmq.server.tx;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingException;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.ClusterTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.server.settings.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The brokers that an operator talks to, one after the other. One owner. */
final class Brokers implements AutoCloseable {

  /** The broker of a name that takes messages. */
  record Master(String name, String address) {}

  private static final long MASTER_ID = 0;
  private static final int AT_ONCE = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RemotingClient client;
  private final List<Endpoint> nameServers;

  Brokers(RemotingClient client, List<Endpoint> nameServers) {
    this.client = client;
    this.nameServers = List.copyOf(nameServers);
  }

  /**
   * Asks the broker at this address.
   *
   * @param reader makes of the answer what is wanted
   * @throws TxException when the broker refuses or is not reached
   */
  <T> T ask(String address, Request request, Function<Answer, T> reader) {
    return taken(address, client.call(address, request, PATIENCE).toCompletableFuture(), reader);
  }

  private static <T> T taken(
      String address, CompletableFuture<Answer> asked, Function<Answer, T> reader) {
    Answer answer;
    try {
      answer = asked.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RemotingException lost) {
        throw TxException.unreachable(notReached(address, lost));
      }
      throw e;
    }
    if (!answer.isOk()) {
      throw TxException.refused(refusal(address, answer.code(), answer.remark()));
    }
    try {
      return reader.apply(answer);
    } catch (BadInputException e) {
      throw TxException.refused(address + " answered what cannot be read: " + e.getMessage());
    }
  }

  /**
   * Asks all of these, many at a time, and waits for the last answer.
   *
   * @throws TxException when one is refused or not answered: the first of them, and how many there are
   */
  void askAll(String address, List<Request> requests) {
    List<TxException> failures = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += AT_ONCE) {
      List<Request> some = requests.subList(from, Math.min(from + AT_ONCE, requests.size()));
      List<CompletableFuture<Answer>> answers = some.stream()
          .map(request -> client.call(address, request, PATIENCE).toCompletableFuture())
          .toList();
      for (CompletableFuture<Answer> answer : answers) {
        try {
          taken(address, answer, told -> told);
        } catch (TxException e) {
          failures.add(e);
        }
      }
    }
    if (!failures.isEmpty()) {
      throw TxException.firstOf(failures, requests.size());
    }
  }

  /**
   * Asks every name server all of these; one that is not reached hears it from the brokers.
   *
   * @throws TxException when one refuses; the others were asked all the same
   */
  void tellNameServers(List<Request> requests) {
    List<TxException> refusals = new ArrayList<>();
    for (Endpoint nameServer : nameServers) {
      try {
        askAll(nameServer.toString(), requests);
      } catch (TxException e) {
        if (!e.isUnreachable()) {
          refusals.add(e);
        }
      }
    }
    if (!refusals.isEmpty()) {
      throw TxException.of(refusals, nameServers.size());
    }
  }

  private static String notReached(String address, RemotingException lost) {
    return switch (lost.reason()) {
      case NOT_CONNECTED, TOO_MANY_PENDING, NOT_WRITABLE -> String.valueOf(lost.getMessage());
      case TIMED_OUT, CONNECTION_CLOSED ->
        address + " did not answer; whether it did what was asked is not known. "
            + lost.getMessage();
    };
  }

  private static String refusal(String address, int code, @Nullable String remark) {
    String words = remark == null || remark.isBlank() ? "code " + code : remark;
    return address + " refused: " + words;
  }

  /**
   * Asks every master that the name servers know, in the order of their names; one that fails does
   * not keep the others from being asked.
   *
   * @return what failed
   * @throws TxException when no name server is reached, or none knows a master
   */
  Optional<TxException> eachMaster(Consumer<Master> question) {
    List<Master> masters = masters();
    List<TxException> failures = new ArrayList<>();
    for (Master master : masters) {
      try {
        question.accept(master);
      } catch (TxException e) {
        failures.add(e);
      }
    }
    return failures.isEmpty()
        ? Optional.empty()
        : Optional.of(TxException.of(failures, masters.size()));
  }

  private List<Master> masters() {
    Request request = Request.of(RequestCode.GET_BROKER_CLUSTER_INFO, WireHeader.NONE);
    List<TxException> failures = new ArrayList<>();
    for (Endpoint nameServer : nameServers) {
      try {
        List<Master> masters =
            ask(nameServer.toString(), request, answer -> mastersIn(answer.body()));
        if (masters.isEmpty()) {
          throw TxException.unreachable("The name server " + nameServer + " knows no master.");
        }
        return masters;
      } catch (TxException e) {
        failures.add(e);
      }
    }
    throw TxException.of(failures, nameServers.size());
  }

  private static List<Master> mastersIn(byte[] clusters) {
    List<Master> masters = new ArrayList<>();
    new TreeMap<>(ClusterTable.read(clusters).brokers()).forEach((name, broker) -> {
      String address = broker.addresses().get(MASTER_ID);
      if (address != null) {
        masters.add(new Master(name, address));
      }
    });
    return masters;
  }

  @Override
  public void close() {
    client.close();
  }
}
