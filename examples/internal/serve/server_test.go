package serve

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/graphs"
)

// Many clients get the right bits, of the old file or the new one, while the file is replaced again and again, also by one that cannot be
// loaded. No request is lost.
func TestClientsWhileReloading(t *testing.T) {
	path, e := tableModel(t, "price", 1)
	other, _ := tableModel(t, "price", 50)
	first, _ := tableModel(t, "price", 1)
	var file strings.Builder
	file.WriteString("color,size\n")
	for i := range 40 {
		fmt.Fprintf(&file, "green,%d\n", i)
	}
	a, b := expected(t, path, e, file.String()), expected(t, other, e, file.String())
	s, url := start(t, Options{Path: path, BatchDelay: time.Millisecond, Drift: time.Millisecond})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 200}}
	var done atomic.Bool
	var answers, old atomic.Int64
	var group sync.WaitGroup
	for g := range 200 {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 0))
			for !done.Load() {
				i, n := r.IntN(30), 1+r.IntN(10)
				var body strings.Builder
				for k := range n {
					fmt.Fprintf(&body, `,{"size":%d,"color":"green"}`, i+k)
				}
				got, err := prices(client, url+"/predict", `{"rows":[`+body.String()[1:]+`]}`)
				if err != nil || len(got) != n {
					t.Errorf("%d answers: %v", len(got), err)
					return
				}
				want := a
				if got[0] == e.Value(0, b.Row(i)[0]) {
					want = b
				} else {
					old.Add(1)
				}
				for k, v := range got {
					if v != e.Value(0, want.Row(i + k)[0]) {
						t.Errorf("row %d: %v", i+k, v)
						return
					}
				}
				answers.Add(1)
			}
		})
	}
	for k := range 8 {
		time.Sleep(50 * time.Millisecond)
		replace(t, path, []string{other, first}[k%2], time.Duration(k+1)*time.Second)
		if changed, err := s.Reload(false); !changed || err != nil {
			t.Errorf("reload %d: %v, %v", k, changed, err)
		}
	}
	done.Store(true)
	group.Wait()
	if n := answers.Load(); n < 200 || old.Load() == 0 || old.Load() == n {
		t.Errorf("%d answers, %d of the first file", n, old.Load())
	}
	t.Logf("%d answers", answers.Load())
}

// prices returns the predictions for rows.
func prices(c *http.Client, url, body string) (all []float64, err error) {
	r, err := c.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		return nil, fmt.Errorf("%d %s %v", r.StatusCode, text, err)
	}
	var got struct{ Predictions []map[string]float64 }
	if err := unmarshal(text, &got); err != nil {
		return nil, err
	}
	for _, p := range got.Predictions {
		all = append(all, p["price"])
	}
	return all, nil
}

