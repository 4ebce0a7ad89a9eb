package projections

import (
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// book is a workbook under way. Texts are texts: none is computed.
type book struct {
	*excelize.File

	rows map[string]int
	errs []error
}

// begin names the sheets, the first of which is shown.
func (b *book) begin(sheets ...string) {
	b.rows = map[string]int{}
	b.keep(b.SetSheetName("Sheet1", sheets[0]))
	for _, name := range sheets[1:] {
		_, err := b.NewSheet(name)
		b.keep(err)
	}
}

// add writes a row, under the names where it is the first.
func (b *book) add(sheet string, row []figure) {
	if b.rows[sheet] == 0 {
		b.write(sheet, row, func(f figure) any { return f.name })
	}
	b.write(sheet, row, func(f figure) any {
		value := f.value
		if number, ok := value.(*int); ok {
			if number == nil {
				return nil
			}
			value = *number
		}
		if cents, ok := value.(int); ok && f.money {
			return float64(cents) / 100
		}
		return value
	})
}

func (b *book) write(sheet string, row []figure, value func(figure) any) {
	b.rows[sheet]++
	for i, one := range row {
		cell, err := excelize.CoordinatesToCellName(i+1, b.rows[sheet])
		b.keep(err)
		switch v := value(one).(type) {
		case nil:
		case string:
			b.keep(b.SetCellStr(sheet, cell, v))
		default:
			b.keep(b.SetCellValue(sheet, cell, v))
		}
	}
}

func (b *book) keep(err error) {
	if err != nil {
		b.errs = append(b.errs, err)
	}
}

func (b *book) bytes() ([]byte, error) {
	if err := errors.Join(b.errs...); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	written, err := b.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	return written.Bytes(), nil
}
