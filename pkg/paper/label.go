package paper

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
)

const (
	labelColumns = 3
	labelRows    = 8
	labelWidth   = 70.0
	labelHeight  = 37.0 // eight rows on 297 mm, half a millimetre above and below
)

// Label is a sticker: a code for a scanner, the same in writing, and a name.
type Label struct{ Code, Name string }

// Labels puts stickers of 70 by 37 mm on A4 sheets of 24. A code longer than a QR code holds is an error.
func (p *Paper) Labels(labels []Label) error {
	f := p.pdf
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	for i, l := range labels {
		on := i % (labelColumns * labelRows)
		if on == 0 {
			f.AddPage()
		}
		left := float64(on%labelColumns) * labelWidth
		top := 0.5 + float64(on/labelColumns)*labelHeight
		if err := p.barcode(l.Code, left+8, top+5, labelWidth-16, 14); err != nil {
			return err
		}
		p.fitted("B", 11, left, top+20, l.Code)
		p.fitted("", 9, left, top+26, l.Name)
	}
	return nil
}

// fitted is one line in the middle of a label, smaller where it is long.
func (p *Paper) fitted(style string, size, left, top float64, text string) {
	text = printable(text)
	p.pdf.SetFont(font, style, size)
	if width := p.pdf.GetStringWidth(text); width > labelWidth-10 {
		p.pdf.SetFontSize(size * (labelWidth - 10) / width)
	}
	p.pdf.SetXY(left, top)
	p.pdf.CellFormat(labelWidth, 6, text, "", 0, "C", false, 0, "")
}

// narrow is the least width of a bar that scanners of every day read, in millimetres.
const narrow = 0.25

// barcode draws a code within a box: Code 128, or a QR code where the bars would get too narrow or it has signs that bars
// do not write.
func (p *Paper) barcode(code string, left, top, width, height float64) error {
	bars, err := code128.Encode(code)
	if err == nil && width/float64(bars.Bounds().Dx()) >= narrow {
		p.dark(bars, left, top, width, height)
		return nil
	}
	square, err := qr.Encode(code, qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("paper: code of %d signs: %w", len(code), err)
	}
	p.dark(square, left+(width-height)/2, top, height, height)
	return nil
}

// dark fills what is dark of a code, a run of a row at a time.
func (p *Paper) dark(code barcode.Barcode, left, top, width, height float64) {
	columns, rows := code.Bounds().Dx(), code.Bounds().Dy()
	wide, high := width/float64(columns), height/float64(rows)
	p.pdf.SetFillColor(0, 0, 0)
	for y := range rows {
		for from := 0; from < columns; from++ {
			to := from
			for to < columns && isDark(code.At(to, y)) {
				to++
			}
			if to > from {
				p.pdf.Rect(left+float64(from)*wide, top+float64(y)*high, float64(to-from)*wide, high, "F")
				from = to
			}
		}
	}
}

func isDark(c color.Color) bool { return color.GrayModel.Convert(c) == color.Gray{} }
