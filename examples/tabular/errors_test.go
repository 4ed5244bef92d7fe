package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
)

// Flags that make no sense end with code 2, bad tables and files with code 1; both with one line and no other output.
func TestErrors(t *testing.T) {
	good := write(t, "my.csv", mixed(100))
	model := filepath.Join(t.TempDir(), "model")
	must(t, append(small, "-data", good, "-target", "kind", "-id", "name", "-ignore", "price,hot,rare", "-epochs", "1", "-out", model)...)
	foreign := write(t, "foreign", "these are not weights at all")
	m, err := graphs.LoadAll(model)
	if err != nil {
		t.Fatal(err)
	}
	rewritten := func(name string, change func(n *graphs.Network)) string { // the model with another encoder
		path := filepath.Join(t.TempDir(), name)
		n := m[0].Clone()
		change(n)
		if err := n.Save(path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	replaced := func(old, new string) string {
		return rewritten("other", func(n *graphs.Network) {
			if !strings.Contains(string(n.Encoder), old) {
				t.Fatalf("no %s in the encoder", old)
			}
			n.Encoder = []byte(strings.Replace(string(n.Encoder), old, new, 1))
		})
	}
	first := rewritten("first", func(n *graphs.Network) { // as version 0.1 wrote it
		n.Encoder, n.Metadata = nil, map[string]string{"table": `{"version":1}`}
	})
	raw, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	damaged := write(t, "damaged", string(raw))
	file := func(text string) string { return write(t, "bad.csv", text) }
	rows := func(row string) string { return "a,b,y\n" + strings.Repeat(row, 20) }
	predict := func(text string, more ...string) []string {
		return append([]string{"-model", model, "-predict", file(text)}, more...)
	}
	for _, test := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"unknown flag", []string{"-unknown"}, 2, "-unknown"},
		{"argument", []string{"my.csv"}, 2, "my.csv"},
		{"unknown net", []string{"-net", "cnn"}, 2, "snn, msrainit"},
		{"no target", []string{"-data", good}, 2, "-target"},
		{"target of a built-in table", []string{"-target", "y"}, 2, "-data"},
		{"test share", []string{"-test-share", "1"}, 2, "-test-share 1"},
		{"validation share", []string{"-validation-share", "NaN"}, 2, "-validation-share NaN"},
		{"validation and folds", []string{"-ensemble", "folds:3", "-validation-share", "0.1"}, 2, "folds"},
		{"patience", []string{"-patience", "-1"}, 2, "-patience -1"},
		{"ensemble", []string{"-ensemble", "5"}, 2, "seeds:N"},
		{"ONNX of several", []string{"-ensemble", "seeds:2", "-onnx", "m.onnx"}, 2, "-onnx"},
		{"problem", []string{"-data", good, "-target", "kind", "-problem", "ranking"}, 2, "classes, binary or regression"},
		{"header", []string{"-data", good, "-target", "kind", "-header", "maybe"}, 2, "yes or no"},
		{"separator", []string{"-data", good, "-target", "kind", "-comma", "::"}, 2, "one character"},
		{"two commas", []string{"-data", good, "-target", "kind", "-comma", ",", "-decimal-comma"}, 2, "-decimal-comma"},
		{"model without predict", []string{"-model", model}, 2, "-predict"},
		{"predict without model", []string{"-predict", good}, 2, "-model"},
		{"nothing to predict", []string{"-predict", "", "-model", model}, 2, "-predict: the text is empty"},
		{"nothing to evaluate with", []string{"-evaluate", "", "-model", model}, 2, "-evaluate: the text is empty"},
		{"training flag with predict", []string{"-predict", good, "-model", model, "-epochs", "3"}, 2, "-epochs"},

		{"evaluate without model", []string{"-evaluate", good}, 2, "-model"},
		{"evaluate and a file for predictions", []string{"-evaluate", good, "-model", model, "-out", "p.csv"}, 2, "-out"},
		{"predict and evaluate", []string{"-evaluate", good, "-predict", good, "-model", model}, 2, "-evaluate"},
		{"nothing to evaluate", []string{"-evaluate", file("size,color,noise\n1,red,2\n"), "-model", model}, 1, "no row has a value of the target kind"},
		{"an unknown class", []string{"-evaluate", file("size,color,noise,kind\n1,red,2,huge\n"), "-model", model}, 1, "bad.csv:2"},
		{"no file", []string{"-data", "none.csv", "-target", "y"}, 1, "none.csv"},
		{"no folder for the result", []string{"-data", good, "-target", "kind", "-json", filepath.Join(model, "none", "r.json")}, 1, "-json"},
		{"replaces the table", []string{"-data", good, "-target", "kind", "-out", good}, 1, "it would replace the input -data"},
		{"two results in one file", []string{"-data", good, "-target", "kind", "-out", model + "2", "-json", model + "2"}, 1, "it is also the output -out"},
		{"replaces the model", []string{"-predict", good, "-model", model, "-out", model}, 1, "it would replace the input -model"},
		{"replaces the new rows", []string{"-predict", good, "-model", model, "-out", good}, 1, "it would replace the input -predict"},
		{"no such column", []string{"-data", good, "-target", "species"}, 1, `no column "species"; there are "name"`},
		{"empty", []string{"-data", file(""), "-target", "y"}, 1, "empty"},
		{"a name twice", []string{"-data", file("a,a,y\n1,2,u\n"), "-target", "y"}, 1, "rename one; if this line names no columns, use -header no"},
		{"Latin-1", []string{"-data", file("a,y\nr\xf6t,u\n"), "-target", "y"}, 1, "iconv -f latin1 -t utf-8"},
		{"a workbook", []string{"-data", file("PK\x03\x04\x00[Content_Types].xml"), "-target", "y"}, 1, "Excel workbook (.xlsx); save the sheet as CSV"},
		{"a zip file", []string{"-data", file("PK\x03\x04\x00my.csv"), "-target", "y"}, 1, "zip archive"},
		{"a comma in a name", []string{"-data", file("a,\"b, c\"\n1,u\n"), "-target", "b, c"}, 1, `in double quotes, such as -target '"weight, kg"'`},
		{"an open quote in a list", []string{"-data", good, "-target", `"kind`}, 2, "-target"},
		{"a large table", []string{"-data", good, "-target", "kind", "-max-memory", "1e-6"}, 1, "-max-memory"},
		{"no memory", []string{"-data", good, "-target", "kind", "-max-memory", "0"}, 2, "-max-memory 0"},
		{"decimal commas", []string{"-data", file("a;b;y\n1,5;2;u\n"), "-target", "y", "-numeric", "a", "-decimal-comma=false"}, 1, "use -decimal-comma"},
		{"no rows", []string{"-data", file("a,b,y\n"), "-target", "y"}, 1, "no rows"},
		{"few rows", []string{"-data", file("a,y\n1,u\n2,v\n3,u\n"), "-target", "y"}, 1, "3 rows"},
		{"one class", []string{"-data", file(rows("1,2,u\n")), "-target", "y"}, 1, "two classes"},
		{"nothing to learn from", []string{"-data", file(rows("1,2,u\n") + rows("1,2,v\n")[6:]), "-target", "y"}, 1, "no column is left"},
		{"a short line", []string{"-data", file(rows("1,2,u\n") + "1,2\n"), "-target", "y"}, 1, "bad.csv:22"},
		{"a text among numbers", []string{"-data", file(rows("1,2,3\n") + "1,x,3\n"), "-target", "y", "-numeric", "b"}, 1, "bad.csv:22"},
		{"more folds than rows", []string{"-data", good, "-target", "kind", "-id", "name", "-ensemble", "folds:90"}, 1, "90 folds"},

		{"no model", []string{"-predict", good, "-model", "none"}, 1, "none"},
		{"foreign model", []string{"-predict", good, "-model", foreign}, 1, "foreign"},
		{"damaged model", []string{"-predict", good, "-model", damaged}, 1, "damaged"},
		{"version 0.1", []string{"-predict", good, "-model", first}, 1, "version 0.1"},
		{"a folder", []string{"-predict", good, "-model", filepath.Dir(model)}, 1, "is a folder"},
		{"no JSON", []string{"-predict", good, "-model", rewritten("x", func(n *graphs.Network) { n.Encoder = []byte("x") })}, 1, "invalid character"},
		{"another program", []string{"-predict", good, "-model", replaced(`"tabular"`, `"tox21"`)}, 1, `program "tox21"`},
		{"later version", []string{"-predict", good, "-model", replaced(`"version":1`, `"version":2`)}, 1, "version 2"},
		{"another table", []string{"-predict", good, "-model", replaced(`"numeric":[`, `"numeric":[{"name":"more","fill":0,"mean":0,"sd":1},`)}, 1, "features"},
		{"another kind of target", []string{"-predict", good, "-model", replaced(`"problem":"classes"`, `"problem":"regression"`)}, 1, "encoder"},
		{"no new rows", predict("size,color,noise,name\n"), 1, "no rows"},
		{"a missing column", predict("size,noise\n1,2\n"), 1, `no column "color"`},
		{"no such names", predict("size,color,noise\n1,red,2\n", "-id", "key"), 1, `no column "key"`},
		{"names are a feature", predict("size,color,noise\n1,red,2\n", "-id", "color"), 1, "feature"},
		{"no folder for predictions", predict("size,color,noise\n1,red,2\n", "-out", filepath.Join(model, "none", "p.csv")), 1, "-out"},
	} {
		code, stdout, stderr := command(test.args...)
		if code != test.code || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, test.want) {
			t.Errorf("%s: exit code %d, output %q, error %q; want code %d and %q", test.name, code, stdout, stderr, test.code, test.want)
		}
	}
	// No errors: gaps, unknown categories, other columns, anything in place of the target, no names.
	for _, text := range []string{"size,color,noise\n,,\n", "noise,more,color,size,kind\n1,x,violet,3,unknown\n", "name,size,color,noise\nme,?,red,1e3\n"} {
		code, stdout, stderr := command(predict(text)...)
		if got := records(t, stdout); code != 0 || len(got) != 2 || strings.Contains(text, "violet") != strings.Contains(stderr, `such as "violet" on line 2`) {
			t.Errorf("%q: exit code %d, predictions %v, %q", text, code, got, stderr)
		}
	}
}
