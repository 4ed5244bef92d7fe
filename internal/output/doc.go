// Package output writes the files that programs and callbacks leave behind. A file is either complete or as it was before.
//
// [Write] replaces a file atomically, [Try] and [Same] check a path before hours of work depend on it, [Lock] keeps two
// processes from one file, and [SyncDir] makes a new name survive a power failure.
package output
