// Command english lists sentences in Go comments and Markdown that read as translated, each with its place and what to write
// instead. It ends with exit code 1 if there are any.
//
//	go -C tools run ./english ..
package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(paths []string, stdout, stderr io.Writer) int {
	if len(paths) == 0 {
		fmt.Fprintln(stderr, "usage: english FOLDER...")
		return 2
	}
	files, findings := 0, 0
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != root && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".git") && d.Name() != ".github"):
				return filepath.SkipDir
			case d.IsDir():
				return nil
			}
			text, err := prose(path)
			if err != nil || text == nil {
				return err
			}
			files++
			for _, s := range text {
				for _, f := range check(s.text) {
					findings++
					fmt.Fprintf(stdout, "%s:%d: %s\n\t%s\n", path, s.line, f, s.text)
				}
			}
			return nil
		})
		if err != nil {
			fmt.Fprintln(stderr, "english:", err)
			return 2
		}
	}
	if files == 0 {
		fmt.Fprintln(stderr, "english: there are no Go or Markdown files")
		return 2
	}
	if findings > 0 {
		fmt.Fprintf(stdout, "%d sentences in %d files\n", findings, files)
		return 1
	}
	return 0
}
