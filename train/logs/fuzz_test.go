package logs_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/logs"
)

// Whatever a file holds, a resumed run makes it the log of its epochs, or says that it is none and leaves it alone.
func FuzzCSVLog(f *testing.F) {
	fuzztest.Brief(f)
	path := filepath.Join(f.TempDir(), "log.csv")
	h := &train.History{Metric: "accuracy", Epochs: []train.Epoch{{Number: 1, Step: 4, Loss: 0.5, Rate: 1}, {Number: 2, Step: 8, Loss: 0.25, Rate: 1}}}
	resume := func() error {
		return (&logs.CSVLog{Path: path}).AtEnd(context.Background(), &train.State{History: h, Validated: true})
	}
	if err := resume(); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add(bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")))
	f.Add([]byte("name,weight\nann,70\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		err := resume()
		now, readErr := os.ReadFile(path)
		if err != nil && (!strings.Contains(err.Error(), path) || !bytes.Equal(now, text)) {
			t.Errorf("error %v, the file holds %q (%v)", err, now, readErr)
		}
		if err == nil && !bytes.Equal(now, good) {
			t.Errorf("the log holds %q (%v), want %q", now, readErr, good)
		}
	})
}
