package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The numbers of a line add up to its value, which belongs to the predicted probability or value; the page has bars.
func TestExplain(t *testing.T) {
	data := write(t, "my.csv", mixed(200))
	for target, ignore := range map[string]string{"kind": "price,hot,rare", "price": "kind,hot,rare", "hot,rare": "kind,price"} {
		dir := t.TempDir()
		model, page := filepath.Join(dir, "m.safetensors"), filepath.Join(dir, "p.html")
		must(t, append(small, "-data", data, "-target", target, "-id", "name", "-ignore", ignore, "-epochs", "5", "-ensemble", "seeds:2", "-out", model, "-report", page)...)
		if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "What predictions depend on: test rows") {
			t.Errorf("page of the training: %v", err)
		}
		lines := records(t, must(t, "-explain", data, "-model", model))
		predictions := records(t, must(t, "-predict", data, "-model", model))
		if got := strings.Join(lines[0], ","); got != "name,of,baseline,size,noise,color,residual,value" || len(lines) != 201 {
			t.Fatalf("%s: %d lines, header %s", target, len(lines), got)
		}
		for i, line := range lines[1:] {
			sum := 0.0
			for _, s := range line[2 : len(line)-1] {
				sum += number(t, s)
			}
			value := number(t, line[len(line)-1])
			if math.Abs(sum-value) > 1e-4*max(1, math.Abs(value)) {
				t.Fatalf("%s: line %v adds up to %v", target, line, sum)
			}
			at := 1
			if target != "price" {
				value = 1 / (1 + math.Exp(-value))
				name := target + "=" + line[1]
				if target != "kind" {
					name = "hot=1"
				}
				for at = range predictions[0] {
					if predictions[0][at] == name {
						break
					}
				}
			}
			if want := number(t, predictions[i+1][at]); math.Abs(want-value) > 1e-4*max(1, math.Abs(want)) {
				t.Fatalf("%s: row %d is explained as %v, predicted as %v", target, i, value, want)
			}
		}
		table := filepath.Join(dir, "t.csv")
		if text := must(t, "-explain", data, "-model", model, "-out", table, "-report", page); !strings.Contains(text, "mean absolute contribution") || !strings.Contains(text, "size") {
			t.Error(text)
		}
		if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "r0: ") || !strings.Contains(string(text), `class="for"`) {
			t.Errorf("page of the explanation: %v", err)
		}
	}
}

func TestExplainErrors(t *testing.T) {
	model := filepath.Join(t.TempDir(), "m.safetensors")
	data := write(t, "my.csv", mixed(60))
	must(t, append(small, "-data", data, "-target", "kind", "-epochs", "1", "-out", model)...)
	for _, test := range []struct {
		code int
		say  string
		args []string
	}{
		{2, "want the file of trained networks", []string{"-explain", data}},
		{2, "-explain beside it", []string{"-of", "small"}},
		{2, "means nothing beside -explain", []string{"-explain", data, "-model", model, "-epochs", "3"}},
		{1, "want one of large, medium, small", []string{"-explain", data, "-model", model, "-of", "tiny"}},
		{1, "-report", []string{"-explain", data, "-model", model, "-report", model}},
		{1, "no such file", []string{"-explain", "absent.csv", "-model", model}},
	} {
		if code, _, stderr := command(test.args...); code != test.code || !strings.Contains(stderr, test.say) {
			t.Errorf("%v: exit code %d, %s", test.args, code, stderr)
		}
	}
	lines := records(t, must(t, "-explain", data, "-model", model, "-of", "small"))
	for _, line := range lines[1:] {
		if line[0] != "small" {
			t.Fatal(line)
		}
	}
}
