package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
)

// model saves a network for the table of docs/serving.md.
func model(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("size,color,kind\n")
	for i := range 60 {
		fmt.Fprintf(&text, "%d.5,%s,%s\n", i%11, []string{"red", "green", "blue"}[i%3], []string{"small", "large"}[i%2])
	}
	table, err := csv.ReadFrom("my.csv", strings.NewReader(text.String()), csv.Options{Target: "kind"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := table.Fit(table.Rows())
	if err != nil {
		t.Fatal(err)
	}
	net, err := graphs.New(graphs.SNN{Layers: 2, Units: 8, Outputs: 2}, graphs.Matrix(len(e.FeatureNames())), graphs.CrossEntropy)
	if err != nil {
		t.Fatal(err)
	}
	if net.Encoder, err = json.Marshal(map[string]any{"program": "tabular", "version": 1, "encoder": e}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := graphs.SaveAll(path, []*graphs.Network{net}); err != nil {
		t.Fatal(err)
	}
	return path
}

// buffer is the output of a program that runs.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var served = regexp.MustCompile(`serving model, version \S+, on http://(\S+)\n`)

// service runs the program until stop is called, which returns its exit code.
func service(t *testing.T, args ...string) (address string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var stdout, stderr buffer
	code := make(chan int, 1)
	go func() { code <- run(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), &stdout, &stderr) }()
	for range 2000 {
		if m := served.FindStringSubmatch(stdout.String()); m != nil {
			return m[1], func() int { cancel(); return <-code }
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	t.Fatalf("no service: %s%s", stdout.String(), stderr.String())
	return "", nil
}

var curl = regexp.MustCompile(`^curl -s (\S+)(?: -d '(.*)')?$`)

// Every curl command of docs/serving.md is answered, by curl where there is one.
func TestDocument(t *testing.T) {
	page, err := os.ReadFile("../../docs/serving.md")
	if err != nil {
		t.Fatal(err)
	}
	address, stop := service(t, "-model", model(t))
	commands := 0
	for line := range strings.Lines(string(page)) {
		line = strings.TrimSpace(line)
		m := curl.FindStringSubmatch(line)
		if m == nil {
			if strings.HasPrefix(line, "curl") {
				t.Errorf("a command of another form: %s", line)
			}
			continue
		}
		commands++
		url := strings.Replace(m[1], "127.0.0.1:8080", address, 1)
		answer := answerOf(t, url, m[2])
		wrong := strings.Contains(m[2], "1e999")
		if answer == "" || strings.HasPrefix(answer, `{"error":`) != wrong {
			t.Errorf("%s: %s", line, answer)
		}
		if wrong && !strings.Contains(string(page), strings.TrimSpace(answer)) {
			t.Errorf("the page does not show this answer: %s", answer)
		}
	}
	if commands < 10 {
		t.Errorf("%d commands", commands)
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// answerOf sends a request by curl, or without it.
func answerOf(t *testing.T, url, body string) string {
	t.Helper()
	if _, err := exec.LookPath("curl"); err == nil {
		args := []string{"-s", url}
		if body != "" {
			args = append(args, "-d", body)
		}
		out, err := exec.Command("curl", args...).Output()
		if err != nil {
			t.Fatalf("curl %s: %v", url, err)
		}
		return string(out)
	}
	var r *http.Response
	var err error
	if body == "" {
		r, err = http.Get(url)
	} else {
		r, err = http.Post(url, "application/json", strings.NewReader(body))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The client of -load counts answers, and fails if there are errors.
func TestLoad(t *testing.T) {
	address, stop := service(t, "-model", model(t))
	body := filepath.Join(t.TempDir(), "row.json")
	if err := os.WriteFile(body, []byte(`{"rows": [{"size": 1, "color": "red"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	load := func(path string) (int, string, string) {
		return programtest.Run(run, "-load", "100ms", "-clients", "3", "-body", body, "-url", "http://"+address+path)
	}
	if code, out, err := load("/predict"); code != 0 || !strings.Contains(out, " 0 errors, 0 wrong answers") || !strings.Contains(out, "p99") {
		t.Errorf("%d %s%s", code, out, err)
	}
	if code, _, err := load("/v2/models/model/infer"); code != 1 || !strings.Contains(err, "status 400") {
		t.Errorf("%d %s", code, err)
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestErrors(t *testing.T) {
	text := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(text, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: nil, Code: 1, Want: "none is embedded"},
		{Args: []string{"-model", text}, Code: 1, Want: "a.txt"},
		{Args: []string{"-model", t.TempDir()}, Code: 1, Want: "is not a file"},
		{Args: []string{"-model", "no-such-file"}, Code: 1, Want: "no-such-file"},
		{Args: []string{"-model", model(t), "-listen", "256.0.0.1:1"}, Code: 1, Want: "-listen 256.0.0.1:1"},
		{Args: []string{"-listen", "8080"}, Code: 2, Want: "want HOST:PORT"},
		{Args: []string{"-max-rows", "0"}, Code: 2, Want: "-max-rows 0"},
		{Args: []string{"-timeout", "0s"}, Code: 2, Want: "-timeout 0s"},
		{Args: []string{"-load", "1s"}, Code: 2, Want: "-body"},
		{Args: []string{"-load", "1s", "-body", "no-such-file"}, Code: 1, Want: "no-such-file"},
		{Args: []string{"x"}, Code: 2, Want: "unexpected argument"},
	})
}
