/// TODO
package dev.vinery.testkit;
