package projections

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/paperform"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// paperPage is how many flags are opened at a time.
const paperPage = 200

// ExportFlags gives flags as lines of the paper form, as they are read.
func (s *Service) ExportFlags(ctx context.Context, request rest.ExportFlagsRequestObject) (rest.ExportFlagsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadFlag)
	if err != nil {
		return nil, err
	}
	e := paperExport{Service: s, account: a, params: request.Params}
	first, err := e.page(ctx)
	if err != nil {
		return nil, err
	}
	out, in := io.Pipe()
	go func() { _ = in.CloseWithError(e.write(ctx, in, first)) }() // whoever reads gets the error; when nobody does, the context ends it
	context.AfterFunc(ctx, func() { _ = out.CloseWithError(ctx.Err()) })
	return rest.ExportFlags200TextCsvResponse{Body: out}, nil
}

// paperExport is where an export is.
type paperExport struct {
	*Service
	account directory.Account
	params  rest.ExportFlagsParams
	day     string // of what was written last, and its reference: the order does not depend on who came in first
	after   string
}

// page gives the next flags, as lines; none at the end.
func (e *paperExport) page(ctx context.Context) (lines [][]string, err error) {
	for {
		rows, err := e.rows(ctx)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		e.day, e.after = rows[len(rows)-1].FindingDate, rows[len(rows)-1].Reference
		persons, err := open(ctx, e.Service, rows)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			line, readable, err := e.line(ctx, row, persons)
			if err != nil {
				return nil, err
			}
			if readable {
				web.Concerns(ctx, the(row.PersonID))
				lines = append(lines, line)
			}
		}
		if len(lines) > 0 {
			return lines, nil
		}
	}
}

func (e *paperExport) rows(ctx context.Context) ([]flagSheet, error) {
	f := &filter{}
	f.and(seenFlag)
	f.same("f.programme", &e.params.Programme)
	f.same("f.status", e.params.Status)
	f.same("f.desk", e.params.Unit)
	f.and("f.fund = ? and f.finding_date >= ?", e.account.Fund, e.day)
	f.and("(f.finding_date, f.reference) > (?, ?)", e.day, e.after)
	l := listing{table: "model.flag f", name: "f", order: "f.finding_date, f.reference", joins: flagJoins,
		columns: flagColumns + `, f.subject, f.reviewer, f.box, f.note_box, f.wish_box, f.fact, f.version`}
	return all[flagSheet](ctx, e.Service, l.sql(e.reachesOf(flagReach, e.account, policy.ReadFlag), f, paperPage), f.args...)
}

// line opens a flag. Of one that was erased, or that is not for the caller to read in full, nothing is given.
func (e *paperExport) line(ctx context.Context, row flagSheet, persons people) (line []string, readable bool, err error) {
	if policy.Can(e.account, policy.ReadPerson, row.resource()) != policy.Allowed || row.Box == nil {
		return nil, false, nil
	}
	sheet, erased, err := e.openSheet(ctx, sealedSheet{SheetFlag: &row.ID, SheetSubject: row.Subject, SheetBox: row.Box, SheetFact: &row.Fact})
	if err != nil || erased {
		return nil, false, err
	}
	tree, err := treeOf(sheet)
	if err != nil {
		return nil, false, err
	}
	tree["finding_date"], tree["desk"] = row.FindingDate, row.Desk
	if person, known := persons[the(row.PersonID)].Value(); known {
		if tree["person"], err = treeOf(person); err != nil {
			return nil, false, err
		}
	}
	return paperform.Line(row.Reference, tree), true, nil
}

func treeOf(details any) (tree map[string]any, err error) {
	data, err := json.Marshal(details)
	if err == nil {
		err = json.Unmarshal(data, &tree)
	}
	return tree, err
}

// write sends the header, then page after page.
func (e *paperExport) write(ctx context.Context, to io.Writer, lines [][]string) (err error) {
	out := csv.NewWriter(to)
	out.Comma, out.UseCRLF = ';', true
	names, _ := paperform.Names()
	if err := out.Write(names); err != nil {
		return err
	}
	for ; len(lines) > 0; lines, err = e.page(ctx) {
		for _, line := range lines {
			for i, value := range line {
				line[i] = imports.Cell(value)
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}
