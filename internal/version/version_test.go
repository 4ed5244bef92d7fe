package version

import (
	"os"
	"regexp"
	"testing"
)

// The changelog begins with the current version, after what is not released yet.
func TestChangelog(t *testing.T) {
	text, err := os.ReadFile("../../docs/CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	heading := regexp.MustCompile(`(?m)^## \[?([^U\]].*?)\]?( - .*)?$`).FindSubmatch(text)
	if heading == nil || string(heading[1]) != Version {
		t.Errorf("the first heading of the changelog is %q, want version %s", heading, Version)
	}
}
