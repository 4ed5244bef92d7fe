// Package neon writes assembly for the vector units of arm64, which avo does not know. A generator describes a function as a
// sequence of instructions over any number of registers; the package chooses the registers of the machine and prints the instructions for Go's assembler.
//
// An instruction that Go's assembler lacks is printed as its word, with the instruction in Arm's notation beside it. All of these words are made
// in one place, words.go.
package neon
