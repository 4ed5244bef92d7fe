package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// sentence is a sentence and the line on which it begins.
type sentence struct {
	text string
	line int
}

// line is a line of prose with its number in the file. An empty one ends a paragraph.
type line struct {
	text   string
	number int
}

// prose returns the sentences of a file: of the comments of Go, of the text of Markdown. It returns nil for other files and generated code.
func prose(path string) ([]sentence, error) {
	switch filepath.Ext(path) {
	case ".go":
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if ast.IsGenerated(file) {
			return nil, nil
		}
		return sentences(commentLines(set, file)), nil
	case ".md":
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return sentences(markdownLines(string(text))), nil
	}
	return nil, nil
}

func commentLines(set *token.FileSet, file *ast.File) (out []line) {
	for _, group := range file.Comments {
		for _, c := range group.List {
			number := set.Position(c.Pos()).Line
			for i, text := range strings.Split(c.Text, "\n") {
				text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "/*"), "//"), "*/")
				if strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "go:") || strings.HasPrefix(text, "   ") {
					text = "" // code
				}
				out = append(out, line{text, number + i})
			}
		}
		out = append(out, line{})
	}
	return out
}

func markdownLines(text string) (out []line) {
	fenced := false
	for i, text := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(text)
		if strings.HasPrefix(trimmed, "```") {
			fenced, trimmed = !fenced, ""
		}
		switch {
		case fenced || strings.HasPrefix(text, "    ") || strings.HasPrefix(text, "\t"):
			out = append(out, line{})
		case strings.HasPrefix(trimmed, "|"): // a row of a table: its cells are texts of their own
			for _, cell := range strings.Split(trimmed, "|") {
				out = append(out, line{cell, i + 1}, line{})
			}
		case strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "- ") || strings.HasPrefix(trimmed, "* "):
			out = append(out, line{}, line{strings.TrimLeft(trimmed, "#-* "), i + 1})
		default:
			out = append(out, line{trimmed, i + 1})
		}
	}
	return out
}

var (
	inlineCode = regexp.MustCompile("`[^`]*`")
	boundary   = regexp.MustCompile(`[.!?:]["')*]*\s+`)
)

// sentences joins the lines of each paragraph and divides it at the ends of sentences.
func sentences(lines []line) (out []sentence) {
	var paragraph []line
	flush := func() {
		var joined strings.Builder
		var starts []int // where each line starts
		for _, l := range paragraph {
			starts = append(starts, joined.Len())
			joined.WriteString(strings.TrimSpace(l.text) + " ")
		}
		// Code has no grammar. A placeholder of the same length keeps the places.
		text := inlineCode.ReplaceAllStringFunc(joined.String(), func(s string) string { return strings.Repeat("X", len(s)) })
		begin := 0
		add := func(end int) {
			part := text[begin:end]
			at := begin + len(part) - len(strings.TrimLeft(part, " "))
			if part = strings.TrimSpace(part); part != "" {
				k := 0
				for k+1 < len(starts) && starts[k+1] <= at {
					k++
				}
				out = append(out, sentence{part, paragraph[k].number})
			}
			begin = end
		}
		for _, b := range boundary.FindAllStringIndex(text, -1) {
			if b[1] < len(text) && startsSentence(text[b[1]:]) {
				add(b[1])
			}
		}
		add(len(text))
		paragraph = paragraph[:0]
	}
	for _, l := range append(lines, line{}) {
		if strings.TrimSpace(l.text) == "" {
			if len(paragraph) > 0 {
				flush()
			}
			continue
		}
		paragraph = append(paragraph, l)
	}
	return out
}

// startsSentence reports whether a text begins like a sentence, with a capital or a quoted one.
func startsSentence(text string) bool {
	text = strings.TrimLeft(text, `"'(*[`)
	return text != "" && text[0] >= 'A' && text[0] <= 'Z'
}
