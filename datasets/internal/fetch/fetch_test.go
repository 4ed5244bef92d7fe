package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkg/errors"
)

// payload is long enough to arrive in several reads.
var payload = []byte(strings.Repeat("self-normalizing ", 10000))

func hexSum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// server answers like a file server, and can be told to misbehave.
type server struct {
	sync.Mutex
	content    []byte
	tag        string
	breakAfter int  // bytes after which the connection breaks, 0 for never
	noRange    bool // ignores Range
	lieRange   bool // answers Range without looking at If-Range
	status     int  // answers this and nothing else
	ranges     []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	s.ranges = append(s.ranges, r.Header.Get("Range"))
	if s.status != 0 {
		w.WriteHeader(s.status)
		return
	}
	if s.tag != "" {
		w.Header().Set("ETag", s.tag)
	}
	var from int
	rng := r.Header.Get("Range")
	if rng != "" && !s.noRange && (s.lieRange || r.Header.Get("If-Range") == "" || r.Header.Get("If-Range") == s.tag) {
		fmt.Sscanf(rng, "bytes=%d-", &from)
		if from >= len(s.content) {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(s.content)-1, len(s.content)))
	}
	body := s.content[from:]
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	if w.Header().Get("Content-Range") != "" {
		w.WriteHeader(http.StatusPartialContent)
	}
	if s.breakAfter > 0 && s.breakAfter < len(body) {
		w.Write(body[:s.breakAfter])
		panic(http.ErrAbortHandler)
	}
	w.Write(body)
}

func start(t *testing.T, s *server) File {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return File{Name: "data.csv", URL: web.URL + "/data.csv", SHA256: hexSum(payload)}
}

func wantFile(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != string(want) {
		t.Fatalf("%s has %d bytes (%v), want %d", path, len(got), err, len(want))
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.part*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestGet(t *testing.T) {
	s := &server{content: payload}
	f := start(t, s)
	dir := filepath.Join(t.TempDir(), "new", "folder")
	var last, total int64
	c := Client{Progress: func(name string, done, of int64) { last, total = done, of }}
	path, err := c.Get(t.Context(), dir, f)
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, payload)
	if last != int64(len(payload)) || total != last {
		t.Errorf("progress ended at %d of %d, want %d", last, total, len(payload))
	}
	if _, err := c.Get(t.Context(), dir, f); err != nil || len(s.ranges) != 1 {
		t.Errorf("%d requests (%v): a file that is there was loaded again", len(s.ranges), err)
	}
	if err := os.WriteFile(path, payload[1:], 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), dir, f); err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, payload)
}

// Whatever the server does with the second request, the file must come out right.
func TestResume(t *testing.T) {
	const broken = 50000
	for _, c := range []struct {
		name   string
		tag    string
		noSum  bool
		change func(*server)
		ranges int // requests after the broken one
	}{
		{"continues", `"v1"`, false, func(*server) {}, 1},
		{"continues without checksum", `"v1"`, true, func(*server) {}, 1},
		{"no tag", "", false, func(*server) {}, 1},
		{"no tag, no checksum", "", true, func(*server) {}, 1},
		{"weak tag", `W/"v1"`, false, func(*server) {}, 1},
		{"ignores ranges", `"v1"`, false, func(s *server) { s.noRange = true }, 1},
		{"new version", `"v1"`, false, func(s *server) { s.tag = `"v2"` }, 1},
		{"new version, ignores If-Range", `"v1"`, false, func(s *server) { s.tag, s.lieRange = `"v2"`, true }, 2},
		{"shorter now", `"v1"`, false, func(s *server) { s.lieRange = true }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &server{content: payload, tag: c.tag, breakAfter: broken}
			if c.name == "shorter now" || strings.HasPrefix(c.name, "new version") {
				s.content = []byte(strings.Repeat("an older version ", 10000))
			}
			f := start(t, s)
			final := payload
			if c.noSum {
				f.SHA256 = ""
			}
			dir := t.TempDir()
			var client Client
			_, err := client.Get(t.Context(), dir, f)
			if err == nil || !strings.Contains(err.Error(), "stopped after 50000 bytes") {
				t.Fatalf("broken transfer: %v", err)
			}
			if _, err := os.Stat(filepath.Join(dir, f.Name)); err == nil {
				t.Fatal("half a file has its name already")
			}
			s.Lock()
			s.content, s.breakAfter, s.ranges = payload, 0, nil
			if c.name == "shorter now" {
				final = payload[:broken]
				s.content, f.SHA256 = final, hexSum(final)
				s.tag = `"v3"`
			}
			c.change(s)
			s.Unlock()
			path, err := client.Get(t.Context(), dir, f)
			if err != nil {
				t.Fatal(err)
			}
			wantFile(t, path, final)
			if len(s.ranges) != c.ranges {
				t.Errorf("requests %q, want %d", s.ranges, c.ranges)
			}
		})
	}
}

