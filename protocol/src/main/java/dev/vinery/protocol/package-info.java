/// TODO
package dev.vinery.protocol;
