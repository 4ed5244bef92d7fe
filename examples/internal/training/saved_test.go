package training

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
)

// encoder is saved with a network in tests.
type encoder struct{ Numbers []float64 }

var format = Format{Program: "prog", Version: 3}

// saved writes a network with an encoder and returns the path.
func saved(t *testing.T, encoder []byte) string {
	t.Helper()
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 2, Outputs: 1}, graphs.Matrix(2), graphs.BCE)
	if err != nil {
		t.Fatal(err)
	}
	net.Encoder, net.Metadata = encoder, map[string]string{"data": "12 rows"}
	path := filepath.Join(t.TempDir(), "model")
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func encode(t *testing.T, f Format) []byte {
	t.Helper()
	text, err := f.encode(encoder{[]float64{0.5, 12.25, 1234567890}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The encoder comes back with all digits, and a file of another program or version is an error.
func TestLoad(t *testing.T) {
	var e encoder
	networks, err := format.Load(saved(t, encode(t, format)), &e)
	if err != nil || len(networks) != 1 || !slices.Equal(e.Numbers, []float64{0.5, 12.25, 1234567890}) {
		t.Errorf("%d networks, %v (%v)", len(networks), e, err)
	}
	for name, test := range map[string]struct {
		encoder []byte
		want    string
	}{
		"none":          {nil, "version 0.1"},
		"no JSON":       {[]byte("x"), "invalid character"},
		"other program": {encode(t, Format{"other", 3}), `of program "other"`},
		"other version": {encode(t, Format{"prog", 4}), "version 4"},
		"missing":       {[]byte(`{"program":"prog","version":3}`), "missing"},
		"null":          {[]byte(`{"program":"prog","version":3,"encoder":null}`), "missing"},
		"another kind":  {[]byte(`{"program":"prog","version":3,"encoder":{"Numbers":"x"}}`), "cannot unmarshal"},
	} {
		path := saved(t, test.encoder)
		if _, err := format.Load(path, &e); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	if _, err := format.Load(t.TempDir(), &e); err == nil || !strings.Contains(err.Error(), "version 0.1") {
		t.Errorf("a folder gives %v", err)
	}
}

// The change of any digit in a file is an error.
func TestChangedDigit(t *testing.T) {
	path := saved(t, encode(t, format))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i, b := range whole {
		if b < '0' || b > '9' {
			continue
		}
		text := slices.Clone(whole)
		text[i] = '0' + (b-'0'+1)%10
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		changed++
		var e encoder
		if _, err := format.Load(path, &e); !errors.Is(err, graphs.ErrDamaged) && !errors.Is(err, graphs.ErrForeign) && !errors.Is(err, graphs.ErrVersion) {
			t.Errorf("byte %d of %d, %q in place of %q: %v", i, len(whole), text[i], b, err)
		}
	}
	if changed < 100 {
		t.Errorf("%d digits were changed", changed)
	}
}
