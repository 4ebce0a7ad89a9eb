package paper

const (
	letterMargin = 25.0
	letterType   = 14.0
	letterHead   = 17.0
	windowLeft   = 110.0 // of the address, behind the window of a French DL envelope
	windowTop    = 50.0
)

// Letter is what stands on one letter: who writes, to whom, what, and when.
type Letter struct {
	From       []string
	To         []string // lines of the envelope; may be empty
	Subject    string
	Paragraphs []string
	Times      []string // one each line, bold
	Foot       string
}

// Add puts a letter on pages of its own: 14 points, the address where the window of the envelope is.
func (p *Paper) Add(l Letter) {
	f := p.pdf
	f.SetMargins(letterMargin, letterMargin, letterMargin)
	f.SetAutoPageBreak(true, letterMargin)
	f.AddPage()
	p.lines("", letterType, letterMargin, letterMargin, l.From)
	p.lines("", letterType, windowLeft, windowTop, l.To)
	f.SetXY(letterMargin, 100)
	p.paragraph("B", letterHead, l.Subject)
	for _, said := range l.Paragraphs {
		p.paragraph("", letterType, said)
	}
	if len(l.Times) > 0 {
		p.paragraph("", letterType, "Les séances\u00a0:")
	}
	for _, time := range l.Times {
		p.paragraph("B", letterType, "• "+time)
	}
	p.paragraph("", letterType, l.Foot)
}

func (p *Paper) paragraph(style string, size float64, text string) {
	p.pdf.SetFont(font, style, size)
	p.pdf.SetX(letterMargin)
	p.pdf.MultiCell(pageWidth-2*letterMargin, size*lineFactor, printable(text), "", "L", false)
	p.pdf.Ln(size * lineFactor / 3)
}

func (p *Paper) lines(style string, size, left, top float64, lines []string) {
	p.pdf.SetFont(font, style, size)
	for i, line := range lines {
		p.pdf.SetXY(left, top+float64(i)*size*lineFactor)
		p.pdf.MultiCell(pageWidth-left-10, size*lineFactor, printable(line), "", "L", false)
	}
}
