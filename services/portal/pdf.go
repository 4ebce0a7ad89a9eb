package portal

import (
	"io"
	"log/slog"
	"net/http"
)

// attachPDF hands on a file of pages. What is wrong was said before its first byte; a file that is cut must not look whole.
func (v *visit) attachPDF(name string, answer *http.Response) error {
	defer answer.Body.Close()
	v.attachAs(name, "application/pdf")
	if _, err := io.Copy(v.w, answer.Body); err != nil {
		v.Log.Warn("a file was cut", slog.Any("error", err))
		panic(http.ErrAbortHandler)
	}
	return nil
}
