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
	var headings []string
	for _, h := range regexp.MustCompile(`(?m)^## \[?(.*?)\]?( - .*)?$`).FindAllSubmatch(text, -1) {
		headings = append(headings, string(h[1]))
	}
	if len(headings) > 0 && headings[0] == "Unreleased" {
		headings = headings[1:]
	}
	if len(headings) == 0 || headings[0] != Version {
		t.Errorf("the versions of the changelog are %q, want %s first", headings, Version)
	}
}