// A file that cannot be served leaves the old model in place, and log and metrics say so.
func TestBadReload(t *testing.T) {
	path, _ := tableModel(t, "price", 1)
	kinds, _ := tableModel(t, "kind", 1)
	var said bytes.Buffer
	s, url := start(t, Options{Path: path, Log: log.New(&said, "", 0)})
	if changed, err := s.Reload(false); changed || err != nil {
		t.Errorf("an unchanged file: %v, %v", changed, err)
	}
	damaged := path + ".damaged"
	if err := os.WriteFile(damaged, []byte("no networks"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, before := s.Model()
	for k, c := range []struct{ by, want string }{{damaged, path}, {kinds, "its columns or outputs are others"}} {
		replace(t, path, c.by, time.Duration(k+1)*time.Hour)
		said.Reset()
		if changed, err := s.Reload(false); changed || err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(said.String(), c.want) {
			t.Errorf("%v, %v, log %q", changed, err, said.String())
		}
		if changed, err := s.Reload(false); changed || err != nil {
			t.Errorf("the same file again: %v, %v", changed, err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reload(false); err == nil {
		t.Error("no error for a file that is gone")
	}
	if _, v := s.Model(); v != before {
		t.Errorf("version %s, want %s", v, before)
	}
	if status, text := call(t, "POST", url+"/predict", `{"rows":[{"size":1,"color":"red"}]}`); status != 200 {
		t.Error(status, text)
	}
	_, text := call(t, "GET", url+"/metrics", "")
	for _, want := range []string{`selfnorm_reloads_total{result="failed"} 3`, "selfnorm_reload_failing 1", `selfnorm_requests_total{path="POST /predict",code="200"} 1`} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// listen serves on a real listener until the returned function is called, which returns what Serve does.
func listen(t *testing.T, s *Server, grace time.Duration) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l, grace) }()
	return l.Addr().String(), func() error { cancel(); return <-ended }
}

// dial sends the beginning of a request.
func dial(t *testing.T, address, text string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c
}

// Huge bodies are refused without being read, and slow clients are cut off, while others are served.
func TestHostileClients(t *testing.T) {
	path, _ := tableModel(t, "price", 1)
	s, err := New(Options{Path: path, Timeout: 300 * time.Millisecond, MaxBody: 1000, MaxBodies: 1500})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	address, stop := listen(t, s, time.Second)
	header := "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: "
	huge := dial(t, address, header+"1073741824\r\n\r\n{")
	slowHeader := dial(t, address, "POST /predict HTTP/1.1\r\nHo")
	slowBody := dial(t, address, header+"900\r\n\r\n{"+strings.Repeat(" ", 800))
	zipped := dial(t, address, "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
	for name, c := range map[string]struct {
		net.Conn
		want string
	}{"huge": {huge, "413"}, "zipped": {zipped, "415"}} {
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, c.want) {
			t.Errorf("%s: %q, %v", name, line, err)
		}
	}
	for deadline := time.Now().Add(5 * time.Second); s.bodies.Load() < 800 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	big := `{"rows":[{"size":1,"color":"red"}` + strings.Repeat(" ", 800) + `]}`
	if status, text := call(t, "POST", "http://"+address+"/predict", big); status != 503 || !strings.Contains(text, "large requests") {
		t.Errorf("beyond all bodies together: %d %s", status, text)
	}
	if status, text := call(t, "POST", "http://"+address+"/predict", `{"rows":[{"size":1,"color":"red"}]}`); status != 200 {
		t.Errorf("beside slow clients: %d %s", status, text)
	}
	for name, c := range map[string]net.Conn{"header": slowHeader, "body": slowBody} {
		if _, err := io.ReadAll(c); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Errorf("a slow %s is never cut off: %v", name, err)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if n := s.bodies.Load(); n != 0 {
		t.Errorf("%d bytes of bodies are still counted", n)
	}
}

// Requests that have begun are answered before the service ends, and not waited for longer than the time that is given.
func TestGracefulStop(t *testing.T) {
	path, _ := tableModel(t, "price", 1)
	body := `{"rows":[{"size":1,"color":"red"}]}`
	for _, finishes := range []bool{true, false} {
		s, err := New(Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		grace := 10 * time.Second
		if !finishes {
			grace = 50 * time.Millisecond
		}
		address, stop := listen(t, s, grace)
		c := dial(t, address, fmt.Sprintf("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:10]))
		for s.metrics.inFlight.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		ended := make(chan error, 1)
		go func() { ended <- stop() }()
		for !s.draining.Load() {
			time.Sleep(time.Millisecond)
		}
		if finishes {
			if _, err := io.WriteString(c, body[10:]); err != nil {
				t.Fatal(err)
			}
			if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
				t.Errorf("a request that had begun: %q, %v", line, err)
			}
		}
		if err := <-ended; (err == nil) != finishes {
			t.Errorf("finishes %v: %v", finishes, err)
		}
		s.Close()
	}
}

// Requests beyond the limit of those that wait, and beyond the time limit, are refused.
func TestBusy(t *testing.T) {
	path, _ := tableModel(t, "price", 1)
	s, url := start(t, Options{Path: path, MaxRequests: 1, Timeout: 50 * time.Millisecond})
	for range cap(s.working) {
		s.working <- struct{}{} // as if all threads were busy
	}
	body := `{"rows":[{"size":1,"color":"red"}]}`
	if status, text := call(t, "POST", url+"/predict", body); status != 503 || !strings.Contains(text, "more time") {
		t.Errorf("%d %s", status, text)
	}
	s.waiting <- struct{}{}
	if status, text := call(t, "POST", url+"/predict", body); status != 429 || !strings.Contains(text, "too many requests") {
		t.Errorf("%d %s", status, text)
	}
}

// Rows unlike those before show in the moments of the layers, and rows like them do not.
func TestDrift(t *testing.T) {
	path, _ := tableModel(t, "price", 1)
	s, url := start(t, Options{Path: path, Drift: time.Nanosecond})
	send := func(shift float64, until int) {
		r := rand.New(rand.NewPCG(3, 4))
		d := s.current.drift
		for sampled := -1; sampled < until; {
			var body strings.Builder
			for range 256 {
				fmt.Fprintf(&body, `,{"size":%v,"color":"%s"}`, shift+r.NormFloat64(), []string{"red", "green"}[r.IntN(2)])
			}
			if status, text := call(t, "POST", url+"/predict", `{"rows":[`+body.String()[1:]+`]}`); status != 200 {
				t.Fatal(text)
			}
			d.mu.Lock()
			sampled = d.rows
			d.mu.Unlock()
		}
	}
	ratio := func() (v float64) {
		_, text := call(t, "GET", url+"/metrics", "")
		_, rest, found := strings.Cut(text, `selfnorm_layer_variance_ratio{layer="input"} `)
		if _, err := fmt.Sscan(rest, &v); !found || err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		return v
	}
	send(0, 2*firstRows) // the first of them are the baseline: this file has no moments
	if v := ratio(); v < 0.8 || v > 1.25 {
		t.Errorf("the same rows: ratio %v", v)
	}
	send(5, 5*firstRows)
	if v := ratio(); v < 2 {
		t.Errorf("other rows: ratio %v", v)
	}
}

// A file with arrays that are no members is refused: the networks alone would give other answers.
func TestOtherMembers(t *testing.T) {
	path, _ := tableModel(t, "price", 1)
	b, err := graphs.LoadBundle(path)
	if err != nil {
		t.Fatal(err)
	}
	b.Arrays = map[string]any{"forest": []float32{1, 2}}
	if err := b.Save(path); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{Path: path}); err == nil || !strings.Contains(err.Error(), path+": members") {
		t.Error(err)
	}
}
