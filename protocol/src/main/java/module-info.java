/// What travels between clients and daemons: records on one side, bytes on the other.
@org.jspecify.annotations.NullMarked
module dev.vinery.protocol {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires com.github.luben.zstd_jni;

  exports dev.vinery.protocol;
}
