package serve

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// explanation is an answer of POST /explain.
type explanation struct {
	Drawing, Task, Target, Scale string
	Tasks                        []struct{ Probability float64 }
	Targets                      []string
	Prediction                   map[string]any
	Values, Atoms                []float64
	Baseline, Value, Residual    float64
	Contributions                []struct {
		Name, Cell   string
		Contribution float64
	}
}

// adds fails the test unless the contributions add up.
func (e *explanation) adds(t *testing.T) {
	t.Helper()
	sum := e.Baseline
	for _, c := range e.Contributions {
		sum += c.Contribution
	}
	if math.Abs(sum-e.Residual-e.Value) > 1e-6*max(1, math.Abs(e.Value)) {
		t.Errorf("contributions add up to %v, want %v", sum, e.Value)
	}
}

// A molecule is explained with the probabilities of /predict: the contributions add up to the log-odds of its task.
func TestExplainMolecule(t *testing.T) {
	families := []tox21.Family{{Kind: tox21.ECFP6, MinMolecules: 2}, {Kind: tox21.MACCS, MinMolecules: 2}}
	_, url := start(t, Options{Path: moleculeModel(t, families), Name: "tox"})
	var p struct {
		Predictions map[string]map[string]float64
	}
	status, text := call(t, "POST", url+"/predict", `{"smiles": ["CC(=O)Oc1ccccc1C(=O)[O-].[Na+]"]}`)
	decode(t, status, text, &p)
	var e explanation
	status, text = call(t, "POST", url+"/explain", `{"smiles": "CC(=O)Oc1ccccc1C(=O)[O-].[Na+]", "task": "SR-p53"}`)
	decode(t, status, text, &e)
	e.adds(t)
	want := p.Predictions["CC(=O)Oc1ccccc1C(=O)[O-].[Na+]"]["SR-p53"]
	if math.Abs(1/(1+math.Exp(-e.Value))-want) > 1e-6 || e.Task != "SR-p53" || e.Tasks[11].Probability != want || len(e.Atoms) != 14 || !strings.HasPrefix(e.Drawing, "<svg") {
		t.Errorf("%+v, want the probability %v", e, want)
	}
	status, text = call(t, "POST", url+"/explain", `{"smiles": "CCO"}`)
	decode(t, status, text, &e)
	if !slices.Contains(endpoints(), e.Task) {
		t.Errorf("task %q", e.Task)
	}
	for body, say := range map[string]string{
		`{"smiles": "C(C"}`:              "closed",
		`{"smiles": "CCO", "task": "x"}`: "want one of NR-AhR",
		`{"row": {}}`:                    `want \"smiles\"`,
		`{"smiles": "CCO", "row": {}}`:   `want \"smiles\"`,
		`{"smiles": ["CCO"]}`:            "want an object",
		`{"smiles": "CCO"} 1`:            "after the object",
		`{"what": 1}`:                    "unknown field",
		`[`:                              "want an object",
		`{"smiles": "` + strings.Repeat("C", 400) + `"}`: "at most 300",
	} {
		if status, text := call(t, "POST", url+"/explain", body); status != 400 || !strings.Contains(text, say) {
			t.Errorf("%.40s: %d %s", body, status, text)
		}
	}
}

// A row is explained with the prediction of /predict, in the unit of the target.
func TestExplainRow(t *testing.T) {
	for _, target := range []string{"kind", "price", "hot"} {
		path, _ := tableModel(t, target, 1)
		_, url := start(t, Options{Path: path})
		const row = `{"size": 1.5, "color": "red"}`
		var p struct{ Predictions []map[string]any }
		status, text := call(t, "POST", url+"/predict", `{"rows": [`+row+`]}`)
		decode(t, status, text, &p)
		var e explanation
		status, text = call(t, "POST", url+"/explain", `{"row": `+row+`}`)
		decode(t, status, text, &e)
		e.adds(t)
		if len(e.Contributions) != 2 || e.Contributions[1].Name != "color" || e.Contributions[1].Cell != "red" {
			t.Errorf("%s", text)
		}
		value, want := e.Value, p.Predictions[0][target]
		switch target {
		case "kind":
			value, want = 1/(1+math.Exp(-value)), p.Predictions[0]["kind="+e.Target]
			if p.Predictions[0]["kind"] != e.Target {
				t.Errorf("%s is explained, %v predicted", e.Target, p.Predictions[0])
			}
		case "hot":
			value, want = 1/(1+math.Exp(-value)), p.Predictions[0]["hot=1"]
		}
		if w, ok := want.(float64); !ok || math.Abs(value-w) > 1e-5*max(1, math.Abs(w)) {
			t.Errorf("%s: value %v, want %v", target, value, want)
		}
		for body, say := range map[string]string{
			`{"row": {"size": 1}}`:                      "not there",
			`{"row": ` + row + `, "target": "x"}`:       "want one of",
			`{"smiles": "C"}`:                           `want \"row\"`,
			`{"row": [1]}`:                              "want an object",
			`{"row": {"size": 1e999, "color": "red"}}`:  "too large",
			`{"row": {"size": 1, "color": "red"}}, {}]`: "after the object",
		} {
			if status, text := call(t, "POST", url+"/explain", body); status != 400 || !strings.Contains(text, say) {
				t.Errorf("%s: %d %s", body, status, text)
			}
		}
	}
}

