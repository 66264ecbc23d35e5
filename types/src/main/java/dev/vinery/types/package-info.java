/// TODO
package dev.vinery.types;
