package dev.vinery.server;

import dev.vinery.protocol.ProtocolException;
import dev.vinery.server.ExpressionParser.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A regular expression that takes each character of a text once.
///
/// **Idea.** The expression becomes a machine of states, and what is followed is the set of all
/// states it may be in [1]. So there is nothing to go back to, and each character costs at most one
/// look at each state. A counted repetition is written out, so the number of states is bounded.
///
/// [1] K. Thompson: Regular expression search algorithm. CACM 11(6), 1968.
///
/// Confined to one thread.
final class Expression {
  /// States that one expression may have.
  static final int MAX_STATES = 10_000;

  /// The state in which a text matches.
  private static final int END = 0;

  private static final int NONE = -1;

  /// A state: it takes a character, or leads on at once, to one or two others.
  ///
  /// @param set what it takes; null if it leads on at once
  /// @param place where alone it leads on; null for everywhere
  private record State(
      @Nullable IntPredicate set, Node.@Nullable Place place, int first, int second) {}

  private final List<State> states = new ArrayList<>();
  private final int start;
  private final int[] stack;
  private final int[] entered;
  private int[] current;
  private int[] following;
  private int followingCount;
  private int round;
  private int looks;

  private Expression(Node node) {
    add(new State(null, null, NONE, NONE));
    this.start = compile(node, END);
    this.current = new int[states.size()];
    this.following = new int[states.size()];
    this.stack = new int[2 * states.size() + 1];
    this.entered = new int[states.size()];
  }

  /// @throws ExpressionParser.SyntaxException if `pattern` is not an expression
  /// @throws ProtocolException if it is not a regular one, or too large
  static Expression of(String pattern) throws ExpressionParser.SyntaxException {
    return new Expression(ExpressionParser.parse(pattern));
  }

  private int add(State state) {
    if (states.size() == MAX_STATES) {
      throw new ProtocolException(
          "a regular expression may have " + MAX_STATES + " states, repetitions written out");
    }
    states.add(state);
    return states.size() - 1;
  }

  /// Makes the states of a node, from its end to its start.
  ///
  /// @param end where it leads on
  /// @return where it starts
  private int compile(Node node, int end) {
    return switch (node) {
      case Node.One(var set) -> add(new State(set, null, end, NONE));
      case Node.Place place -> add(new State(null, place, end, NONE));
      case Node.Sequence(var nodes) -> {
        int next = end;
        for (Node part : nodes.reversed()) {
          next = compile(part, next);
        }
        yield next;
      }
      case Node.Choice(var nodes) -> {
        int next = compile(nodes.getLast(), end);
        for (Node part : nodes.reversed().subList(1, nodes.size())) {
          next = add(new State(null, null, compile(part, end), next));
        }
        yield next;
      }
      case Node.Repeat repeat -> compile(repeat, end);
    };
  }

  private int compile(Node.Repeat repeat, int end) {
    int next = end;
    if (repeat.max() == ExpressionParser.UNBOUNDED) {
      int loop = add(new State(null, null, NONE, NONE));
      states.set(loop, new State(null, null, compile(repeat.node(), loop), end));
      next = loop;
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        next = add(new State(null, null, compile(repeat.node(), next), end));
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      int before = states.size();
      next = compile(repeat.node(), next);
      if (states.size() == before) {
        break; // nothing, however often
      }
    }
    return next;
  }

  /// Whether the whole text matches.
  ///
  /// @param steps pays for every look at a state
  /// @throws ProtocolException if they do not suffice
  boolean matches(String text, Steps steps) {
    beginRound();
    enter(start, text, 0);
    int index = 0;
    while (index < text.length() && followingCount > 0) {
      int c = text.codePointAt(index);
      index += Character.charCount(c);
      int[] taken = following;
      int count = followingCount;
      following = current;
      current = taken;
      beginRound();
      for (int i = 0; i < count; i++) {
        State state = states.get(taken[i]);
        IntPredicate set = state.set();
        if (set != null && set.test(c)) {
          enter(state.first(), text, index);
        }
      }
      steps.take(count + looks);
    }
    return index == text.length() && hasEnded();
  }

  private void beginRound() {
    followingCount = 0;
    looks = 0;
    round++;
  }

  private boolean hasEnded() {
    for (int i = 0; i < followingCount; i++) {
      if (following[i] == END) {
        return true;
      }
    }
    return false;
  }

  /// Enters a state and those it leads on to at once.
  private void enter(int state, String text, int index) {
    int depth = 0;
    stack[depth++] = state;
    while (depth > 0) {
      int entering = stack[--depth];
      looks++;
      if (entering == NONE || entered[entering] == round) {
        continue;
      }
      entered[entering] = round;
      State entry = states.get(entering);
      if (entry.set() != null || entering == END) {
        following[followingCount++] = entering;
      } else if (isAt(entry.place(), text, index)) {
        stack[depth++] = entry.second();
        stack[depth++] = entry.first();
      }
    }
  }

  private static boolean isAt(Node.@Nullable Place place, String text, int index) {
    return switch (place) {
      case null -> true;
      case START -> index == 0;
      case END -> index == text.length();
      case WORD_EDGE -> isWordEdge(text, index);
      case NO_WORD_EDGE -> !isWordEdge(text, index);
    };
  }

  private static boolean isWordEdge(String text, int index) {
    boolean before = index > 0 && CharacterSet.isWord(text.charAt(index - 1));
    boolean after = index < text.length() && CharacterSet.isWord(text.charAt(index));
    return before != after;
  }
}
