package molfiles

import "testing"

// Nil and zero values give an error, never a panic.
func TestNoPanics(t *testing.T) {
	var none *Reader
	for _, r := range []*Reader{none, {}} {
		if _, err := r.Next(); err == nil {
			t.Error("no error")
		}
		if _, err := r.NextText(); err == nil {
			t.Error("no error")
		}
		if r.Close() != nil || r.Format() != "" || r.Notes() != nil {
			t.Error("something in an empty reader")
		}
	}
	for _, rec := range []*Record{nil, {}} {
		rec.Read()
	}
	if _, err := Open(""); err == nil {
		t.Error("no path: no error")
	}
	if _, err := New("x", nil); err == nil {
		t.Error("nil: no error")
	}
	if _, err := FromRows("x", nil); err == nil {
		t.Error("no rows: no error")
	}
}
