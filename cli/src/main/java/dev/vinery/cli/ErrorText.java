package dev.vinery.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Tells in one line why a file could not be used. The exceptions of the JDK leave the reason to
/// their class, and have only the path as their message.
final class ErrorText {
  private ErrorText() {}

  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no file " + missing.getFile();
      case AccessDeniedException denied -> "permission denied: " + denied.getFile();
      case FileAlreadyExistsException exists ->
          exists.getFile() + " is in the way: it exists, and is something else";
      case NotDirectoryException file -> file.getFile() + " is no directory";
      case FileSystemException other when other.getReason() != null ->
          other.getReason() + ": " + other.getFile();
      case CharacterCodingException _ -> "this is no text in UTF-8";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
