package dev.vinery.cli;

/// A file that cannot be read, understood or written. The message is one line that says where and
/// why.
final class FileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FileException(String message) {
    super(message);
  }

  FileException(String message, Throwable cause) {
    super(message, cause);
  }
}
