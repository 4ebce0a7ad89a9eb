package web_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
)

// listener takes connections that are pipes in memory.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newListener() *listener {
	return &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }

func (l *listener) dial() (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// got is an answer: its status, and whether the connection ends with it.
type got struct {
	status int
	closes bool
}

// get asks as advisor-34.
func (l *listener) get(t *testing.T, path string) got {
	t.Helper()
	answer, err := l.try(t.Context(), path)
	if err != nil {
		t.Error(err)
	}
	return answer
}

func (l *listener) try(ctx context.Context, path string) (got, error) {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return l.dial() }}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://memory"+path, nil)
	if err != nil {
		return got{}, err
	}
	r.Header.Set("Authorization", "Bearer advisor-34")
	response, err := transport.RoundTrip(r)
	if err != nil {
		return got{}, err
	}
	defer response.Body.Close()
	return got{response.StatusCode, response.Close}, nil
}
