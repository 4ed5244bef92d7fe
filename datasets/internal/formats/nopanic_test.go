package formats

import "testing"

// Nil and zero values give an error, never a panic.
func TestNoPanics(t *testing.T) {
	var none *File
	_, errRead := none.Read(nil)
	_, errZero := (&File{}).Read(make([]byte, 1))
	_, errNew := New("x", nil)
	_, errCSV := NewCSV("x", nil)
	_, errMatrix := ReadMatrixMarket("x", nil)
	_, errLines := ReadLines("")
	_, errText := NewText("x", nil)
	_, errOpen := Open(t.TempDir())
	for i, err := range []error{errRead, errZero, errNew, errCSV, errMatrix, errLines, errText, errOpen} {
		if err == nil {
			t.Errorf("call %d: no error", i)
		}
	}
	if err := none.Close(); err != nil {
		t.Error(err)
	}
}
