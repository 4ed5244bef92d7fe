package main

import (
	"bytes"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Rows with targets are judged as in training, those without are left out, in all kinds of problems.
func TestEvaluate(t *testing.T) {
	text := mixed(200)
	for target, ignore := range map[string]string{"kind": "price,hot,rare", "price": "kind,hot,rare", "hot,rare": "kind,price"} {
		dir := t.TempDir()
		model, file := filepath.Join(dir, "model"), filepath.Join(dir, "r.json")
		data := write(t, "my.csv", text)
		must(t, append(small, "-data", data, "-target", target, "-ignore", ignore+",name", "-epochs", "3", "-validation-share", "0",
			"-ensemble", "seeds:2", "-out", model, "-json", file)...)
		o, _ := parseFlags([]string{"-data", data, "-target", target, "-ignore", ignore + ",name", "-validation-share", "0"}, &bytes.Buffer{})
		p, err := prepare(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(text, "\n")
		test := lines[:1]
		for _, r := range p.test {
			test = append(test, lines[r+1])
		}
		stdout := must(t, "-model", model, "-evaluate", write(t, "test.csv", strings.Join(test, "\n")+"\nr,1,red,0,,,,\n"))
		r := fromJSON(t, file)
		evaluated := filepath.Join(dir, "evaluated.json")
		must(t, "-model", model, "-evaluate", write(t, "test.csv", strings.Join(test, "\n")+"\n"), "-json", evaluated)
		if e := fromJSON(t, evaluated); !maps.Equal(e.Results["evaluated"], r.Results["test"]) || e.RowsTest != len(p.test) || e.Net != "snn" || e.Units != 32 {
			t.Errorf("%s: -json gives %+v, want the results %v", target, e, r.Results["test"])
		}
		for name := range r.Results["test"] {
			if want := r.Results["test"].text(name); !regexp.MustCompile(name + ` +` + regexp.QuoteMeta(want) + ` `).MatchString(stdout) {
				t.Errorf("%s: no %s of %s in\n%s", target, name, want, stdout)
			}
		}
	}
}
