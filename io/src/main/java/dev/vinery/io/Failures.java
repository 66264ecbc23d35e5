package dev.vinery.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// What people are told when something cannot be read or written.
final class Failures {
  private Failures() {}

  /// The same failure, with a message that names the file.
  static IOException in(String file, IOException e) {
    String reason = reason(e);
    String whole = reason.startsWith(file) ? reason : file + ": " + reason;
    return whole.equals(e.getMessage()) ? e : new IOException(whole, e);
  }

  /// What is wrong, in one line.
  static String reason(Throwable e) {
    String message =
        switch (e) {
          case NoSuchFileException _ when hasOnlyName(e) ->
              e.getMessage() + ": there is no such file";
          case AccessDeniedException _ when hasOnlyName(e) ->
              e.getMessage() + ": permission denied";
          case FileSystemException file when file.getReason() != null ->
              file.getFile() + ": " + file.getReason();
          default -> e.getMessage();
        };
    return message == null
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  private static boolean hasOnlyName(Throwable e) {
    return e.getMessage() != null && !e.getMessage().contains(": ");
  }
}
