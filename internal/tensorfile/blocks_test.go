package tensorfile_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// withBlocks is the smallest file with two blocks.
func withBlocks(t testing.TB) tensorfile.File {
	t.Helper()
	params, err := nn.NewParams(tensor.Float32, 1)
	if err == nil {
		err = params.Add("w", dense([]float32{1}, 1), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tensorfile.File{Params: params, Blocks: map[string][]byte{"encoder": []byte(`{"columns":1}`), "ü/x": {0, 255}}}
}

// Blocks come back as they were, beside all else, and other tensors do not become blocks.
func TestBlocks(t *testing.T) {
	f := sample(t)
	f.Blocks = withBlocks(t).Blocks
	got, err := tensorfile.Decode(written(t, f))
	if err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(got.Blocks, f.Blocks, bytes.Equal) {
		t.Errorf("blocks %q, want %q", got.Blocks, f.Blocks)
	}
	if len(got.Tensors) != 2 || len(got.Params.All()) != 2 || !maps.Equal(got.Metadata, f.Metadata) {
		t.Errorf("%d tensors, %d parameters, metadata %q", len(got.Tensors), len(got.Params.All()), got.Metadata)
	}
	if without, err := tensorfile.Decode(whole(t)); err != nil || without.Blocks != nil {
		t.Errorf("a file without blocks has %q (%v)", without.Blocks, err)
	}
}

func TestBlockErrors(t *testing.T) {
	for name, change := range map[string]func(f *tensorfile.File){
		`block "x"`:                func(f *tensorfile.File) { f.Blocks["x"] = nil },
		`block ""`:                 func(f *tensorfile.File) { f.Blocks[""] = []byte("x") },
		"\"selfnorm/block/\\xff\"": func(f *tensorfile.File) { f.Blocks["\xff"] = []byte("x") },
		`tensor "selfnorm/block/y" ha`: func(f *tensorfile.File) {
			f.Tensors = map[string]*tensor.Dense{"selfnorm/block/y": dense([]byte("x"), 1)}
		},
	} {
		f := withBlocks(t)
		change(&f)
		path := filepath.Join(t.TempDir(), "f")
		if err := tensorfile.Write(path, f); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want one with %s and the path", err, name)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: there is a file", name)
		}
	}
}
