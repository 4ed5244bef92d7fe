// Package program holds what the programs that train networks have in common: the flags and their checks, the configuration of the
// training that they ask for, and the page about a run.
package program
