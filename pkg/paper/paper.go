// Package paper makes pages to print: PDF, A4, in French, the same bytes for the same input.
package paper

import (
	"bytes"
	_ "embed" // the fonts
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed font/DejaVuSansCondensed.ttf
var regular []byte

//go:embed font/DejaVuSansCondensed-Bold.ttf
var bold []byte

const (
	font       = "DejaVu"
	pageWidth  = 210.0 // mm
	pageHeight = 297.0
	lineFactor = 0.53 // mm of a line for a point of type: one and a half times its height
)

// Paper is a document under way, of one goroutine. Lengths are millimetres, type is in points.
type Paper struct{ pdf *fpdf.Fpdf }

// New begins a document without a page. The title names no person: it stands in the tab of whoever opens the file.
func New(title string) *Paper {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(time.Unix(0, 0).UTC())
	pdf.SetModificationDate(time.Unix(0, 0).UTC())
	pdf.SetTitle(title, true)
	pdf.SetLang("fr-FR")
	pdf.SetDisplayMode("fullwidth", "continuous")
	pdf.AddUTF8FontFromBytes(font, "", regular)
	pdf.AddUTF8FontFromBytes(font, "B", bold)
	return &Paper{pdf}
}

// Bytes ends the document. An error is the library's: a font that cannot be read, or a document without a page.
func (p *Paper) Bytes() ([]byte, error) {
	if p.pdf.PageNo() == 0 {
		return nil, errors.New("paper: no page")
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	return out.Bytes(), nil
}
