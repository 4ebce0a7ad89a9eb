// Package assets holds the portal's stylesheet, script, font and pictures. `make assets` writes dist/ from src/.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Prefix is where the handler has to stand.
const Prefix = "/static/"

//go:embed dist
var dist embed.FS

var kept = sync.OnceValue(func() shelf { return load(dist) })

// Path gives the address of a file of dist/. The address changes with the content, so it may be kept for ever.
// It panics for a file that is not there: no page can be right with it.
func Path(name string) string {
	hashed, ok := kept().names[name]
	if !ok {
		panic(fmt.Sprintf("assets: no file %q", name))
	}
	return Prefix + hashed
}

// Icon gives the address of one drawing of icons.svg, for <use href>.
func Icon(name string) string { return Path("icons.svg") + "#" + name }

type file struct {
	kind          string
	body, gzipped []byte // gzipped is nil where it gains nothing
}

type shelf struct {
	names map[string]string // main.css → main.1a2b3c4d5e.css
	files map[string]file   // by hashed name
}

var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// load reads stylesheets last: they name other files, and their own name must change with those.
func load(fsys fs.FS) shelf {
	paths := must(fs.Glob(fsys, "dist/*"))
	css := func(p string) bool { return path.Ext(p) == ".css" }
	last := slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !css(p) })
	s := shelf{names: map[string]string{}, files: map[string]file{}}
	for _, p := range append(slices.DeleteFunc(paths, css), last...) {
		s.add(path.Base(p), must(fs.ReadFile(fsys, p)))
	}
	return s
}

func (s shelf) add(name string, body []byte) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		panic(fmt.Sprintf("assets: no content type for %q", name))
	}
	if path.Ext(name) == ".css" {
		body = s.rename(body)
	}
	s.names[name] = hashed(name, body)
	s.files[s.names[name]] = file{kind: kind, body: body, gzipped: compress(name, body)}
}

func (s shelf) rename(css []byte) []byte {
	for name, to := range s.names {
		css = bytes.ReplaceAll(css, []byte(`url("`+name+`")`), []byte(`url("`+to+`")`))
	}
	return css
}

func hashed(name string, body []byte) string {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:10] + ext
}

func compress(name string, body []byte) []byte {
	if path.Ext(name) == ".woff2" {
		return nil // is compressed already
	}
	var out bytes.Buffer
	w := must(gzip.NewWriterLevel(&out, gzip.BestCompression))
	must(w.Write(body))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// must: these files are part of the program; it cannot start without them.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
