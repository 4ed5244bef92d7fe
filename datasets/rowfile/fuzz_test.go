package rowfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"gorgonia.org/tensor"
)

// No file makes the program panic or take more memory than it has bytes; a file that opens and is not damaged has rows.
func FuzzOpen(f *testing.F) {
	fuzztest.Brief(f)
	_, path := written(f, example(f, 9))
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add([]byte(magic))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "x.rows")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := Open(path)
		if err != nil {
			return
		}
		defer file.Close()
		p := file.All()
		rows := make([]int, min(p.Len(), 100))
		if err := p.Sequence(1, 1, 0, rows); err != nil {
			t.Error(err)
		}
		if p.Len() == 0 || len(p.Inputs()) != 1 {
			t.Errorf("%d rows of %v", p.Len(), p.Inputs())
		}
		if p.f.d.Width == 3 && len(p.f.d.Tasks) == 2 {
			p.Gather(rows, tensors(tensor.Float32, len(rows)))
		}
	})
}
