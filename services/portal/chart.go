package portal

import (
	"strconv"
	"strings"
)

// chart is a set of bars that says everything in words: each bar has its numbers above it as text, so that who
// hears the page misses nothing and letters keep their size on a narrow screen, and a table holds them all.
// Colours are attributes of the SVG, since the page allows no style of its own.
type chart struct {
	Title, Note string
	Names       []string // of the segments of each bar, at most as many as there are fills
	Column      string   // what a bar stands for, as the heading of the table
	Bars        []bar
	Most        int      // what takes the whole width; 0: the longest bar
	Columns     []string // of the table, where bars have cells of their own; empty: the names
}

// bar has a value for each name of its chart.
type bar struct {
	Label  string
	Values []int
	Words  string   // the values in a sentence; empty: made from names and values
	Cells  []string // of the table; empty: the values
}

// columns are the headings of the table beside that of the bars.
func (c chart) columns() []string {
	if len(c.Columns) > 0 {
		return c.Columns
	}
	return c.Names
}

// cells are a row of the table.
func (b bar) cells() []string {
	if len(b.Cells) > 0 {
		return b.Cells
	}
	list := make([]string, len(b.Values))
	for i, v := range b.Values {
		list[i] = number(v)
	}
	return list
}

// fills differ by 3:1 from white and from their neighbours.
var fills = []string{"#12436D", "#28A197", "#801650", "#F46A25"}

// longest is the sum that takes the whole width.
func (c chart) longest() int {
	most := max(c.Most, 1)
	for _, b := range c.Bars {
		most = max(most, b.sum())
	}
	return most
}

func (b bar) sum() (sum int) {
	for _, v := range b.Values {
		sum += v
	}
	return sum
}

// segment is a part of a bar where it lies.
type segment struct{ X, Width, Fill string }

func (c chart) segments(b bar) []segment {
	var list []segment
	most, before := c.longest(), 0
	for i, v := range b.Values {
		if v > 0 {
			list = append(list, segment{share(before, most), share(v, most), fills[i%len(fills)]})
		}
		before += v
	}
	return list
}

// share is v of all, as a width.
func share(v, all int) string {
	return strconv.FormatFloat(100*float64(v)/float64(all), 'f', 2, 64) + "%"
}

// words are what stands above a bar.
func (c chart) words(b bar) string {
	if b.Words != "" {
		return b.Label + "\u00a0: " + b.Words
	}
	parts := make([]string, len(b.Values))
	for i, v := range b.Values {
		parts[i] = number(v) + "\u00a0" + c.Names[i]
	}
	return b.Label + "\u00a0: " + strings.Join(parts, ", ")
}

// percent is v of all in words, with the decimal comma.
func percent(v, all int) string {
	if all == 0 {
		return "–"
	}
	return strings.Replace(strconv.FormatFloat(100*float64(v)/float64(all), 'f', 1, 64), ".", ",", 1) + "\u00a0%"
}
