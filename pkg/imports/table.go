// Package imports takes files of CSV in line by line: it reads them as a stream, has each line worked, counts what
// became of it, and lets whoever sent a large file follow it. What a line means, only the caller's Work knows.
package imports

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/passerelle/pkg/refusal"
)

// Column is one that the documented header has.
type Column struct {
	Name     string
	Optional bool // a file may leave it out
}

// Line is one record. Number is where it begins, as an editor shows it; a record may go over several.
type Line struct {
	Number int
	Values map[string]string // by column, as they stand there; a formula's apostrophe is taken away
}

// Rejection is one reason why a line was not taken. Field is a column, empty where the whole line is meant.
type Rejection struct {
	Line   int    `json:"line"`
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Table reads the lines of a file, one after the other, and never holds more than one.
type Table struct {
	csv    *csv.Reader
	bound  *bound
	header []string
	last   int // line that was read last
}

// longestLine is how much of a file one record may be. An open quotation mark would hold all of the rest otherwise.
const longestLine = 256 << 10

// NewTable reads the header. It answers refusal.Faults that name every unknown, missing and doubled column at once.
func NewTable(r io.Reader, columns []Column) (*Table, error) {
	b := &bound{from: r, left: longestLine}
	text := bufio.NewReaderSize(b, 64<<10)
	if start, _ := text.Peek(3); bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		_, _ = text.Discard(3)
	}
	t := &Table{csv: csv.NewReader(text), bound: b}
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = separator(text), -1, true
	header, err := t.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, refusal.Faults{{Field: "header", Code: "empty_file", Detail: "The file is empty. Its first line names the columns."}}
	case unreadable(err):
		return nil, refusal.Faults{{Field: "header", Code: "not_csv", Detail: "The first line cannot be read as CSV. It names the columns, separated by , or ;."}}
	case err != nil:
		return nil, err
	}
	if !utf8.ValidString(strings.Join(header, "")) {
		return nil, refusal.Faults{{Field: "header", Code: "not_utf8", Detail: notUTF8}}
	}
	for _, name := range header {
		t.header = append(t.header, strings.ToLower(strings.TrimSpace(name)))
	}
	return t, headerFaults(t.header, columns).OrNil()
}

// separator is the one that the first line has more of.
func separator(text *bufio.Reader) rune {
	start, _ := text.Peek(32 << 10) // what cannot be read is found out when it is
	line, _, _ := bytes.Cut(start, []byte("\n"))
	if bytes.Count(line, []byte(";")) > bytes.Count(line, []byte(",")) {
		return ';'
	}
	return ','
}

func headerFaults(header []string, columns []Column) (faults refusal.Faults) {
	seen := map[string]bool{}
	for _, name := range header {
		known := slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
		switch {
		case !known:
			faults = append(faults, refusal.Fault{Field: shown(name), Code: "unknown_column", Detail: "No such column is documented. Correct its name, or take it out."})
		case seen[name]:
			faults = append(faults, refusal.Fault{Field: name, Code: "doubled_column", Detail: "This column is there twice. Keep one."})
		}
		seen[name] = true
	}
	for _, c := range columns {
		if !c.Optional && !seen[c.Name] {
			faults = append(faults, refusal.Fault{Field: c.Name, Code: "missing_column", Detail: "This column is missing. It may be empty, but it has to be there."})
		}
	}
	return faults
}

const notUTF8 = "The file is not in UTF-8. In a spreadsheet, save it as “CSV UTF-8” and send it again."

// shown is a name that is not ours, short enough for an answer.
func shown(name string) string {
	if name == "" {
		return "header"
	}
	if len(name) > 60 {
		name = strings.ToValidUTF8(name[:60], "")
	}
	return name
}

// Next gives a line, or why it cannot be read; the one after it can be asked for then. At the end it answers io.EOF.
func (t *Table) Next() (Line, []Rejection, error) {
	t.bound.left = longestLine
	record, err := t.csv.Read()
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		return Line{}, []Rejection{{t.last + 1, "", "line_too_long", "This line has more than 256 kB: a quotation mark may be left open. Nothing after it was read."}}, io.EOF
	case errors.As(err, &parse) && unreadable(err):
		return Line{}, []Rejection{{parse.StartLine, "", "not_csv", "A quotation mark is not closed, or stands where none can be. The file may have been cut off here."}}, nil
	case err != nil:
		return Line{}, nil, err
	}
	number, _ := t.csv.FieldPos(0)
	t.last = number
	line := Line{number, make(map[string]string, len(record))}
	if len(record) != len(t.header) {
		return line, []Rejection{{number, "", "wrong_columns", fmt.Sprintf("This line has %d values, and the header names %d columns. The file may have been cut off here.", len(record), len(t.header))}}, nil
	}
	var wrong []Rejection
	for i, value := range record {
		if !utf8.ValidString(value) {
			wrong = append(wrong, Rejection{number, t.header[i], "not_utf8", notUTF8})
			continue
		}
		line.Values[t.header[i]] = unformula(value)
	}
	return line, wrong, nil
}

func unreadable(err error) bool {
	return errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote)
}

var errTooLong = errors.New("a record is too long")

// bound lets so much of a file through at a time.
type bound struct {
	from io.Reader
	left int
}

func (b *bound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.from.Read(p)
	b.left -= n
	return n, err
}
