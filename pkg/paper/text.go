package paper

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// bound keeps together what French does not part at the end of a line.
var bound = strings.NewReplacer(" ?", "\u00a0?", " !", "\u00a0!", " :", "\u00a0:", " ;", "\u00a0;", " €", "\u00a0€", " %", "\u00a0%", " »", "\u00a0»", "« ", "«\u00a0", "\u202f", "\u00a0")

// printable puts letters and their accents together, and leaves out what the fonts have no sign for: controls, and what is beyond the
// first plane.
func printable(text string) string {
	return whole(bound.Replace(strings.Map(func(r rune) rune {
		if r > 0xffff || r < ' ' {
			return ' '
		}
		return r
	}, norm.NFC.String(text))))
}

// whole keeps the parts of a phone number, an amount or a time together.
func whole(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) && (digit(runes[i-1]) && digit(runes[i+1]) || hour(runes, i-1) && digit(runes[i+1]) || digit(runes[i-1]) && hour(runes, i+1)) {
			runes[i] = '\u00a0'
		}
	}
	return string(runes)
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

// hour says whether that letter is the h of a time.
func hour(text []rune, at int) bool {
	return text[at] == 'h' && (at == 0 || text[at-1] == ' ' || text[at-1] == '\u00a0') && (at+1 == len(text) || text[at+1] == ' ')
}

// wrapped are the lines of a text in the font of the moment: parted at spaces, inside of a word where it is wider than all there is.
func (p *Paper) wrapped(text string, width float64) (lines []string) {
	width -= 2 * p.pdf.GetCellMargin()
	line := ""
	for word := range strings.SplitSeq(printable(text), " ") {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if p.pdf.GetStringWidth(longer) <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
		for _, r := range word {
			if line != "" && p.pdf.GetStringWidth(line+string(r)) > width {
				lines, line = append(lines, line), ""
			}
			line += string(r)
		}
	}
	return append(lines, line)
}

// flow writes a text from where the pen is, in lines of so much height, and leaves the pen under it.
func (p *Paper) flow(left, width, height float64, text string) {
	for _, line := range p.wrapped(text, width) {
		p.pdf.SetX(left)
		p.pdf.CellFormat(width, height, line, "", 2, "L", false, 0, "")
	}
}
