package tensorfile_test

import (
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// Files of the first format are read.
func TestOldFiles(t *testing.T) {
	for folder, count := range map[string]int{"graphs": 9, "train": 4} {
		paths, err := filepath.Glob(filepath.Join("..", "..", folder, "testdata", "old", "*.safetensors"))
		if err != nil || len(paths) != count {
			t.Errorf("%s: %d files, want %d (%v)", folder, len(paths), count, err)
		}
		for _, path := range paths {
			if f, err := tensorfile.Read(path); err != nil || len(f.Params.All()) == 0 || f.Blocks != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}
