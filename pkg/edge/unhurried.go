package edge

import (
	"io"
	"net/http"
	"time"
)

// A server gives a request a time from its first byte to its last. What is large, or told as it happens, takes
// longer, and is well as long as it moves.
const (
	readIn  = 30 * time.Second
	writeIn = time.Minute
)

type slowWriter struct {
	http.ResponseWriter
	controller *http.ResponseController
}

func unhurried(w http.ResponseWriter) http.ResponseWriter {
	return slowWriter{w, http.NewResponseController(w)}
}

func (w slowWriter) Write(p []byte) (int, error) {
	_ = w.controller.SetWriteDeadline(time.Now().Add(writeIn)) // where it cannot be set, the server has none
	return w.ResponseWriter.Write(p)
}

// Unwrap lets net/http find what else the writer can do.
func (w slowWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

type slowBody struct {
	io.ReadCloser
	controller *http.ResponseController
}

func unhurriedBody(w http.ResponseWriter, r *http.Request) *http.Request {
	if r.Body == nil || r.Body == http.NoBody {
		return r
	}
	r = r.WithContext(r.Context())
	r.Body = slowBody{r.Body, http.NewResponseController(w)}
	return r
}

func (b slowBody) Read(p []byte) (int, error) {
	_ = b.controller.SetReadDeadline(time.Now().Add(readIn)) // see Write
	return b.ReadCloser.Read(p)
}
