package checkpoint

import (
	"fmt"
	"os"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// Find reads the checkpoint to continue from: the file From, or the newest one in a folder that is not damaged. path is empty if the run
// starts from the beginning. warnings name the damaged checkpoints that were skipped.
func (s *Settings) Find() (path string, f tensorfile.File, warnings []string, err error) {
	if s == nil {
		return "", f, nil, nil
	}
	from := s.From
	switch {
	case from == "" && !s.Resume:
		return "", f, nil, nil
	case from == "":
		from = s.Dir
	default:
		info, err := os.Stat(from)
		if err != nil {
			return "", f, nil, errors.WithStack(err)
		}
		if !info.IsDir() {
			f, err = tensorfile.Read(from)
			return from, f, nil, err
		}
	}
	return newest(from, s.From != "")
}

// newest reads the newest checkpoint of a folder that is not damaged.
func newest(dir string, required bool) (path string, f tensorfile.File, warnings []string, err error) {
	paths, err := List(dir)
	if err != nil {
		return "", f, nil, err
	}
	var damage []string
	for _, path := range paths {
		f, err := tensorfile.Read(path)
		if err == nil {
			for _, d := range damage {
				warnings = append(warnings, fmt.Sprintf("resumed from the older checkpoint %s: %s", path, d))
			}
			return path, f, warnings, nil
		}
		if !errors.Is(err, tensorfile.ErrDamaged) {
			return "", f, nil, err
		}
		damage = append(damage, err.Error())
	}
	switch {
	case damage != nil:
		err = errors.Wrapf(tensorfile.ErrDamaged, "no checkpoint of %s can be read: %s", dir, strings.Join(damage, "; "))
	case required:
		err = errors.Errorf("%s holds no checkpoint", dir)
	}
	return "", f, nil, err
}
