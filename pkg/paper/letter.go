package paper

import (
	"errors"
	"strconv"
	"strings"
)

const (
	letterMargin = 25.0
	letterType   = 14.0
	letterHead   = 17.0
	bodyTop      = 100.0 // below the window of the envelope
	windowWidth  = 85.0
	windowLine   = 6.2 // mm of a line of the address
)

// Window is where the first line of an address stands, from the left and the top of the sheet.
type Window struct{ Left, Top float64 }

// UsualWindow is that of a French DL envelope with its window on the right.
var UsualWindow = Window{Left: 110, Top: 50}

// UnmarshalText reads "110,50". What would leave the sheet or stand over the sender is an error.
func (w *Window) UnmarshalText(text []byte) error {
	left, top, both := strings.Cut(string(text), ",")
	x, wrong := strconv.ParseFloat(left, 64)
	y, wrongToo := strconv.ParseFloat(top, 64)
	if !both || wrong != nil || wrongToo != nil || !(x >= 15 && x <= pageWidth-windowWidth) || !(y >= 42 && y <= 65) {
		return errors.New("give millimetres from the left (15 to 125) and from the top (42 to 65), such as 110,50")
	}
	*w = Window{x, y}
	return nil
}

// Letter is what stands on one letter: who writes, to whom, what, and when.
type Letter struct {
	From       []string
	To         []string // lines of the envelope; may be empty
	Subject    string
	Paragraphs []string
	Times      []string // one each line, bold
	Foot       []string
}

// Letter puts a letter on pages of its own, with nothing smaller than 14 points.
func (p *Paper) Letter(l Letter, at Window) {
	f := p.pdf
	f.SetMargins(letterMargin, letterMargin, letterMargin)
	f.SetAutoPageBreak(true, letterMargin)
	f.AddPage()
	p.block(letterMargin, letterMargin, pageWidth-2*letterMargin, l.From)
	end := p.block(at.Left, at.Top, windowWidth, l.To)
	f.SetXY(letterMargin, max(bodyTop, end+windowLine))
	p.paragraph("B", letterHead, l.Subject)
	for _, said := range l.Paragraphs {
		p.paragraph("", letterType, said)
	}
	for _, time := range l.Times {
		p.paragraph("B", letterType, "•\u00a0"+time)
	}
	for _, line := range l.Foot {
		p.paragraph("", letterType, line)
	}
}

func (p *Paper) paragraph(style string, size float64, text string) {
	left, _, right, _ := p.pdf.GetMargins()
	p.pdf.SetFont(font, style, size)
	p.flow(left, pageWidth-left-right, size*lineFactor, text)
	p.pdf.Ln(size * lineFactor / 3)
}

// block are lines one under the other; a long one goes on in the next. It gives where it ends.
func (p *Paper) block(left, top, width float64, lines []string) float64 {
	p.pdf.SetFont(font, "", letterType)
	p.pdf.SetY(top)
	for _, line := range lines {
		p.flow(left, width, windowLine, line)
	}
	return p.pdf.GetY()
}
