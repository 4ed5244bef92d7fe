package tensorboard_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/tensorboard"
	"gorgonia.org/tensor"
)

// A run whose events vanish with their folder ends with an error that names the file.
func TestFolderVanishes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("open files stay")
	}
	dir := filepath.Join(t.TempDir(), "run")
	log := &tensorboard.Log{Dir: dir}
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	s := &train.State{Params: params, History: &train.History{Epochs: []train.Epoch{{Number: 1, Step: 1}}}, Step: 1, Epoch: 1, Steps: 2}
	if err := log.AtStart(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := log.AfterStep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := log.AfterEpoch(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := log.AfterEpoch(t.Context(), s); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v", err)
	}
}
