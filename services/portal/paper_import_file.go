package portal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"

	"example.org/passerelle/api/client"
)

const (
	mostCarried = 1 << 20   // of a file that a page carries on to the next step
	mostFile    = 64 << 20  // what the REST surface takes
	mostSent    = 256 << 20 // is read at all, so that the sender gets to see why a file is too large
	mostField   = 1 << 10   // of an input beside the file
)

// upload is what a form with a file has sent: its inputs, and the file, of which only the start is held.
type upload struct {
	fields   url.Values
	start    []byte
	rest     io.Reader // nil: the start is all of it
	chosen   bool
	tooLarge bool
}

// upload reads a form up to its file, which comes last. Nothing of it is written to disk.
func (v *visit) upload() (*upload, error) {
	u := &upload{fields: url.Values{}}
	parts, err := v.r.MultipartReader()
	if err != nil {
		return u, &client.Problem{Status: http.StatusBadRequest}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err != nil {
			return u, &client.Problem{Status: unreadable(err)}
		}
		switch part.FormName() {
		case "fichier":
			u.chosen, u.tooLarge = part.FileName() != "", v.r.ContentLength > mostFile+mostCarried
			return u, u.take(part)
		case "contenu":
			u.chosen = true
			return u, u.take(base64.NewDecoder(base64.StdEncoding, part))
		}
		value, err := io.ReadAll(io.LimitReader(part, mostField))
		if err != nil {
			return u, &client.Problem{Status: unreadable(err)}
		}
		u.fields.Set(part.FormName(), string(value))
	}
}

func (u *upload) take(file io.Reader) error {
	if u.tooLarge {
		_, _ = io.Copy(io.Discard, file) // what cannot be read is not wanted either
		return nil
	}
	start, err := io.ReadAll(io.LimitReader(file, mostCarried+1))
	if err != nil {
		return &client.Problem{Status: unreadable(err)}
	}
	if u.start = start; len(start) > mostCarried {
		u.rest = file
	}
	return nil
}

// body is the whole file. A small one can be read again.
func (u *upload) body() io.Reader {
	if u.rest == nil {
		return bytes.NewReader(u.start)
	}
	return io.MultiReader(bytes.NewReader(u.start), u.rest)
}

// workbook tells a file of a spreadsheet program from a table of text.
func (u *upload) workbook() bool {
	return bytes.HasPrefix(u.start, []byte("PK\x03\x04")) || bytes.HasPrefix(u.start, []byte("\xd0\xcf\x11\xe0"))
}

func (p *importForm) checkFile(sent *upload) {
	switch {
	case !sent.chosen:
		p.refuse("fichier", "Fichier\u00a0: choisissez-en un")
	case sent.tooLarge:
		p.refuse("fichier", fileWords["too_large"])
	case sent.workbook():
		p.refuse("fichier", "Fichier\u00a0: c’est un classeur, pas un fichier CSV. Dans le tableur, enregistrez-le sous «\u00a0CSV UTF-8\u00a0» et envoyez ce fichier-là")
	}
}
