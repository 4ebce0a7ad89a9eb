package paper

import "strconv"

const (
	sheetMargin = 15.0
	sheetType   = 10.0
	sheetHead   = 14.0
	sheetLine   = 5.0
	cellPadding = 1.0
)

// Sheet begins pages of text and tables, with their numbers at the foot.
func (p *Paper) Sheet() {
	f := p.pdf
	f.SetMargins(sheetMargin, sheetMargin, sheetMargin)
	f.SetAutoPageBreak(true, sheetMargin+5)
	f.SetFooterFunc(func() {
		f.SetFont(font, "", 9)
		f.SetXY(sheetMargin, pageHeight-sheetMargin)
		f.CellFormat(pageWidth-2*sheetMargin, 5, strconv.Itoa(f.PageNo()), "", 0, "R", false, 0, "")
	})
	f.AddPage()
}

// Heading is a line above what follows; it does not stand alone at the end of a page.
func (p *Paper) Heading(text string) {
	p.room(40)
	p.pdf.Ln(2)
	p.paragraph("B", sheetHead, text)
}

// Say is a paragraph.
func (p *Paper) Say(text string) { p.paragraph("", sheetType, text) }

// Table has a head, and columns of so many parts of the width. A row of fewer cells than the head is filled up with empty ones; least
// is the height that a row has in any case, for what is written by hand.
func (p *Paper) Table(head []string, parts []float64, rows [][]string, least float64) {
	var sum float64
	for _, part := range parts {
		sum += part
	}
	widths := make([]float64, len(parts))
	for i, part := range parts {
		widths[i] = part / sum * (pageWidth - 2*sheetMargin)
	}
	p.row("B", head, widths, 0)
	for _, row := range rows {
		if height := p.rowHeight("", row, widths, least); p.pdf.GetY()+height > pageHeight-sheetMargin-5 {
			p.pdf.AddPage()
			p.row("B", head, widths, 0)
		}
		p.row("", row, widths, least)
	}
	p.pdf.Ln(3)
}

func (p *Paper) rowHeight(style string, row []string, widths []float64, least float64) float64 {
	p.pdf.SetFont(font, style, sheetType)
	lines := 1
	for i, cell := range row {
		lines = max(lines, len(p.wrapped(cell, widths[i])))
	}
	return max(least, float64(lines)*sheetLine+2*cellPadding)
}

func (p *Paper) row(style string, row []string, widths []float64, least float64) {
	f := p.pdf
	height := p.rowHeight(style, row, widths, least)
	left, top := sheetMargin, f.GetY()
	for i, width := range widths {
		f.Rect(left, top, width, height, "D")
		if i < len(row) {
			f.SetY(top + cellPadding)
			p.flow(left, width, sheetLine, row[i])
		}
		left += width
	}
	f.SetXY(sheetMargin, top+height)
}

// room begins a page where less than so much is left of this one.
func (p *Paper) room(height float64) {
	if p.pdf.GetY()+height > pageHeight-sheetMargin {
		p.pdf.AddPage()
	}
}

// Barcode is a Code 128 barcode with the same in writing below, at the left. What cannot be written so, or would be too long for a
// reader, stands in writing only.
func (p *Paper) Barcode(code string) {
	p.room(30)
	top := p.pdf.GetY() + 2
	p.barcode(code, sheetMargin+quiet, top, labelWidth-2*quiet, 14)
	p.fitted("B", 11, sheetMargin, top+15, code)
	p.pdf.SetXY(sheetMargin, top+24)
}

// CutHere is a line across the sheet, where it is cut.
func (p *Paper) CutHere() {
	p.room(40)
	at := p.pdf.GetY() + 6
	p.pdf.SetDashPattern([]float64{2, 2}, 0)
	p.pdf.Line(sheetMargin, at, pageWidth-sheetMargin, at)
	p.pdf.SetDashPattern([]float64{}, 0)
	p.pdf.SetXY(sheetMargin, at+6)
}
