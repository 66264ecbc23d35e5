package dev.vinery.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What running `vinery` in this process came to.
record Ran(int status, String out, String err) {
  static Ran withSocket(Path socket, String... arguments) {
    return with("--socket=" + socket, arguments);
  }

  static Ran withEndpoint(String endpoint, String... arguments) {
    return with("--endpoint=" + endpoint, arguments);
  }

  private static Ran with(String option, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(option);
    return vinery(Map.of(), all);
  }

  static Ran vinery(Map<String, String> environment, List<String> arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int status =
        VineryCommand.run(
            arguments,
            new Console(
                new PrintWriter(out, true), new PrintWriter(err, true), environment, false, false));
    return new Ran(status, out.toString(), err.toString());
  }
}
