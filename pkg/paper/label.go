package paper

import (
	"image/color"

	"github.com/boombuler/barcode/code128"
)

const (
	labelColumns = 3
	labelRows    = 8
	labelWidth   = 70.0
	labelHeight  = 37.0 // eight rows on 297 mm, half a millimetre above and below
	quiet        = 7.0  // mm without ink beside the bars: a reader needs ten modules
)

// Label is a sticker: a Code 128 barcode, the same in writing, and a name.
type Label struct{ Code, Name string }

// Labels puts stickers of 70 by 37 mm on A4 sheets of 24. A code that Code 128 cannot write, or that is too long for a reader, stands in
// writing only.
func (p *Paper) Labels(labels []Label) {
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
		p.barcode(l.Code, left+quiet, top+5, labelWidth-2*quiet, 14)
		p.fitted("B", 11, left, top+20, l.Code)
		p.fitted("", 9, left, top+26, l.Name)
	}
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

const (
	widestModule    = 0.5  // mm of the thinnest bar: a short code does not fill the label
	narrowestModule = 0.17 // what a hand-held reader sees
)

// barcode draws bars in the middle of so much width, where they can be drawn and read.
func (p *Paper) barcode(code string, left, top, width, height float64) {
	bars, err := code128.Encode(code)
	if err != nil {
		return
	}
	modules := bars.Bounds().Dx()
	module := min(width/float64(modules), widestModule)
	if module < narrowestModule {
		return
	}
	left += (width - module*float64(modules)) / 2
	p.pdf.SetFillColor(0, 0, 0)
	for from := 0; from < modules; from++ {
		to := from
		for to < modules && dark(bars.At(to, 0)) {
			to++
		}
		if to > from {
			p.pdf.Rect(left+float64(from)*module, top, float64(to-from)*module, height, "F")
			from = to
		}
	}
}

func dark(c color.Color) bool { return color.GrayModel.Convert(c) == color.Gray{} }
