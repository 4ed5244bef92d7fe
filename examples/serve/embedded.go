package main

import (
	"embed"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
)

// embedded holds the files of the folder model. With one of the ending .safetensors, the program serves it without -model.
//
//go:embed all:model
var embedded embed.FS

// modelFile returns the path of the file to serve: that of -model, or of a temporary copy of the embedded one, which done removes.
func (o *options) modelFile() (path string, done func(), err error) {
	if o.model != "" {
		return o.model, func() {}, nil
	}
	names, err := fs.Glob(embedded, "model/*.safetensors")
	if err != nil || len(names) != 1 {
		return "", nil, errors.New("-model: want the file of a model; none is embedded in this program")
	}
	content, err := embedded.ReadFile(names[0])
	if err != nil {
		return "", nil, errors.WithStack(err)
	}
	dir, err := os.MkdirTemp("", "selfnorm-serve-")
	if err != nil {
		return "", nil, errors.WithStack(err)
	}
	done = func() { os.RemoveAll(dir) }
	path = filepath.Join(dir, filepath.Base(names[0]))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		done()
		return "", nil, errors.WithStack(err)
	}
	return path, done, nil
}