// A continuation of other bytes under no mark at all is found out by the checksum, and loaded afresh.
func TestResumeOfOtherBytes(t *testing.T) {
	s := &server{content: []byte(strings.Repeat("x", len(payload))), breakAfter: 1000}
	f := start(t, s)
	dir := t.TempDir()
	var c Client
	if _, err := c.Get(t.Context(), dir, f); err == nil {
		t.Fatal("no error")
	}
	s.Lock()
	s.content, s.breakAfter = payload, 0
	s.Unlock()
	path, err := c.Get(t.Context(), dir, f)
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, path, payload)
}

func TestFinishesCompletePart(t *testing.T) {
	s := &server{content: payload}
	f := start(t, s)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, f.Name+".part"), payload, 0o666); err != nil {
		t.Fatal(err)
	}
	path, err := new(Client).Get(t.Context(), dir, f)
	if err != nil || len(s.ranges) > 0 {
		t.Fatalf("%v, %d requests, want none", err, len(s.ranges))
	}
	wantFile(t, path, payload)
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		server *server
		change func(*File)
		say    []string
	}{
		{"status", &server{status: 404}, nil, []string{"404", "/data.csv"}},
		{"server error", &server{status: 503}, nil, []string{"503"}},
		{"checksum", &server{content: payload[1:]}, nil, []string{hexSum(payload), hexSum(payload[1:]), "/data.csv"}},
		{"too large", &server{content: payload}, func(f *File) { f.MaxBytes = 1000 }, []string{"1000", "170000"}},
		{"name", &server{content: payload}, func(f *File) { f.Name = "../data.csv" }, []string{"../data.csv"}},
		{"address", &server{content: payload}, func(f *File) { f.URL = "::" }, []string{"::"}},
		{"refused", &server{content: payload}, func(f *File) { f.URL = "http://127.0.0.1:1/x" }, []string{"127.0.0.1:1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := start(t, c.server)
			if c.change != nil {
				c.change(&f)
			}
			dir := t.TempDir()
			_, err := new(Client).Get(t.Context(), dir, f)
			if err == nil {
				t.Fatal("no error")
			}
			for _, s := range c.say {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("error %q does not say %q", err, s)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestTooLargeWithoutLength(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 10 {
			w.Write(payload)
			w.(http.Flusher).Flush()
		}
	}))
	defer web.Close()
	dir := t.TempDir()
	_, err := new(Client).Get(t.Context(), dir, File{Name: "x", URL: web.URL, MaxBytes: 200000})
	if err == nil || !strings.Contains(err.Error(), "limit of 200000") {
		t.Fatalf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// hang sends a little and then nothing.
func hang(t *testing.T) (File, chan struct{}) {
	t.Helper()
	sent, done := make(chan struct{}, 8), make(chan struct{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(payload)))
		w.Write(payload[:100])
		w.(http.Flusher).Flush()
		sent <- struct{}{}
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(web.Close)
	t.Cleanup(func() { close(done) })
	return File{Name: "data.csv", URL: web.URL, SHA256: hexSum(payload)}, sent
}

func TestCancel(t *testing.T) {
	f, sent := hang(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-sent
		cancel()
	}()
	dir := t.TempDir()
	_, err := new(Client).Get(ctx, dir, f)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(filepath.Join(dir, f.Name)); err == nil {
		t.Error("half a file has its name already")
	}
}

func TestStall(t *testing.T) {
	f, _ := hang(t)
	c := Client{Stall: 20 * time.Millisecond}
	_, err := c.Get(t.Context(), t.TempDir(), f)
	if err == nil || !strings.Contains(err.Error(), "nothing came for 20ms") {
		t.Fatalf("error %v", err)
	}
}
