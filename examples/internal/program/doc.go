// Package program holds the parts that all example programs share: the entry point, flags and their checks, and the files that a program
// reads and writes.
package program
