package dev.vinery.cli;

/// A file that was to be put and cannot be. The message is one line that says where and why.
final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InputException(String message) {
    super(message);
  }

  InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
