package report

import (
	"net"
	"strings"
	"testing"
)

// Whatever the address, it is refused or complete, and without a host it is the loopback's. Whatever the Host of a request,
// a server on the loopback answers to names of the loopback alone.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{":8080", "8080", "localhost:1", "[::1]:80", "0.0.0.0:80", "evil.example:80", "[", "::1", ":", "a:b:c", "127.0.0.1.evil.example"} {
		f.Add(s)
	}
	loopback := newHosts(":80", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	f.Fuzz(func(t *testing.T, text string) {
		if addr, err := listenAddress(text); err == nil {
			if host, port, err := net.SplitHostPort(addr); err != nil || host == "" || port == "" {
				t.Errorf("%q became %q: %v", text, addr, err)
			}
		}
		if loopback.allowed(text) {
			host := text
			if name, _, err := net.SplitHostPort(text); err == nil {
				host = name
			}
			host = strings.Trim(host, "[]")
			if ip := net.ParseIP(host); !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback()) {
				t.Errorf("the loopback answers to %q", text)
			}
		}
	})
}
