package fuzztest

// Endless is a text that comes over and over: what a reader must refuse in bounded memory.
type Endless struct {
	Text string // not empty
	// Bytes counts what has been read.
	Bytes int

	at int
}

// Read implements io.Reader. It fills b and never fails.
func (e *Endless) Read(b []byte) (int, error) {
	for n := 0; n < len(b); {
		k := copy(b[n:], e.Text[e.at:])
		e.at = (e.at + k) % len(e.Text)
		n += k
	}
	e.Bytes += len(b)
	return len(b), nil
}
