package report

import (
	"net"
	"os"
	"strings"

	"github.com/pkg/errors"
)

// listenAddress completes an address to listen on: without a host it uses the loopback address.
func listenAddress(addr string) (string, error) {
	if !strings.Contains(addr, ":") {
		addr = ":" + addr
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port == "" {
		return "", errors.Errorf("report: watch on %q: want :PORT, or HOST:PORT to let others see", addr)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// hosts are the names under which a server may be reached. A foreign web page whose name suddenly resolves to this machine (DNS rebinding)
// sends its own name and is rejected.
type hosts struct {
	loopback bool     // the server listens on the loopback alone
	names    []string // in addition to localhost
}

func newHosts(addr string, listening net.Addr) hosts {
	h := hosts{}
	if tcp, ok := listening.(*net.TCPAddr); ok {
		h.loopback = tcp.IP.IsLoopback()
	}
	if host, _, err := net.SplitHostPort(addr); err == nil && host != "" && net.ParseIP(host) == nil {
		h.names = append(h.names, host)
	}
	if name, err := os.Hostname(); err == nil && !h.loopback {
		h.names = append(h.names, name)
	}
	return h
}

// allowed reports whether the Host of a request is one of the names. An IP address cannot be rebound.
func (h hosts) allowed(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil {
		return ip.IsLoopback() || !h.loopback
	}
	for _, name := range append([]string{"localhost"}, h.names...) {
		if strings.EqualFold(host, name) {
			return true
		}
	}
	return false
}
