/// TODO
package dev.vinery.posix;
