package assets

import (
	"net/http"
	"strconv"
	"strings"
)

// Handler answers GET and HEAD on Prefix. An address that is right today is right for ever, so it is kept for a year.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	f, ok := kept().files[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.write(w, acceptsGzip(r.Header.Values("Accept-Encoding")))
}

func (f file) write(w http.ResponseWriter, gzip bool) {
	h, body := w.Header(), f.body
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if f.gzipped != nil {
		h.Set("Vary", "Accept-Encoding")
	}
	if gzip && f.gzipped != nil {
		h.Set("Content-Encoding", "gzip")
		body = f.gzipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who hung up does not want it any more
}

// acceptsGzip reads the header's list: "br, gzip;q=0.8" does, "gzip;q=0" does not.
func acceptsGzip(headers []string) bool {
	for _, item := range strings.Split(strings.Join(headers, ","), ",") {
		name, weight, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		_, q, weighed := strings.Cut(weight, "=")
		v, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !weighed || (err == nil && v > 0)
	}
	return false
}
