package tensorfile_test

import (
	"encoding/hex"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// A program in another language reads the file by the rules of the format, and finds the checksum that the documents describe.
func TestPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "f")
	if err := tensorfile.Write(path, sample(t)); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, filepath.Join("testdata", "read.py"), path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{
		"mean F32 3 2 0000e040", "moment F64 2 182d4454fb210940", "weight F32 3 2 0000803f", "text U8 9 " + hex.EncodeToString([]byte("any\x00bytes")),
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
