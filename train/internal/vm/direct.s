// The compiler accepts a function without a body, instructions in direct.go, only in a package with a file of assembly.
