package report_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/report"
)

func watch(t *testing.T, r *report.Recorder) *report.Watcher {
	t.Helper()
	w, err := report.Watch("127.0.0.1:0", r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// client is one that keeps no connections.
func client() *http.Client { return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} }

func get(t *testing.T, url, host string) (int, string) {
	t.Helper()
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		request.Host = host
	}
	response, err := client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// update is the part of an event that the tests read.
type update struct {
	Parts  map[string]string
	Groups []struct{ ID string }
}

// listen hands on the events of a page until the server ends it. The last one is called end.
func listen(t *testing.T, url string) (events <-chan update, last <-chan update) {
	t.Helper()
	response, err := client().Get(url + "events")
	if err != nil {
		t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	all, end := make(chan update, 1000), make(chan update, 1)
	go func() {
		defer response.Body.Close()
		defer close(all)
		defer close(end)
		in, name := bufio.NewReader(response.Body), ""
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if s, ok := strings.CutPrefix(line, "event: "); ok {
				name = strings.TrimSpace(s)
			}
			if s, ok := strings.CutPrefix(line, "data: "); ok {
				var u update
				if err := json.Unmarshal([]byte(s), &u); err != nil {
					t.Errorf("event %q: %v", name, err)
				}
				if name == "end" {
					end <- u
				} else {
					all <- u
				}
			}
		}
	}()
	return all, end
}

// Two pages follow a training, and both get its last state when the server ends.
func TestWatch(t *testing.T) {
	fit(t, 1) // starts the threads that all trainings share
	before := runtime.NumGoroutine()
	r := &report.Recorder{Run: report.Run{Title: "live one"}}
	w := watch(t, r)
	if status, page := get(t, w.URL(), ""); status != 200 || !strings.Contains(page, "live one") || !strings.Contains(page, `data-live="events"`) {
		t.Errorf("status %d: %.300s", status, page)
	}
	first, firstEnd := listen(t, w.URL())
	second, secondEnd := listen(t, w.URL())
	<-first
	<-second
	_, h := fit(t, 5, &callback.Probes{}, r)
	r.Update(func(run *report.Run) { run.Results = []report.Result{tasks(20, 2)} })
	w.Close()
	for _, end := range []<-chan update{firstEnd, secondEnd} {
		u, ok := <-end
		if !ok || len(u.Groups) != 3 || !strings.Contains(u.Parts["status"], "done") || !strings.Contains(u.Parts["results"], "task 2") {
			t.Errorf("the last event is %+v (%v)", u, ok)
		}
	}
	if len(h.Epochs) != 5 {
		t.Errorf("%d epochs", len(h.Epochs))
	}
	if _, err := client().Get(w.URL()); err == nil {
		t.Error("the server still answers")
	}
	w.Close() // does nothing
	noLeak(before)
}

// noLeak waits until there are no more goroutines than before. The time limit of go test ends it, and shows the stacks.
func noLeak(before int) {
	for runtime.NumGoroutine() > before {
		time.Sleep(time.Millisecond)
	}
}

// A client that goes away, or never reads, holds up neither the training nor the end of the server.
func TestBadClients(t *testing.T) {
	fit(t, 1) // starts the threads that all trainings share
	before := runtime.NumGoroutine()
	big := tasks(1, 6000) // a table that no buffer of a connection takes
	for i := range 6000 {
		big.Names = append(big.Names, strings.Repeat("<", 110)+fmt.Sprint(i))
	}
	r := &report.Recorder{Run: report.Run{Results: []report.Result{big}}}
	w := watch(t, r)
	address := strings.TrimSuffix(strings.TrimPrefix(w.URL(), "http://"), "/")
	var stalled []net.Conn
	for _, ask := range []string{"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nHos", ""} {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, ask); err != nil {
			t.Fatal(err)
		}
		stalled = append(stalled, c)
	}
	one := make([]byte, 1)
	for _, c := range stalled[:3] { // the server has begun to answer
		if _, err := io.ReadFull(c, one); err != nil {
			t.Fatal(err)
		}
	}
	stalled[0].Close()
	fit(t, 3, r)
	if got := len(r.Snapshot().Losses); got != 30 {
		t.Errorf("%d losses", got)
	}
	w.Close()
	noLeak(before)
}

// Pages beyond the limit are turned away, and places become free again.
func TestManyClients(t *testing.T) {
	w := watch(t, &report.Recorder{})
	var open []*http.Response
	status := func() int {
		response, err := client().Get(w.URL() + "events")
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, response)
		return response.StatusCode
	}
	for range 16 {
		if got := status(); got != 200 {
			t.Fatalf("status %d", got)
		}
	}
	if got := status(); got != 503 {
		t.Errorf("status %d for one too many", got)
	}
	for _, response := range open {
		response.Body.Close()
	}
	for status() != 200 {
		runtime.Gosched()
	}
	for _, response := range open {
		response.Body.Close()
	}
}

func TestRequests(t *testing.T) {
	w := watch(t, &report.Recorder{})
	for _, c := range []struct {
		path, host string
		status     int
	}{
		{"", "", 200}, {"", "localhost", 200}, {"", "LOCALHOST:1234", 200}, {"", "[::1]:80", 200},
		{"", "evil.example", 403}, {"events", "evil.example:80", 403}, {"", "localhost.evil.example", 403}, {"", "192.0.2.1", 403},
		{"etc/passwd", "", 404}, {"favicon.ico", "", 404},
	} {
		if status, body := get(t, w.URL()+c.path, c.host); status != c.status {
			t.Errorf("/%s at host %q: status %d, want %d: %.100s", c.path, c.host, status, c.status, body)
		}
	}
	response, err := client().Post(w.URL(), "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 405 {
		t.Errorf("POST: status %d", response.StatusCode)
	}
}

// A port without host is that of the loopback; one in use is an error that names it.
func TestWatchAddress(t *testing.T) {
	w, err := report.Watch(":0", &report.Recorder{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if !strings.HasPrefix(w.URL(), "http://127.0.0.1:") {
		t.Errorf("URL %s", w.URL())
	}
	address := strings.TrimSuffix(strings.TrimPrefix(w.URL(), "http://"), "/")
	if _, err := report.Watch(address, &report.Recorder{}); err == nil || !strings.Contains(err.Error(), address) {
		t.Errorf("a port in use gives the error %v", err)
	}
	for _, bad := range []string{"", ":", "localhost:", "a:b:c", ":99999999", ":http x"} {
		if w, err := report.Watch(bad, &report.Recorder{}); err == nil {
			w.Close()
			t.Errorf("address %q gives no error", bad)
		}
	}
}
