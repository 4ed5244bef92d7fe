package pipelines_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/selfnorm/selfnorm/beam/pipelines"
)

// bucket starts an S3 server on loopback, makes it that of this process and of those that it starts, and returns the address of a bucket.
func bucket(t testing.TB) string {
	t.Helper()
	backend := s3mem.New()
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	if err := backend.CreateBucket("selfnorm"); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_S3": server.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(name, value)
	}
	return "s3://selfnorm"
}

// Inputs, the model and the answers of a screening may be in an object store: the answers are those of -predict.
func TestScreeningInStore(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	tox21 := filepath.Join(programs(t, "tox21"), "tox21")
	dir, store := t.TempDir(), bucket(t)
	model, out := filepath.Join(dir, "model"), filepath.Join(dir, "out.csv")
	if text, err := exec.Command(tox21, "-synthetic", "-quick", "-q", "-out", model).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var want []string
	for _, name := range []string{"a.smi", "b.smi"} {
		path := filepath.Join(dir, name)
		var lines strings.Builder
		for i := range 60 {
			fmt.Fprintf(&lines, "%sO %s-%d\n", strings.Repeat("C", 1+i%7), name, i)
		}
		if err := os.WriteFile(path, []byte(lines.String()+"C1CC bad\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command(tox21, "-model", model, "-predict", path, "-q", "-out", out, "-overwrite").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		for _, row := range rows(t, out) {
			want = append(want, strings.ReplaceAll(row, path, store+"/in/"+name))
		}
		copyFile(t, path, store+"/in/"+name)
	}
	copyFile(t, model, store+"/model")
	var stderr strings.Builder
	s := pipelines.Screening{
		Command: []string{tox21, "-threads", "1"}, Model: store + "/model", Inputs: store + "/in/*.smi", Dir: store + "/out", Parts: 2, Workers: 2, Stderr: &stderr,
	}
	if err := s.Run(t.Context()); err != nil || !strings.Contains(stderr.String(), "122 rows, 2 of them cannot be read") {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	files, err := pipelines.Glob(t.Context(), store+"/out/*.csv")
	if err != nil || len(files) != 4 {
		t.Fatalf("files %q (%v)", files, err)
	}
	var got []string
	for _, f := range files {
		copyFile(t, f, out)
		got = append(got, rows(t, out)...)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Fatalf("%d rows, want %d; row %d is\n%s, want\n%s", len(got), len(want), i, got[i], want[i])
			}
		}
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	stderr.Reset()
	if err := s.Run(t.Context()); err != nil || stderr.Len() > 0 { // all is there
		t.Errorf("%v: %s", err, stderr.String())
	}
	s.Inputs = store + "/none/*.smi"
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "none/*.smi") {
		t.Error(err)
	}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	if err := pipelines.Copy(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
}

// Results of a search may be in an object store, from which a second run goes on.
func TestSearchInStore(t *testing.T) {
	s, stdout, stderr := stubSearch(t, 12, "-refuse", "4")
	s.Dir = bucket(t) + "/results"
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "stub: other data") {
		t.Error(err)
	}
	s.Command = s.Command[:len(s.Command)-2]
	if err := s.Run(t.Context()); err != nil || stdout.String() != stubTable(12) {
		t.Fatalf("%v: %s%s", err, stdout, stderr)
	}
	if files, err := pipelines.Glob(t.Context(), s.Dir+"/*"); err != nil || len(files) == 0 {
		t.Errorf("files %q (%v)", files, err)
	}
}
