package tensorfile_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"gorgonia.org/tensor"
)

// Arrays come back as they were, beside all else.
func TestArrays(t *testing.T) {
	f := sample(t)
	f.Blocks = withBlocks(t).Blocks
	f.Arrays = map[string]any{
		"forest/column": []uint16{0, 65535, 3}, "n": []int32{-1, 1 << 30}, "x": []float32{0.5}, "y": []float64{1e-300, 2}, "text": []byte("abc"),
	}
	got, err := tensorfile.Decode(written(t, f))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Arrays, f.Arrays) {
		t.Errorf("arrays %v, want %v", got.Arrays, f.Arrays)
	}
	if len(got.Tensors) != 2 || len(got.Params.All()) != 2 || len(got.Blocks) != 2 {
		t.Errorf("%d tensors, %d parameters, %d blocks", len(got.Tensors), len(got.Params.All()), len(got.Blocks))
	}
}

func TestArrayErrors(t *testing.T) {
	for want, change := range map[string]func(f *tensorfile.File){
		`array "x" has no name`: func(f *tensorfile.File) { f.Arrays = map[string]any{"x": []int32{}} },
		`array "" has no name`:  func(f *tensorfile.File) { f.Arrays = map[string]any{"": []int32{1}} },
		`array "x" is []int`:    func(f *tensorfile.File) { f.Arrays = map[string]any{"x": []int{1}} },
		"want float32, float64 or": func(f *tensorfile.File) {
			f.Tensors["x"] = tensor.New(tensor.WithShape(1), tensor.WithBacking([]int32{1}))
		},
		"the name of a block or an": func(f *tensorfile.File) { f.Tensors["selfnorm/array/x"] = dense([]float32{1}, 1) },
	} {
		f := sample(t)
		change(&f)
		if err := tensorfile.Write(filepath.Join(t.TempDir(), "f"), f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
