package formats

import (
	"bufio"
	"strings"

	"github.com/pkg/errors"
)

// Limits of a list of lines, so that a damaged file cannot fill the memory.
const (
	maxLine  = 1 << 20 // bytes of a line
	maxLines = 1 << 24
	maxList  = 1 << 28 // bytes of all lines
)

// ReadLines returns the lines of a plain or gzip file, without line ends. An empty line is an error: the files are
// lists of names.
func ReadLines(path string) ([]string, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []string
	held := 0
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, maxLine)
	for scan.Scan() && scan.Err() == nil { // a line that broke off comes with an error
		line := strings.TrimSpace(scan.Text())
		if line == "" {
			return nil, errors.Errorf("%s:%d: empty line", path, len(lines)+1)
		}
		if held += len(line); len(lines) == maxLines || held > maxList {
			return nil, errors.Errorf("%s:%d: the list is longer than the limit of %d lines or %d bytes", path, len(lines)+1, maxLines, maxList)
		}
		lines = append(lines, line)
	}
	if err := scan.Err(); err != nil {
		return nil, ScanError(err, path, len(lines)+1, maxLine)
	}
	return lines, nil
}

// ScanError names the place of an error of a [bufio.Scanner], and the limit if the line is longer.
func ScanError(err error, name string, line, limit int) error {
	if errors.Is(err, bufio.ErrTooLong) {
		err = errors.Errorf("the line is longer than the limit of %d bytes", limit)
	}
	return errors.Wrapf(err, "%s:%d", name, line)
}
