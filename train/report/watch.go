package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/errors"
)

const (
	maxClients = 16
	// writeTimeout is the time that a client has to receive an update before it is disconnected.
	writeTimeout = 5 * time.Second
	// heartbeat is the interval at which a client hears from the server even if nothing has changed.
	heartbeat = 15 * time.Second
	// closeTimeout is the time that Close gives the clients to receive the last update.
	closeTimeout = time.Second
)

// Watcher serves the page of a running training.
type Watcher struct {
	url      string
	server   *http.Server
	recorder *Recorder
	hosts    hosts
	page     cached
	events   cached
	done     chan struct{}
	close    sync.Once
	serving  sync.WaitGroup // the server and its connections
	clients  atomic.Int32
}

// Watch serves the live page of a recorder on an address, such as ":8080". Without a host it listens on 127.0.0.1, which only this machine
// can reach. The page has no password, so set a different host only if everyone on the network may see the page. Port 0 picks a free port.
// Watch returns an error if it cannot listen there, for example because the port is in use.
//
// The training never waits for a client: it copies a little state at most four times a second. Other goroutines do the rest, less often if
// it takes long.
func Watch(addr string, r *Recorder) (*Watcher, error) {
	if r == nil {
		return nil, errors.New("report: watch: there is no recorder")
	}
	addr, err := listenAddress(addr)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, errors.Wrapf(err, "report: watch on %s (port 0 takes a free one)", addr)
	}
	w := &Watcher{url: "http://" + listener.Addr().String() + "/", recorder: r, hosts: newHosts(addr, listener.Addr()), done: make(chan struct{})}
	w.page = cached{recorder: r, make: livePage}
	w.events = cached{recorder: r, make: liveEvent}
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: writeTimeout, IdleTimeout: 2 * heartbeat, MaxHeaderBytes: 1 << 14, ConnState: w.count}
	w.serving.Add(1)
	go func() {
		defer w.serving.Done()
		w.server.Serve(listener) // returns when the server is closed
	}()
	return w, nil
}

// count counts connections. The server, which is counted too, calls it before the goroutine of a new connection starts.
func (w *Watcher) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		w.serving.Add(1)
	case http.StateClosed:
		w.serving.Done()
	}
}

// URL is the address of the page.
func (w *Watcher) URL() string {
	if w == nil {
		return ""
	}
	return w.url
}

// Close sends the last state to all clients and stops the server. It returns when all goroutines have ended, which takes about a second if
// a client does not read. Further calls do nothing.
func (w *Watcher) Close() {
	if w == nil || w.server == nil {
		return
	}
	w.close.Do(func() {
		w.recorder.Update(func(r *Run) { r.ended, r.over = true, true })
		close(w.done)
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if w.server.Shutdown(ctx) != nil {
			w.server.Close()
		}
	})
	w.serving.Wait()
}

// ServeHTTP implements http.Handler: the page at /, and its updates at /events.
func (w *Watcher) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	if w == nil || w.server == nil {
		http.Error(out, "nothing is watched; use report.Watch", http.StatusServiceUnavailable)
		return
	}
	header := out.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("X-Frame-Options", "DENY")
	setDeadline(out)
	switch {
	case !w.hosts.allowed(in.Host):
		http.Error(out, fmt.Sprintf("this server does not go by the name %q", in.Host), http.StatusForbidden)
	case in.Method != http.MethodGet && in.Method != http.MethodHead:
		header.Set("Allow", "GET, HEAD")
		http.Error(out, "only GET", http.StatusMethodNotAllowed)
	case in.URL.Path == "/":
		w.servePage(out)
	case in.URL.Path == "/events" && in.Method == http.MethodGet:
		w.serveEvents(out, in)
	default:
		http.NotFound(out, in)
	}
}

func (w *Watcher) servePage(out http.ResponseWriter) {
	page, err := w.page.get(false)
	if err != nil {
		http.Error(out, err.Error(), http.StatusInternalServerError)
		return
	}
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	setDeadline(out)
	out.Write(page.data) // a client that has disconnected needs no answer
}

// serveEvents sends the state as server-sent events whenever it changes, until either side disconnects.
func (w *Watcher) serveEvents(out http.ResponseWriter, in *http.Request) {
	if w.clients.Add(1) > maxClients {
		w.clients.Add(-1)
		http.Error(out, fmt.Sprintf("%d pages are watching already", maxClients), http.StatusServiceUnavailable)
		return
	}
	defer w.clients.Add(-1)
	out.Header().Set("Content-Type", "text/event-stream")
	var sent uint64
	var spoken time.Time
	for {
		now, err := w.events.get(false)
		if err != nil {
			return
		}
		var event []byte
		if now.version != sent || spoken.IsZero() {
			event = now.data
		}
		if event != nil || time.Since(spoken) > heartbeat {
			if send(out, "", event) != nil {
				return
			}
			sent, spoken = now.version, time.Now()
		}
		select {
		case <-in.Context().Done():
			return
		case <-w.done:
			if now, err := w.events.get(true); err == nil {
				send(out, "end", now.data)
			}
			return
		case <-time.After(now.pause):
		}
	}
}

// send writes an event, or a comment if there are no data. It returns an error if the client does not receive it in time.
func send(out http.ResponseWriter, name string, data []byte) error {
	var b bytes.Buffer
	switch {
	case data == nil:
		b.WriteString(":\n\n")
	case name != "":
		fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, data)
	default:
		fmt.Fprintf(&b, "data: %s\n\n", data)
	}
	setDeadline(out)
	if _, err := out.Write(b.Bytes()); err != nil {
		return err
	}
	return http.NewResponseController(out).Flush()
}

// setDeadline limits the time of the next writes. Writers in tests do not support deadlines.
func setDeadline(out http.ResponseWriter) {
	_ = http.NewResponseController(out).SetWriteDeadline(time.Now().Add(writeTimeout))
}

func livePage(r *Run) ([]byte, error) {
	r.live = true
	var b bytes.Buffer
	err := render(&b, *tolerant(r), livePoints, true)
	return b.Bytes(), err
}

func liveEvent(r *Run) ([]byte, error) {
	r.live = true
	data, err := update(tolerant(r))
	if err != nil {
		return nil, err
	}
	return json.Marshal(data)
}

// tolerant omits results that Write would reject, so that the training goes on.
func tolerant(r *Run) *Run {
	var good []Result
	for _, result := range r.Results {
		if _, _, err := result.judged(); err == nil {
			good = append(good, result)
		}
	}
	r.Results = good
	return r
}
