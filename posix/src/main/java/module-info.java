/// Linux system calls. Nothing else in the project is unsafe.
@org.jspecify.annotations.NullMarked
module dev.vinery.posix {
  requires static org.jspecify;

  exports dev.vinery.posix;
}
