//go:build !unix

package output

// access allows all that is not a file; opening it is the only way to know.
func access(string) error { return nil }
