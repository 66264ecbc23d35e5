package dev.vinery.server;

import dev.vinery.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// Reads regular expressions as ECMAScript writes them, and classes such as `[:alpha:]` in
/// brackets.
///
/// Look-ahead and references to groups are not regular and are refused. Confined to one thread.
final class ExpressionParser {
  /// As a number of repetitions: without end.
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /// Groups that may stand one in another; each costs some depth of the stack.
  static final int MAX_NESTING = 100;

  private final String pattern;
  private int next;
  private int openGroups;

  /// What an expression is made of.
  sealed interface Node {
    /// One character of a set.
    record One(IntPredicate set) implements Node {}

    /// One after the other; none is the empty text.
    record Sequence(List<Node> nodes) implements Node {}

    /// One of several.
    record Choice(List<Node> nodes) implements Node {}

    /// @param max or [ExpressionParser#UNBOUNDED]
    record Repeat(Node node, int min, int max) implements Node {}

    /// A place between two characters.
    enum Place implements Node {
      START,
      END,
      WORD_EDGE,
      NO_WORD_EDGE
    }
  }

  /// The text is no expression.
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
      super(message);
    }
  }

  private ExpressionParser(String pattern) {
    this.pattern = pattern;
  }

  /// @throws SyntaxException if `pattern` is not an expression
  /// @throws ProtocolException if it is one, but not a regular one
  static Node parse(String pattern) throws SyntaxException {
    var parser = new ExpressionParser(pattern);
    Node node = parser.choice();
    if (parser.next < pattern.length()) {
      throw new SyntaxException("a parenthesis is closed that was not opened");
    }
    return node;
  }

  private Node choice() throws SyntaxException {
    List<Node> nodes = new ArrayList<>();
    nodes.add(sequence());
    while (take('|')) {
      nodes.add(sequence());
    }
    return nodes.size() == 1 ? nodes.getFirst() : new Node.Choice(nodes);
  }

  private Node sequence() throws SyntaxException {
    List<Node> nodes = new ArrayList<>();
    while (next < pattern.length() && !at('|') && !at(')')) {
      nodes.add(quantified());
    }
    return new Node.Sequence(nodes);
  }

  private Node quantified() throws SyntaxException {
    Node node = atom();
    if (node instanceof Node.Place) {
      return node; // a quantifier behind it is read as an atom, and refused
    }
    return switch (peek()) {
      case '*' -> repeat(node, 0, UNBOUNDED);
      case '+' -> repeat(node, 1, UNBOUNDED);
      case '?' -> repeat(node, 0, 1);
      case '{' -> counted(node);
      default -> node;
    };
  }

  private Node repeat(Node node, int min, int max) {
    next++;
    take('?'); // as few as possible or as many: a match of the whole text does not tell
    return new Node.Repeat(node, min, max);
  }

  private Node counted(Node node) throws SyntaxException {
    next++;
    int min = number();
    int max = min;
    if (take(',')) {
      max = at('}') ? UNBOUNDED : number();
    }
    if (!take('}') || max < min) {
      throw new SyntaxException("a number of repetitions is wrong");
    }
    take('?');
    return new Node.Repeat(node, min, max);
  }

  private int number() throws SyntaxException {
    int start = next;
    int number = 0;
    while (peek() >= '0' && peek() <= '9') {
      number = (int) Math.min(number * 10L + (peek() - '0'), UNBOUNDED - 1);
      next++;
    }
    if (start == next) {
      throw new SyntaxException("a number of repetitions is missing");
    }
    return number;
  }

  private Node atom() throws SyntaxException {
    int c = takeAny();
    return switch (c) {
      case '(' -> group();
      case '[' -> new Node.One(bracket());
      case '\\' -> escape();
      case '.' -> new Node.One(ExpressionParser::isNoLineEnd);
      case '^' -> Node.Place.START;
      case '$' -> Node.Place.END;
      case '*', '+', '?', '{' ->
          throw new SyntaxException("'" + Character.toString(c) + "' has nothing before it");
      default -> literal(c);
    };
  }

  private static Node literal(int wanted) {
    return new Node.One(c -> c == wanted);
  }

  private static boolean isNoLineEnd(int c) {
    return c != '\n' && c != '\r' && c != 0x2028 && c != 0x2029;
  }

  private Node group() throws SyntaxException {
    if (take('?') && !take(':')) {
      if (at('=') || at('!')) {
        throw new ProtocolException("a regular expression cannot look ahead here");
      }
      throw new SyntaxException("a group is of no known kind");
    }
    if (++openGroups > MAX_NESTING) {
      throw new ProtocolException(
          "a regular expression may have " + MAX_NESTING + " groups one in another");
    }
    Node node = choice();
    openGroups--;
    if (!take(')')) {
      throw new SyntaxException("a parenthesis is not closed");
    }
    return node;
  }

  private Node escape() throws SyntaxException {
    if (peek() >= '1' && peek() <= '9') {
      throw new ProtocolException("a regular expression cannot refer to a group here");
    }
    if (take('b')) {
      return Node.Place.WORD_EDGE;
    }
    if (take('B')) {
      return Node.Place.NO_WORD_EDGE;
    }
    IntPredicate set = CharacterSet.ofEscape(peek());
    if (set != null) {
      next++;
      return new Node.One(set);
    }
    return literal(escapedCharacter());
  }

  /// Reads the character that a backslash and what follows stand for.
  private int escapedCharacter() throws SyntaxException {
    int c = takeAny();
    return switch (c) {
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0b;
      case '0' -> 0;
      case 'c' -> takeAny() & 0x1f;
      case 'x' -> hexadecimal(2);
      case 'u' -> hexadecimal(4);
      default -> c;
    };
  }

  private int hexadecimal(int digits) throws SyntaxException {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(takeAny(), 16);
      if (digit < 0) {
        throw new SyntaxException("a hexadecimal digit is missing");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private IntPredicate bracket() throws SyntaxException {
    boolean negated = take('^');
    IntPredicate set = _ -> false;
    while (!take(']')) {
      set = set.or(range());
    }
    return negated ? set.negate() : set;
  }

  /// Reads a character, a range of them, or a class, inside a bracket.
  private IntPredicate range() throws SyntaxException {
    if (pattern.startsWith("[:", next)) {
      return namedClass();
    }
    if (at('\\') && next + 1 < pattern.length()) {
      IntPredicate set = CharacterSet.ofEscape(pattern.charAt(next + 1));
      if (set != null) {
        next += 2;
        return set;
      }
    }
    int low = bracketCharacter();
    if (!at('-') || pattern.startsWith("-]", next)) {
      return c -> c == low;
    }
    next++;
    int high = bracketCharacter();
    if (high < low) {
      throw new SyntaxException("a range runs backwards");
    }
    return c -> low <= c && c <= high;
  }

  private int bracketCharacter() throws SyntaxException {
    int c = takeAny();
    if (c != '\\') {
      return c;
    }
    return take('b') ? '\b' : escapedCharacter();
  }

  private IntPredicate namedClass() throws SyntaxException {
    int end = pattern.indexOf(":]", next + 2);
    IntPredicate set = end < 0 ? null : CharacterSet.ofName(pattern.substring(next + 2, end));
    if (set == null) {
      throw new SyntaxException("a class of characters is not known");
    }
    next = end + 2;
    return set;
  }

  private boolean at(char c) {
    return peek() == c;
  }

  /// The next character, or -1 at the end.
  private int peek() {
    return next < pattern.length() ? pattern.charAt(next) : -1;
  }

  private boolean take(char c) {
    boolean taken = at(c);
    if (taken) {
      next++;
    }
    return taken;
  }

  private int takeAny() throws SyntaxException {
    if (next >= pattern.length()) {
      throw new SyntaxException("the expression ends too early");
    }
    int c = pattern.codePointAt(next);
    next += Character.charCount(c);
    return c;
  }
}
