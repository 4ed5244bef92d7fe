//go:build unix

package tensorboard_test

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/tensorboard"
	"gorgonia.org/tensor"
)

// Folders and files have the permissions that the umask leaves.
func TestPermissions(t *testing.T) {
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	defer syscall.Umask(syscall.Umask(0o002))
	log := &tensorboard.Log{Dir: filepath.Join(root, "run", "network")}
	s := &train.State{Params: params, History: &train.History{}, Step: 1, Epoch: 1, Steps: 2}
	if err := log.AtStart(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := log.AfterStep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := log.AtEnd(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Join(root, "run"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if want := map[bool]fs.FileMode{true: 0o775, false: 0o664}[e.IsDir()]; err == nil && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
