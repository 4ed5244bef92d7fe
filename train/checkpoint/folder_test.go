package checkpoint_test

import (
	"os"
	"testing"

	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
)

// Uses knows all files of a run, the lock included, and no others.
func TestUses(t *testing.T) {
	dir := traintest.Interrupted(t)
	release, err := (&checkpoint.Settings{Dir: dir, Resume: true}).Open()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 2 {
		t.Fatalf("files %v (%v)", entries, err)
	}
	for _, e := range entries {
		if !checkpoint.Uses(e.Name()) {
			t.Errorf("%s is not known", e.Name())
		}
	}
	for _, name := range []string{"", "best", "step-x.safetensors", "model.safetensors", "log.csv", "epochs.history"} {
		if checkpoint.Uses(name) {
			t.Errorf("%q is not a name of a run", name)
		}
	}
}
