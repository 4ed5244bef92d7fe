package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

const childMain = "SELFNORM_SERVE_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childMain) != "" {
		main()
	}
	os.Exit(m.Run())
}

// child starts the program as a process of its own and returns its address.
func child(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), childMain+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() }) // if it still runs
	line, err := bufio.NewReader(out).ReadString('\n')
	m := served.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("%q, %v", line, err)
	}
	return cmd, m[1]
}

// A service that is killed while it answers starts again at once, on the same address, with the same answers.
func TestKilled(t *testing.T) {
	path, body := model(t), `{"rows": [{"size": 1, "color": "red"}]}`
	post := func(address string) (string, error) {
		r, err := http.Post("http://"+address+"/predict", "application/json", strings.NewReader(body))
		if err != nil {
			return "", err
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		return string(text), err
	}
	cmd, address := child(t, "-model", path, "-listen", "127.0.0.1:0")
	want, err := post(address)
	if err != nil || !strings.Contains(want, "predictions") {
		t.Fatal(want, err)
	}
	answered := make(chan bool, 1)
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for {
				got, err := post(address)
				if err != nil {
					return // killed
				}
				if got != want {
					t.Errorf("%s, want %s", got, want)
				}
				select {
				case answered <- true:
				default:
				}
			}
		})
	}
	for range 20 {
		<-answered
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	clients.Wait()
	_, again := child(t, "-model", path, "-listen", address)
	if got, err := post(again); err != nil || got != want || again != address {
		t.Errorf("%s at %s, want %s at %s (%v)", got, again, want, address, err)
	}
}
