// Package oracle reads the reference files that tests compare with: values of PyTorch (torch), of 50-digit arithmetic
// (theory) and of RDKit (chem).
package oracle

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// Open opens a reference file, such as torch/ops.json.gz, and decompresses it if its name ends in .gz. It looks in the folder named by the
// variable SELFNORM_ORACLES, then in the folder named by SELFNORM_DATA, then in the testdata of the package under test. If none of them has
// the file, the test is skipped, or fails if SELFNORM_REQUIRE_DATA is set.
func Open(t testing.TB, name string) io.Reader {
	t.Helper()
	for _, dir := range []string{os.Getenv("SELFNORM_ORACLES"), os.Getenv("SELFNORM_DATA"), "testdata"} {
		if dir == "" {
			continue
		}
		f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			continue
		}
		t.Cleanup(func() { f.Close() })
		if !strings.HasSuffix(name, ".gz") {
			return f
		}
		r, err := gzip.NewReader(f)
		if err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		return r
	}
	Missing(t, "no reference file %s: set SELFNORM_ORACLES or SELFNORM_DATA", name)
	return nil
}

// Missing ends a test that lacks its data: it skips the test, or fails it if SELFNORM_REQUIRE_DATA is set, so that no check is silently
// left out.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("SELFNORM_REQUIRE_DATA") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// ReadJSON decodes a reference file into v.
func ReadJSON(t testing.TB, name string, v any) {
	t.Helper()
	if err := json.NewDecoder(Open(t, name)).Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// Tensor is a row-major tensor of a reference file.
type Tensor struct {
	Shape []int     `json:"shape"`
	Data  []float64 `json:"data"`
}

// Dense returns a copy of x with the given dtype, float32 or float64. x is not a scalar.
func (x Tensor) Dense(dtype tensor.Dtype) *tensor.Dense {
	d := tensor.New(tensor.Of(dtype), tensor.WithShape(x.Shape...))
	for i, v := range x.Data {
		if dtype == tensor.Float32 {
			d.Float32s()[i] = float32(v)
		} else {
			d.Float64s()[i] = v
		}
	}
	return d
}

// Floats returns the elements of a Gorgonia value, or nil if they are not floats.
func Floats(v interface{ Data() any }) []float64 {
	switch x := v.Data().(type) {
	case float64:
		return []float64{x}
	case float32:
		return []float64{float64(x)}
	case []float64:
		return append([]float64(nil), x...)
	case []float32:
		out := make([]float64, len(x))
		for i, v := range x {
			out[i] = float64(v)
		}
		return out
	}
	return nil
}
