package checkpoint

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// sweep removes the files of a table that no checkpoint in the folder needs, as after Probes has dropped half of the moments. It removes
// nothing if it cannot find out; what it leaves costs only space.
func sweep(dir, name string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	needed := map[string]bool{}
	var segments []string
	for _, e := range entries {
		switch base := e.Name(); {
		case isSegment(base) && strings.HasPrefix(base, name+"-"):
			segments = append(segments, base)
		case base == best || step(base) > 0:
			h, err := tensorfile.ReadHead(filepath.Join(dir, base))
			if err != nil {
				return
			}
			p, err := Parse(tensorfile.File{Metadata: h.Metadata})
			if err != nil || p.Sealed == nil {
				continue
			}
			file := map[string]Chain{epochsName: p.Sealed.Epochs, momentsName: p.Sealed.Moments}[name].File
			for file != "" && !needed[file] {
				needed[file] = true
				h, err := tensorfile.ReadHead(filepath.Join(dir, filepath.Base(file)))
				if err != nil {
					return
				}
				file = h.Metadata[earlierKey]
			}
		}
	}
	for _, base := range segments {
		if !needed[base] {
			os.Remove(filepath.Join(dir, base))
		}
	}
}
