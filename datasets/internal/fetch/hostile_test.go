package fetch

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Whatever a server does, Get ends in time with an error of one line that names the address, a file with its final name never appears,
// and what is already there stays. The next try succeeds once the server behaves.
func TestHostileServer(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(payload); err != nil {
				return
			}
		}
	}
	raw := func(answer string) http.HandlerFunc { // as it is, then the connection ends
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			fmt.Fprint(conn, answer)
			conn.Close()
		}
	}
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		say   string
	}{
		{"redirects in circles", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, map[string]string{"/data.csv": "/b", "/b": "/data.csv"}[r.URL.Path], http.StatusFound)
		}, "redirects"},
		{"redirects without end", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusMovedPermanently)
		}, "redirects"},
		{"redirects to a file", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(302)
		}, "file"},
		{"redirects far away", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "x://"+strings.Repeat("y", 100_000), http.StatusFound)
		}, "unsupported protocol"},
		{"redirects nowhere", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(302) }, "302"},
		{"says less than it sends", raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + string(payload)), "sha256"},
		{"says more than it sends", raw("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + string(payload)), "stopped after"},
		{"says a negative length", raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + string(payload)), "Content-Length"},
		{"says two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 11\r\n\r\n" + string(payload)), "Content-Length"},
		{"says a huge length", raw("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n"), "limit"},
		{"sends data without end", endless, "limit"},
		{"sends chunks without end", func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			endless(w, r)
		}, "limit"},
		{"sends a broken chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "stopped after 0"},
		{"sends headers without end", raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 20_000)), "header"},
		{"sends no HTTP", raw("220 ftp ready\r\n"), "HTTP"},
		{"sends nothing", raw(""), "EOF"},
		{"sends a long line", raw("HTTP/1.1 " + strings.Repeat("9", 10_000) + "\r\n\r\n"), "malformed HTTP"},
		{"sends a long status", raw("HTTP/1.1 404 " + strings.Repeat("no ", 10_000) + "\r\n\r\n"), "404"},
		{"sends an error page", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); w.Write(payload) }, "500"},
		{"is busy", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Retry-After", "120"); w.WriteHeader(429) }, "429 Too Many Requests; try again after 120 seconds"},
		{"is busy until", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")
			w.WriteHeader(503)
		}, "503 Service Unavailable; try again after Fri, 31 Dec 1999 23:59:59 GMT"},
		{"is busy and lies", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", strings.Repeat("x", 4000))
			w.WriteHeader(429)
		}, "429"},
		{"sends a part unasked", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Range", "bytes 5-9/10")
			w.WriteHeader(206)
			w.Write(payload[:5])
		}, "206"},
		{"sends other bytes", func(w http.ResponseWriter, r *http.Request) { w.Write(payload[1:]) }, "sha256"},
		{"is slow to begin", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "timeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			behaves := make(chan struct{})
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-behaves:
					w.Write(payload)
				default:
					c.serve(w, r)
				}
			}))
			defer web.Close()
			defer web.CloseClientConnections()
			dir := t.TempDir()
			old := filepath.Join(dir, "other.csv")
			if err := os.WriteFile(old, []byte("x"), 0o666); err != nil {
				t.Fatal(err)
			}
			transport := defaultClient.Transport.(*http.Transport).Clone()
			transport.ResponseHeaderTimeout = 2 * time.Second
			if c.say == "timeout" {
				transport.ResponseHeaderTimeout = 50 * time.Millisecond
			}
			client := Client{HTTP: &http.Client{Transport: transport}}
			f := File{Name: "data.csv", URL: web.URL + "/data.csv", SHA256: hexSum(payload), MaxBytes: 1 << 20}
			path, err := client.Get(t.Context(), dir, f)
			switch {
			case err == nil:
				t.Fatalf("no error, %s", path)
			case !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), web.URL):
				t.Errorf("error %q does not say %q and the address", err, c.say)
			case len(err.Error()) > 500 || strings.Contains(err.Error(), "\n"):
				t.Errorf("error of %d bytes", len(err.Error()))
			}
			if _, err := os.Stat(filepath.Join(dir, f.Name)); err == nil {
				t.Error("the file has its name")
			}
			if text, err := os.ReadFile(old); string(text) != "x" {
				t.Errorf("another file holds %q (%v)", text, err)
			}
			close(behaves)
			if path, err = client.Get(t.Context(), dir, f); err != nil {
				t.Fatal(err)
			}
			wantFile(t, path, payload)
		})
	}
}

// A folder that vanishes in the middle of a download is an error that names it.
func TestFolderVanishes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(payload[:1000])
		w.(http.Flusher).Flush()
		for { // until the client has made its file
			if _, err := os.Stat(filepath.Join(dir, "data.csv.part")); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		os.RemoveAll(dir)
		w.Write(payload[1000:])
	}))
	defer web.Close()
	_, err := new(Client).Get(t.Context(), dir, File{Name: "data.csv", URL: web.URL, SHA256: hexSum(payload)})
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v, want one that names %s", err, dir)
	}
}
