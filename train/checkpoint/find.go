package checkpoint

import (
	"fmt"
	"os"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// Find reads the checkpoint to continue from: the file From, or the newest in a folder that is not damaged. path is empty if there
// is none to continue from. warnings name the damaged ones that were skipped.
func (s *Settings) Find() (path string, f tensorfile.File, warnings []string, err error) {
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
	paths, err := List(from)
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
		err = errors.Wrapf(tensorfile.ErrDamaged, "no checkpoint of %s can be read: %s", from, strings.Join(damage, "; "))
	case s.From != "":
		err = errors.Errorf("%s holds no checkpoint", from)
	}
	return "", f, nil, err
}
