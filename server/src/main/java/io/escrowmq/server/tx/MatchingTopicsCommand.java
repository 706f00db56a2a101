package io.escrowmq.server.tx;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.body.TopicList;
import io.escrowmq.remoting.body.TopicTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.AllTopicConfigHeader;
import io.escrowmq.remoting.header.AllTopicConfigResponseHeader;
import io.escrowmq.remoting.header.DeleteTopicInNamesrvHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.server.tx.Brokers.Master;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists or deletes the topics whose names match, on every broker. */
@Command(mixinStandardHelpOptions = true)
final class MatchingTopicsCommand implements Callable<Integer> {

  /** What is done with topics that match. */
  enum Action {
    LIST("Prints the names of topics that match."),
    DELETE("Deletes topics that match, with their messages. Try it with --dry-run first.");

    private final String description;

    Action(String description) {
      this.description = description;
    }

    String description() {
      return description;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int PAGE = 2_000;

  @Option(
      names = "--matching",
      paramLabel = "REGEX",
      description = {
        "Which topics: a regular expression that the whole name matches.",
        "list: all by default."
      })
  private @Nullable Pattern matching;

  @Option(names = "--dry-run", description = "delete: only say what would be deleted.")
  private boolean dryRun;

  @Spec
  private @Nullable CommandSpec spec;

  @Mixin
  private final NameServerOptions options = new NameServerOptions();

  private final Action action;
  private final Doors doors;

  MatchingTopicsCommand(Action action, Doors doors) {
    this.action = action;
    this.doors = doors;
  }

  @Override
  public Integer call() {
    Predicate<String> wanted = wanted();
    TreeSet<String> found = new TreeSet<>();
    TreeSet<String> deleted = new TreeSet<>();
    try (Brokers brokers = options.brokers(doors)) {
      Optional<TxException> failure = brokers.eachMaster(master -> {
        List<String> names = names(brokers, master).filter(wanted).toList();
        found.addAll(names);
        if (action == Action.LIST || dryRun || names.isEmpty()) {
          return;
        }
        brokers.askAll(
            master.address(),
            names.stream()
                .map(name -> Request.of(RequestCode.DELETE_TOPIC_IN_BROKER, new TopicHeader(name)))
                .toList());
        deleted.addAll(names);
        doors
            .out()
            .println(master.name() + ": "
                + (names.size() == 1
                    ? "1 topic is deleted."
                    : names.size() + " topics are deleted."));
      });
      if (found.isEmpty()) {
        doors.out().println("No topic matches.");
      } else if (action == Action.LIST || dryRun) {
        found.forEach(doors.out()::println);
      }
      brokers.tellNameServers(deleted.stream()
          .map(name -> Request.of(
              RequestCode.DELETE_TOPIC_IN_NAMESRV, new DeleteTopicInNamesrvHeader(name, null)))
          .toList());
      doors.out().flush();
      failure.ifPresent(e -> {
        throw e;
      });
    }
    return 0;
  }

  private Predicate<String> wanted() {
    if (action == Action.LIST && dryRun) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "'--dry-run' is for delete; list changes nothing");
    }
    if (matching != null) {
      return matching.asMatchPredicate();
    }
    if (action == Action.DELETE) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "Missing required option: '--matching=REGEX'");
    }
    return name -> true;
  }

  /** Page by page; begins anew when topics change meanwhile. */
  private Stream<String> names(Brokers brokers, Master master) {
    TreeSet<String> names = new TreeSet<>();
    String version = "";
    int total;
    do {
      Request request = Request.of(
          RequestCode.GET_ALL_TOPIC_CONFIG, new AllTopicConfigHeader(names.size(), version, PAGE));
      Page page = brokers.ask(
          master.address(),
          request,
          answer -> new Page(
              TopicTable.read(answer.body()),
              AllTopicConfigResponseHeader.FIELDS.read(answer.fields()).total()));
      String now = new String(page.table.version().toBytes(), UTF_8);
      if (!version.isEmpty() && !now.equals(version)) {
        names.clear();
      }
      version = now;
      total = page.total;
      if (page.table.topics().isEmpty()) {
        break;
      }
      names.addAll(page.table.topics().keySet());
    } while (names.size() < total);
    if (action == Action.DELETE) {
      names.removeAll(brokers.ask(
          master.address(),
          Request.of(RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER, WireHeader.NONE),
          answer -> TopicList.read(answer.body()).topics()));
    }
    return names.stream();
  }

  private record Page(TopicTable table, int total) {}
}
