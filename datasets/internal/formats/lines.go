package formats

import (
	"bufio"
	"strings"

	"github.com/pkg/errors"
)

// maxLine bounds the length of a line of text, so that a damaged file cannot fill the memory.
const maxLine = 1 << 20

// ReadLines returns the lines of a plain or gzip file, without line ends. An empty line is an error: the files are
// lists of names.
func ReadLines(path string) ([]string, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []string
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, maxLine)
	for scan.Scan() && scan.Err() == nil { // a line that broke off comes with an error
		line := strings.TrimSpace(scan.Text())
		if line == "" {
			return nil, errors.Errorf("%s:%d: empty line", path, len(lines)+1)
		}
		lines = append(lines, line)
	}
	if err := scan.Err(); err != nil {
		return nil, errors.Wrapf(err, "%s:%d", path, len(lines)+1)
	}
	return lines, nil
}
