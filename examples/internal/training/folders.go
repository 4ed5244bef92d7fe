package training

import (
	"os"
	"path/filepath"
)

// folders are those that texts of the page may name, in errors for example, and that are nobody else's business: of the files of the
// flags, of the user, and the working directory.
func (o *Flags) folders() (all []string) {
	add := func(dir string) {
		if dir == "" {
			return
		}
		all = append(all, dir)
		if abs, err := filepath.Abs(dir); err == nil {
			all = append(all, abs)
			if real, err := filepath.EvalSymlinks(abs); err == nil {
				all = append(all, real)
			}
		}
	}
	for _, file := range []string{o.Data, o.Out, o.JSON, o.ONNX, o.Report, o.Log, o.Predict, o.Model, o.TensorBoard, o.Checkpoint} {
		if file != "" {
			add(filepath.Dir(file))
		}
	}
	for _, dir := range []string{o.Data, o.TensorBoard, o.Checkpoint, os.Getenv("SELFNORM_DATA"), os.Getenv("SELFNORM_CACHE"), os.TempDir()} {
		add(dir)
	}
	for _, of := range []func() (string, error){os.Getwd, os.UserHomeDir, os.UserCacheDir, os.UserConfigDir} {
		if dir, err := of(); err == nil {
			add(dir)
		}
	}
	return all
}
