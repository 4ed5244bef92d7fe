//go:build !unix

package output

// access allows everything that is not a regular file; opening it is the only way to find out.
func access(string) error { return nil }
