package tensorfile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/memory"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// small returns a file of one parameter and one other tensor.
func small(t testing.TB) (path string, raw []byte) {
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := params.Add("w", tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32)), true); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "f")
	f := tensorfile.File{Params: params, Metadata: map[string]string{"about": "it"}, Tensors: map[string]*tensor.Dense{"t": tensor.New(tensor.WithShape(4), tensor.Of(tensor.Float64))}}
	if err := tensorfile.Write(path, f); err != nil {
		t.Fatal(err)
	}
	if raw, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return path, raw
}

var errOther = errors.New("of another network")

// A head that does not fit is refused without the data, which are not even there; one that is damaged is called damaged.
func TestReadChecked(t *testing.T) {
	path, raw := small(t)
	var params []tensorfile.HeadParam
	refuse := func(h tensorfile.Head) (err error) {
		if params, err = h.Params(); err != nil {
			return err
		}
		return errOther
	}
	if _, err := tensorfile.ReadChecked(path, refuse); !errors.Is(err, errOther) || !strings.Contains(err.Error(), path) || len(params) != 1 || params[0].Name != "w" || !params[0].Trainable {
		t.Errorf("error %v, parameters %v", err, params)
	}
	if f, err := tensorfile.ReadChecked(path, func(tensorfile.Head) error { return nil }); err != nil || f.Params.Size() != 6 {
		t.Errorf("an accepted file gives %v", err)
	}
	changed := bytes.Replace(raw, []byte(`"it"`), []byte(`"at"`), 1)
	if err := os.WriteFile(path, changed, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := tensorfile.ReadChecked(path, refuse); !errors.Is(err, tensorfile.ErrDamaged) {
		t.Errorf("a changed head gives %v", err)
	}
	if _, err := tensorfile.ReadHead(path); !errors.Is(err, tensorfile.ErrDamaged) {
		t.Errorf("a changed head gives %v", err)
	}
	if _, err := tensorfile.ReadTensors(path); !errors.Is(err, tensorfile.ErrDamaged) {
		t.Errorf("a changed head gives %v", err)
	}
}

// Damage of the data is not seen in the head, and a file whose head does not fit is refused all the same.
func TestReadHead(t *testing.T) {
	path, raw := small(t)
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(path, raw, 0o666); err != nil {
		t.Fatal(err)
	}
	h, err := tensorfile.ReadHead(path)
	if err != nil || len(h.Tensors) != 2 || h.Metadata["about"] != "it" {
		t.Errorf("head %+v, error %v", h, err)
	}
	if _, err := tensorfile.ReadChecked(path, func(tensorfile.Head) error { return errOther }); !errors.Is(err, errOther) {
		t.Errorf("error %v", err)
	}
	if _, err := tensorfile.Read(path); !errors.Is(err, tensorfile.ErrDamaged) {
		t.Errorf("error %v", err)
	}
}

// An older file, without a checksum of its head, that does not fit is read to find out whether it is damaged, unless it is large.
func TestOldHead(t *testing.T) {
	meta := `"selfnorm.format":"1","selfnorm.params":"[{\"name\":\"a\",\"trainable\":true}]","selfnorm.checksum":"sha256:00"`
	path := filepath.Join(t.TempDir(), "f")
	for size, want := range map[int64]error{4: tensorfile.ErrDamaged, 1 << 30: errOther} {
		header := `{"__metadata__":{` + meta + `},"a":{"dtype":"U8","shape":[SIZE],"data_offsets":[0,SIZE]}}`
		raw := file(strings.ReplaceAll(header, "SIZE", map[int64]string{4: "4", 1 << 30: "1073741824"}[size]), 0)
		if err := os.WriteFile(path, raw, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, int64(len(raw))+size); err != nil {
			t.Skip(err)
		}
		if _, err := tensorfile.ReadChecked(path, func(tensorfile.Head) error { return errOther }); !errors.Is(err, want) {
			t.Errorf("%d bytes: error %v, want %v", size, err, want)
		}
	}
}

// A file that does not fit into memory is an error.
func TestReadLimit(t *testing.T) {
	path, raw := small(t)
	defer memory.SetLimit(memory.SetLimit(50))
	_, _, rawErr := tensorfile.DecodeRaw(raw)
	for what, err := range map[string]error{"Read": second(tensorfile.Read(path)), "DecodeRaw": rawErr} {
		if !errors.Is(err, memory.ErrTooLarge) {
			t.Errorf("%s: error %v", what, err)
		}
	}
}

func second(_ tensorfile.File, err error) error { return err }
