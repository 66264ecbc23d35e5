package dev.vinery.posix;

/// Numbers that Linux gives differently to the architectures Vinery runs on.
///
/// @param directoryFlag `O_DIRECTORY` of fcntl.h
/// @param noFollowFlag `O_NOFOLLOW` of fcntl.h
/// @param fstatNumber number of the system call `fstat`
/// @param setgroupsNumber number of the system call `setgroups`
/// @param modeOffset offset of `st_mode` in `struct stat`, in bytes
/// @param epollDataOffset offset of `data` in `struct epoll_event`, in bytes
record Architecture(
    int directoryFlag,
    int noFollowFlag,
    int fstatNumber,
    int setgroupsNumber,
    int modeOffset,
    int epollDataOffset) {

  /// The architecture this process runs on.
  static final Architecture CURRENT = of(System.getProperty("os.arch")); // a fact, not a setting

  /// @param name as the system property `os.arch` spells it
  static Architecture of(String name) {
    return switch (name) {
      case "amd64" -> new Architecture(0x10000, 0x20000, 5, 116, 24, 4);
      case "aarch64" -> new Architecture(0x4000, 0x8000, 80, 159, 16, 8);
      default ->
          throw new UnsupportedOperationException(
              "no system call numbers are known for " + name + ", only for amd64 and aarch64");
    };
  }
}
