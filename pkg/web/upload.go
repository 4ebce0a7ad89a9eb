package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"example.org/passerelle/pkg/web/strict"
)

// MaxUpload is the size of a body that an operation with x-file takes as a stream: one that is a file.
const MaxUpload = 64 << 20

const (
	fileDeadline = 55 * time.Second // for the handler of a file: it reads all of it
	uploadPause  = 30 * time.Second // between two parts of one
)

// upload is the body of a file on its way in. It may take long, as long as it moves.
type upload struct {
	io.ReadCloser
	controller *http.ResponseController
	left       int64
}

// takeFile puts a bound on a file instead of reading it.
func takeFile(o *operation, w http.ResponseWriter, r *http.Request) error {
	if err := checkMedia(o.media, r.Header); err != nil {
		return err
	}
	if r.ContentLength > MaxUpload {
		_, _ = io.CopyN(io.Discard, r.Body, 16*MaxBody) // so that the client gets to read the answer
		return errTooMuch()
	}
	r.Body = &upload{r.Body, http.NewResponseController(w), MaxUpload}
	return nil
}

func errTooMuch() error {
	return problem(413, "too_large", "A file holds at most 64 MiB. Cut it in two.")
}

// Read gives a Problem where the file is too large or breaks off.
func (u *upload) Read(p []byte) (int, error) {
	_ = u.controller.SetReadDeadline(time.Now().Add(uploadPause)) // where it cannot be set, the server has none
	n, err := u.ReadCloser.Read(p)
	if u.left -= int64(n); u.left < 0 {
		_, _ = io.CopyN(io.Discard, u.ReadCloser, 16*MaxBody)
		return 0, errTooMuch()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, problem(400, strict.Malformed, "The body ended too early.")
	}
	return n, err
}

// CheckAs looks whether a body would get through the gate of an operation: refusal.Faults as in its answer otherwise.
func CheckAs(ctx context.Context, service, id string, body []byte) error {
	s := exchangeOf(ctx).server
	for _, o := range s.operations[service] {
		if o.id != id {
			continue
		}
		value, faults, err := strict.Read(body)
		if err != nil {
			return unreadable(err)
		}
		return check(o.body, value, faults, s.faultyTexts(value)...)
	}
	return errors.New("web: no operation " + strconv.Quote(id) + " of " + service)
}

// LogRest logs whom a handler came to after its answer had left: what goes on in the background in its name.
func LogRest(ctx context.Context) error {
	if l := exchangeOf(ctx).logged; l != nil {
		if subjects, fields, some := l.x.touched.fresh(); some {
			return l.write(l.o.personal.action, subjects, fields)
		}
	}
	return nil
}
