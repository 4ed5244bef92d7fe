package training

import (
	"path/filepath"
	"regexp"
	"strings"
)

// absolute finds absolute paths of two names or more in a text, with what stands before them.
var absolute = regexp.MustCompile(`(^|[\s"'(\[=])((?:[A-Za-z]:)?(?:[/\\][\w.+@~-]+){2,})`)

// hidePaths leaves of each path in a text only the name of the file: a page is sent to others. known are paths that may be in the text,
// which need not be absolute.
func hidePaths(text string, known ...string) string {
	for _, path := range known {
		if name := filepath.Base(path); path != "" && name != path && len(name) > 1 && name != ".." {
			text = strings.ReplaceAll(text, path, name)
		}
	}
	return absolute.ReplaceAllStringFunc(text, func(found string) string {
		m := absolute.FindStringSubmatch(found)
		return m[1] + m[2][strings.LastIndexAny(m[2], `/\`)+1:]
	})
}
