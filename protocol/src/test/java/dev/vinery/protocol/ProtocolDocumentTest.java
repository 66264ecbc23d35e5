package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whether the page about the protocol says what the code does.
class ProtocolDocumentTest {
  private static final Pattern HEADING = Pattern.compile("### `(\\w+)` → (.*)");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");
  private static final int BYTES_A_ROW = 16;

  /// Alternatives that we read and never print.
  private static final Set<String> ONLY_READ = Set.of("get_buffers_request.ids");

  private static final Payload NEW_BLOB =
      new Payload(new ObjectId(0x9a1f3c0de4000001L), 1, 64, 100, 2_147_483_656L, 0, false, true);

  private final List<String> lines = Files.readAllLines(Path.of("..", "docs", "protocol.md"));

  ProtocolDocumentTest() throws IOException {}

  /// The tables below the headings: fields by message.
  private final class Tables {
    final Map<String, Set<String>> requests = new TreeMap<>();
    final Map<String, Set<String>> required = new TreeMap<>();
    final Map<String, Set<String>> replies = new TreeMap<>();

    Tables() {
      String request = "";
      String reply = "";
      for (int i = 0; i < lines.size(); i++) {
        Matcher heading = HEADING.matcher(lines.get(i));
        if (heading.matches()) {
          request = heading.group(1);
          requests.put(request, Set.of());
          Matcher replyName = CODE.matcher(heading.group(2));
          if (replyName.matches()) {
            reply = replyName.group(1);
            replies.putIfAbsent(reply, Set.of());
          }
        } else if (lines.get(i).startsWith("| request field |")) {
          requests.put(request, names(i, _ -> true));
          Set<String> fields = names(i, row -> cell(row, 4).startsWith("required"));
          if (!fields.isEmpty()) {
            required.put(request, fields);
          }
        } else if (lines.get(i).startsWith("| reply field |")) {
          replies.put(reply, names(i, _ -> true));
        }
      }
    }
  }

  @Test
  void everyRequestHasItsFieldsInATable() {
    Map<String, Set<String>> printed = new TreeMap<>();
    for (Request sample : Samples.REQUESTS) {
      if (!(sample instanceof Request.Unsupported)) {
        add(Messages.tree(sample), printed);
      }
    }
    Map<String, Set<String>> told = new Tables().requests;
    told.replaceAll((type, fields) ->
        fields.stream()
            .filter(field -> !ONLY_READ.contains(type + "." + field))
            .collect(Collectors.toCollection(TreeSet::new)));

    assertThat(told).isEqualTo(printed);
  }

  @Test
  void fieldsWithoutADefaultAreCalledRequired() {
    Map<String, Set<String>> required = new TreeMap<>();
    RequestCodecTest.REQUIRED.forEach((type, fields) ->
        required.put(
            type,
            fields.stream()
                .map(ProtocolDocumentTest::withoutNumber)
                .collect(Collectors.toCollection(TreeSet::new))));

    assertThat(new Tables().required).isEqualTo(required);
  }

  @Test
  void everyReplyHasItsFieldsInATable() {
    Map<String, Set<String>> printed = new TreeMap<>();
    for (Reply sample : Samples.REPLIES) {
      if (!(sample instanceof Reply.Failed)) {
        add(Messages.tree(sample), printed);
      }
    }

    assertThat(new Tables().replies).isEqualTo(printed);
  }

  @Test
  void everyFieldOfAPayloadIsInATable() {
    Set<String> payload =
        Messages.tree(new BlobReply.Created(Samples.PAYLOAD, -1))
            .fields("created")
            .values()
            .keySet();
    Set<String> plasma =
        new TreeSet<>(
            Messages.tree(new PlasmaReply.Created(Samples.BLOB, Samples.PLASMA_PAYLOAD, -1))
                .fields("created")
                .values()
                .keySet());
    plasma.removeAll(payload);

    assertThat(table("| payload field |")).isEqualTo(payload);
    assertThat(table("| plasma payload field |")).isEqualTo(plasma);
  }

  @Test
  void everyStatusIsInATable() {
    List<String> told = new ArrayList<>();
    for (int i = lines.indexOf("| code | status | when we send it |") + 2; isRow(i); i++) {
      told.add(cell(i, 1) + " " + cell(i, 2));
    }

    assertThat(told)
        .isEqualTo(
            Arrays.stream(Status.values())
                .map(status -> status.code() + " `" + status + "`")
                .toList());
  }