// The page and its parts are served with a policy that allows nothing from elsewhere; other clients get a text.
func TestPage(t *testing.T) {
	path, _ := tableModel(t, "kind", 1)
	_, url := start(t, Options{Path: path})
	for _, test := range []struct{ path, accept, kind, has string }{
		{"/", "text/html,*/*", "text/html; charset=utf-8", `<script src="/page/page.js"`},
		{"/", "*/*", "text/plain; charset=utf-8", "POST /predict"},
		{"/page/page.js", "", "text/javascript; charset=utf-8", "use strict"},
		{"/page/page.css", "", "text/css; charset=utf-8", "body{"},
	} {
		q, err := http.NewRequestWithContext(context.Background(), "GET", url+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Accept", test.accept)
		r, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		_, text := call(t, "GET", url+test.path, "")
		if test.accept != "text/html,*/*" && !strings.Contains(text, test.has) || r.Header.Get("Content-Type") != test.kind {
			t.Errorf("%s: %v", test.path, r.Header)
		}
		if policy := r.Header.Get("Content-Security-Policy"); test.kind != "text/plain; charset=utf-8" && (policy != pagePolicy || strings.Contains(policy, "unsafe")) {
			t.Errorf("%s: policy %q", test.path, policy)
		}
	}
	if status, _ := call(t, "GET", url+"/page/other", ""); status != 404 {
		t.Errorf("status %d", status)
	}
	var d struct {
		Kind    string
		Columns []struct {
			Name, Kind string
			Mean       *float64
			Categories []string
		}
	}
	status, text := call(t, "GET", url+"/page.json", "")
	decode(t, status, text, &d)
	if d.Kind != "tabular" || len(d.Columns) != 2 || d.Columns[0].Kind != "number" || d.Columns[0].Mean == nil || !slices.Contains(d.Columns[1].Categories, `a "b", c`) {
		t.Error(text)
	}
	for _, name := range []string{"page.html", "page.css", "page.js"} {
		content, err := pageFiles.ReadFile("page/" + name)
		if err != nil || strings.Contains(strings.ReplaceAll(string(content), "http://www.w3.org/2000/svg", ""), "://") || strings.Contains(string(content), "innerHTML") {
			t.Errorf("%s reaches beyond this service (%v)", name, err)
		}
	}
}

// The nearest training compound of a training compound is itself, and the shares of actives are those of the data.
func TestReference(t *testing.T) {
	r := &reference{test: []float64{0.2, 0.4, 0.6, 0.8}}
	for _, s := range someSMILES[:4] {
		m, err := parseMolecule(s)
		if err != nil {
			t.Fatal(err)
		}
		r.training = append(r.training, known{id: s, smiles: s, labels: tox21.Labels{1, 0}, print: printOf(m)})
	}
	m, err := parseMolecule("c1ccccc1O")
	if err != nil {
		t.Fatal(err)
	}
	n := r.neighbour(m)
	if n["similarity"] != 1.0 || n["id"] != "c1ccccc1O" || n["nearer_than"] != 1.0 || !slices.Equal(n["active"].([]string), []string{"NR-AhR"}) {
		t.Errorf("%v", n)
	}
	if text, err := json.Marshal(n); err != nil || !strings.Contains(string(text), "svg") {
		t.Errorf("%s, %v", text, err)
	}
}

// A browser fills in the form of the address, and shows the answer. SELFNORM_BROWSER names it, such as chromium.
func TestBrowser(t *testing.T) {
	browser := os.Getenv("SELFNORM_BROWSER")
	if browser == "" {
		t.Skip("SELFNORM_BROWSER names no browser")
	}
	path, _ := tableModel(t, "kind", 1)
	_, table := start(t, Options{Path: path})
	_, molecules := start(t, Options{Path: moleculeModel(t, []tox21.Family{{Kind: tox21.ECFP6, MinMolecules: 2}, {Kind: tox21.MACCS, MinMolecules: 2}})})
	path = moleculeModel(t, fewFamilies())
	mixedModel(t, path, "neighbours,kernel")
	_, ensemble := start(t, Options{Path: path})
	for _, test := range []struct {
		url   string
		wants []string
	}{
		{ensemble + "/#smiles=c1ccccc1O", []string{"the networks alone", "share 50 %", "kernel (ridge regression), share 25 %", "similarity of 1.00", "does not tell the structure"}},
		{molecules + "/#smiles=CC(%3DO)Oc1ccccc1", []string{"<radialGradient", "argues against it", "NR-PPAR-gamma", "MACCS keys", "Why ", "so this is unknown"}},
		{molecules + "/#smiles=C(C", []string{"never closed", "failure"}},
		{table + "/#row=%7B%22size%22%3A1.5%2C%22color%22%3A%22red%22%7D", []string{"size = 1.5", "color = red", "What argues for", `placeholder="mean `}},
		{table + "/#row=%7B%22size%22%3A%22x%22%7D", []string{"size"}},
	} {
		page, err := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom", test.url).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range test.wants {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s: no %q in\n%s", test.url, want, page)
			}
		}
	}
}
