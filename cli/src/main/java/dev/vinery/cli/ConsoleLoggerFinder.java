package dev.vinery.cli;

import java.lang.System.Logger;

/// Makes every [Logger] of the process a [ConsoleLogger]. Found by the JDK as a service.
public final class ConsoleLoggerFinder extends System.LoggerFinder {
  /// For the JDK.
  public ConsoleLoggerFinder() {}

  @Override
  public Logger getLogger(String name, Module module) {
    return new ConsoleLogger(name, System.err);
  }
}
