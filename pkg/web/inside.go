package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
)

// Inside carries requests to a handler of this process, without a network: for a client that lives beside the
// server. An answer comes as it is written, so what is told bit by bit is read bit by bit.
func Inside(h http.Handler) http.RoundTripper { return inside{h} }

type inside struct{ handler http.Handler }

// RoundTrip answers as soon as the handler has begun to.
func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, leave := context.WithCancel(r.Context())
	body, written := io.Pipe()
	a := &answering{response: &http.Response{
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: leaving{body, leave}, ContentLength: -1, Request: r,
	}, header: http.Header{}, body: written, begun: make(chan struct{})}
	go a.by(i.handler, arriving(ctx, r))
	select {
	case <-a.begun:
		if a.failed != nil {
			leave()
			return nil, a.failed
		}
		return a.response, nil
	case <-ctx.Done():
		leave()
		body.Close()
		return nil, context.Cause(ctx)
	}
}

// Forwarding carries requests to a server elsewhere, and says for whom: the server believes it if this machine is
// one of its Proxies.
func Forwarding(to http.RoundTripper) http.RoundTripper { return forwarding{to} }

type forwarding struct{ to http.RoundTripper }

// RoundTrip asks for the client whose request is being answered.
func (f forwarding) RoundTrip(r *http.Request) (*http.Response, error) {
	if from, err := netip.ParseAddrPort(Client(r.Context())); err == nil {
		r = r.Clone(r.Context())
		r.Header.Set("X-Forwarded-For", from.Addr().String())
	}
	return f.to.RoundTrip(r)
}

// arriving is the request as a server reads it. Who asks for a visitor asks from the address of the visitor.
func arriving(ctx context.Context, r *http.Request) *http.Request {
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr, in.Proto, in.ProtoMajor, in.ProtoMinor = r.URL.RequestURI(), cmp.Or(Client(ctx), "127.0.0.1:0"), "HTTP/1.1", 1, 1
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	return in
}

// leaving: who closes an answer wants no more of it.
type leaving struct {
	*io.PipeReader
	leave context.CancelFunc
}

func (l leaving) Close() error {
	l.leave()
	return l.PipeReader.Close()
}

// answering is the handler's side of an answer.
type answering struct {
	response *http.Response
	header   http.Header
	body     *io.PipeWriter
	begun    chan struct{}
	failed   error // before anything was answered
}

func (a *answering) by(h http.Handler, r *http.Request) {
	defer func() {
		_ = r.Body.Close()
		a.end(recover())
	}()
	h.ServeHTTP(a, r)
}

// end closes the answer. A handler that breaks off is an error of the transport, as over a network.
func (a *answering) end(panicked any) {
	if panicked == nil {
		a.WriteHeader(http.StatusOK)
		a.body.Close()
		return
	}
	err := errors.New("the server broke off")
	if panicked != http.ErrAbortHandler { //nolint:errorlint // what was recovered, not an error that was wrapped
		err = fmt.Errorf("the server broke off: panic of type %T", panicked)
	}
	if a.response.StatusCode == 0 {
		a.failed = err
		close(a.begun)
	}
	a.body.CloseWithError(err)
}

// Header is what WriteHeader will send.
func (a *answering) Header() http.Header { return a.header }

// WriteHeader begins the answer; a second one counts for nothing.
func (a *answering) WriteHeader(status int) {
	if a.response.StatusCode != 0 || status < http.StatusOK {
		return
	}
	r := a.response
	r.StatusCode, r.Status, r.Header = status, fmt.Sprintf("%d %s", status, http.StatusText(status)), a.header.Clone()
	if length, err := strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64); err == nil {
		r.ContentLength = length
	}
	close(a.begun)
}

// Write waits until it is read.
func (a *answering) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// Flush begins the answer; what was written is on its way already.
func (a *answering) Flush() { a.WriteHeader(http.StatusOK) }