  @Test
  void everyRefusedCommandIsInATableWithItsStatus() {
    Map<String, String> told = new HashMap<>();
    for (int i = lines.indexOf("| refused command | code |") + 2; isRow(i); i++) {
      told.put(name(i), cell(i, 2));
    }
    Map<String, String> refused = new HashMap<>();
    for (Request sample : Samples.REQUESTS) {
      if (sample instanceof Request.Unsupported(var type, var status, _)) {
        refused.put(type, Integer.toString(status.code()));
      }
    }

    assertThat(told).isEqualTo(refused);
  }

  @Test
  void limitsOfFramesAndTextsAreTold() {
    for (int limit :
        new int[] {
          Frame.MAX_REQUEST_BYTES,
          Frame.MAX_REPLY_BYTES,
          JsonText.MAX_NESTING,
          JsonText.MAX_REQUEST_VALUES,
          JsonText.MAX_NUMBER_CHARS
        }) {
      assertThat(lines).anyMatch(line -> line.matches("\\|.*\\| " + limit + "\\b.*"));
    }
  }

  @Test
  void theDumpsAreWhatOurCodecPrints() {
    List<String> dumps =
        Stream.of(
                dump(
                    new SessionRequest.Register(
                        "0.24.2", SessionRequest.StoreType.NORMAL, 0, "", "")),
                dump(
                    new SessionReply.Registered(
                        "0.24.2", "/var/run/vineyard.sock", "0.0.0.0:0", 0, 0, true, true)),
                dump(new BlobRequest.Create(100)),
                dump(new BlobReply.Created(NEW_BLOB, 1)),
                dump(new NameRequest.Get("flights", false)),
                dump(new Reply.Failed(Status.OBJECT_NOT_FOUND, "no object is named 'flights'")))
            .flatMap(List::stream)
            .toList();

    assertThat(lines.stream().filter(line -> line.matches("[0-9a-f]{8}  .*\\|"))).isEqualTo(dumps);
  }

  private static List<String> dump(Request request) {
    var out = new JsonWriter();
    out.beginFrame();
    Codec.write(request, out);
    out.endFrame();
    return dump(out.toByteArray());
  }

  private static List<String> dump(Reply reply) {
    var out = new JsonWriter();
    out.beginFrame();
    Codec.write(reply, out);
    out.endFrame();
    return dump(out.toByteArray());
  }

  /// Rows of offset, bytes and ASCII, as `hexdump -C` prints them.
  private static List<String> dump(byte[] frame) {
    List<String> rows = new ArrayList<>();
    for (int from = 0; from < frame.length; from += BYTES_A_ROW) {
      var hex = new StringBuilder();
      var ascii = new StringBuilder();
      for (int i = from; i < Math.min(frame.length, from + BYTES_A_ROW); i++) {
        hex.append(i % 8 == 0 ? "  " : " ").append(HexFormat.of().toHexDigits(frame[i]));
        ascii.append(frame[i] >= ' ' && frame[i] < 0x7f ? (char) frame[i] : '.');
      }
      rows.add("%08x%-50s  |%s|".formatted(from, hex, ascii));
    }
    return rows;
  }

  /// Adds the fields of a message to those of its type; numbered ones count as one.
  private static void add(Json.Fields message, Map<String, Set<String>> fieldsByType) {
    Set<String> fields = fieldsByType.computeIfAbsent(message.text("type"), _ -> new TreeSet<>());
    for (String field : message.values().keySet()) {
      if (!field.equals("type")) {
        fields.add(withoutNumber(field));
      }
    }
  }

  private static String withoutNumber(String field) {
    return field.matches("\\d+") ? "0" : field;
  }

  private Set<String> table(String header) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(header)) {
        return names(i, _ -> true);
      }
    }
    throw new AssertionError("there is no table " + header);
  }

  /// The names in the first column of some rows of the table that begins with this line.
  private Set<String> names(int header, IntPredicate wanted) {
    Set<String> names = new TreeSet<>();
    for (int i = header + 2; isRow(i); i++) {
      if (wanted.test(i)) {
        names.add(name(i));
      }
    }
    return names;
  }

  private boolean isRow(int line) {
    return line < lines.size() && lines.get(line).startsWith("|");
  }

  private String cell(int line, int column) {
    return lines.get(line).split("\\|", -1)[column].strip();
  }

  private String name(int line) {
    Matcher name = CODE.matcher(cell(line, 1));
    assertThat(name.find()).as(lines.get(line)).isTrue();
    return name.group(1);
  }
}
