package dev.vinery.cli;

import dev.vinery.cli.Flag.Group;
import dev.vinery.cli.Flag.Kind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The text of `vineyardd --help`.
final class DaemonHelp {
  private static final int WIDTH_COLUMNS = 80;
  private static final int INDENT_COLUMNS = 30;

  private DaemonHelp() {}

  static void print(PrintStream out) {
    out.print(
        """
        Usage: vineyardd [--flag=value ...]

        Keeps objects in shared memory for the processes of this host, and for other
        hosts over TCP. Serves clients of Vineyard %s. Ends in order on SIGTERM,
        SIGINT and SIGHUP; everything it holds goes with it.

        A value follows after '=' or as the next argument. A switch is on by its name,
        and off by --noNAME or --NAME=false. One dash is as good as two.
        --flagfile=PATH reads flags from a file, one a line. Of two values for one
        flag the later counts.
        """
            .formatted(Version.PROTOCOL));
    for (Group group : Group.values()) {
      out.println();
      out.println(group.title());
      for (Flag flag : DaemonFlags.all()) {
        if (flag.group() == group && !flag.meaning().isEmpty()) {
          print(flag, out);
        }
      }
    }
    String quiet =
        DaemonFlags.all().stream()
            .filter(flag -> flag.support() == Flag.Support.WITHOUT_EFFECT)
            .filter(flag -> flag.meaning().isEmpty())
            .map(Flag::name)
            .collect(Collectors.joining(" "));
    out.println("  and without effect:");
    wrap(quiet, WIDTH_COLUMNS - 4).forEach(line -> out.println("    " + line));
    out.print(
        """

        [later] belongs to a feature that this version does not have: accepted, and
        named in a warning where it would matter. [no effect] is accepted because the
        reference daemon has it.

        Environment: MY_HOST_NAME and MY_NODE_NAME replace the name of the host; HOME
        is where the socket is looked for; GLOG_v, GLOG_minloglevel and the like preset
        the flags for logging.

        Exit status: 0 after an orderly stop; 1 if the daemon cannot start, or cannot
        stop in order; 2 if a flag is wrong.

        Examples:
          vineyardd --size 2G --socket /tmp/vineyard.sock
          vineyardd --size 16G --reserve_memory --socket_mode=770 --norpc
        """);
  }

  private static void print(Flag flag, PrintStream out) {
    String form =
        flag.kind() == Kind.SWITCH
            ? "  --" + flag.name()
            : "  --" + flag.name() + "=" + flag.placeholder();
    String left = form;
    if (form.length() >= INDENT_COLUMNS) {
      out.println(form);
      left = "";
    }
    for (String line : wrap(meaning(flag), WIDTH_COLUMNS - INDENT_COLUMNS)) {
      out.println(left + " ".repeat(INDENT_COLUMNS - left.length()) + line);
      left = "";
    }
  }

  private static String meaning(Flag flag) {
    String mark =
        switch (flag.support()) {
          case WORKS -> "";
          case LATER -> " [later]";
          case WITHOUT_EFFECT -> " [no effect]";
        };
    boolean plain = flag.initial().isEmpty() || flag.initial().equals("false");
    String initial = plain ? "" : " (default: " + flag.initial() + ")";
    return flag.meaning() + initial + mark;
  }

  /// Breaks a text between words into lines of at most so many columns.
  static List<String> wrap(String text, int columns) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
