package dev.vinery.cli;

/// One flag of the daemon's command line. Immutable.
///
/// @param name as it is typed, without dashes
/// @param initial the value that holds where none is given, as it would be typed
/// @param placeholder what stands for the value in the help
/// @param meaning a sentence for the help, with the unit of the value
record Flag(
    String name,
    Kind kind,
    String initial,
    String placeholder,
    Group group,
    Support support,
    String meaning) {
  /// What a value must look like.
  enum Kind {
    TEXT,
    SWITCH,
    WHOLE,
    NUMBER
  }

  /// Under which heading the help lists a flag.
  enum Group {
    MEMORY("Memory"),
    SOCKET("Socket"),
    METADATA("Metadata"),
    NETWORK("Network"),
    SPILLING("Spilling"),
    RUNNING("Running"),
    LOGGING("Logging");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /// How far a flag of the reference daemon works here.
  enum Support {
    /// Does what it says.
    WORKS,
    /// Belongs to a feature that does not exist yet: who asks for the feature is told.
    LATER,
    /// Has nothing to act on here, and nobody misses it.
    WITHOUT_EFFECT
  }
}
