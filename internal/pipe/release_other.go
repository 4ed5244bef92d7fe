//go:build !unix

package pipe

import "errors"

// release has nothing to end: these systems have no pipes among their files.
func release(string, int) error { return errors.ErrUnsupported }
