package tensorfile_test

import (
	"bytes"
	"testing"

	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/internal/version"
)

// A file records the version that wrote it, which is no metadata of the caller.
func TestVersion(t *testing.T) {
	raw := whole(t)
	if !bytes.Contains(raw, []byte(`"selfnorm.version":"`+version.Version+`"`)) {
		t.Errorf("the header has no version %s", version.Version)
	}
	f, err := tensorfile.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := f.Metadata["selfnorm.version"]; ok {
		t.Errorf("the metadata have the version %q", v)
	}
}
