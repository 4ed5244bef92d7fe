// Package output writes the output files of programs and callbacks. A file is either complete or unchanged.
//
// [Write] replaces a file atomically, [Try] and [Same] check a path before hours of work depend on it, [Lock] keeps two processes from
// using the same file, and [SyncDir] makes a new name survive a power failure.
package output
