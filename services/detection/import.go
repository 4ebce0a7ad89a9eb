package detection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/paperform"
	"example.org/passerelle/services/policy"
)

// ImportFlags takes paper forms in, one a line. Each is a flag of the caller under the rules of every flag.
func (s *Service) ImportFlags(ctx context.Context, r rest.ImportFlagsRequestObject) (rest.ImportFlagsResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.CreateFlag) {
		return nil, errMayNotFlag
	}
	p := pile{Service: s, programme: r.Params.Programme, unit: engine.Value(r.Params.Unit), dry: engine.Value(r.Params.DryRun)}
	result, err := s.imports().Begin(ctx, imports.Job{
		Account: account.ID, DryRun: p.dry, Wait: time.Duration(engine.Value(r.Params.Wait)) * time.Second, Body: r.Body, Columns: paperColumns(), Work: p.form, After: web.LogRest,
	})
	if err != nil {
		return nil, err
	}
	position, err := s.position(ctx)
	if err != nil {
		return nil, err
	}
	body := importOf(result)
	if result.State == imports.Running {
		return rest.ImportFlags202JSONResponse{Body: body, Headers: rest.ImportFlags202ResponseHeaders{PasserellePosition: position}}, nil
	}
	return rest.ImportFlags200JSONResponse{Body: body, Headers: rest.ImportFlags200ResponseHeaders{PasserellePosition: position}}, nil
}

func (s *Service) imports() imports.Runs {
	return imports.Runs{Pool: s.Pool, Schema: imports.Schema(s.Prefix), Log: s.Log, Go: s.Go}
}

func paperColumns() []imports.Column {
	names, must := paperform.Names()
	list := make([]imports.Column, len(names))
	for i, name := range names {
		list[i] = imports.Column{Name: name, Optional: !must[i]}
	}
	return list
}

func importOf(r imports.Result) rest.Import {
	body := rest.Import{
		ID: r.ID, State: r.State, DryRun: r.DryRun, Line: r.Line, Accepted: r.Accepted, Already: r.Already, Rejected: r.Rejected,
		Rejections: []rest.Rejection{}, More: r.More, Detail: r.Detail,
	}
	for _, one := range r.Rejections {
		body.Rejections = append(body.Rejections, rest.Rejection{Line: one.Line, Field: one.Field, Code: one.Code, Detail: one.Detail})
	}
	return body
}

// pile is the forms of one file.
type pile struct {
	*Service
	programme, unit string
	dry             bool
}

// form takes one in. Faults are named by the column they stand in.
func (p pile) form(ctx context.Context, l imports.Line) (already bool, err error) {
	sheet := paperform.Sheet(p.programme, l.Values)
	if p.unit != "" && sheet["desk"] == nil {
		sheet["desk"] = p.unit
	}
	already, err = p.take(ctx, sheet, l.Values)
	var faults refusal.Faults
	if !errors.As(err, &faults) {
		return already, err
	}
	_, named := sheet["person"]
	shown := make(refusal.Faults, len(faults))
	for i, f := range faults {
		shown[i] = refusal.Fault{Field: paperform.ColumnOf(f.Field, !named), Code: f.Code, Detail: f.Detail}
	}
	return false, shown
}

func (p pile) take(ctx context.Context, sheet map[string]any, cells map[string]string) (already bool, err error) {
	data, err := json.Marshal(sheet)
	if err != nil {
		return false, fmt.Errorf("write a form: %w", err)
	}
	if err := web.CheckAs(ctx, Name, "createFlag", data); err != nil {
		return false, err
	}
	var body rest.NewFlag
	if err := json.Unmarshal(data, &body); err != nil {
		return false, fmt.Errorf("read a form: %w", err)
	}
	claim, number := p.claim(ctx, cells), strings.TrimSpace(cells[paperform.Key])
	if there, err := p.there(ctx, claim, number); there || err != nil {
		return there, err
	}
	if p.dry {
		return false, p.look(ctx, body)
	}
	return p.keep(ctx, body, claim, number)
}

// there tells whether a form was imported before, or is a flag of the programme that the caller has exported.
func (p pile) there(ctx context.Context, claim, number string) (bool, error) {
	if _, held, err := p.Ledger.Holder(ctx, claim); held || err != nil || !referenceLike(number) {
		return held, err
	}
	holder, held, err := p.Ledger.Holder(ctx, domain.ReferenceClaim+number)
	if !held || err != nil {
		return false, err
	}
	flag, _, err := p.flags.Get(ctx, strings.TrimPrefix(holder, "flag:"))
	readable := policy.Can(p.Account(ctx), policy.ReadFlag, policy.Resource{Fund: flag.Fund, Desk: flag.Desk, Author: flag.Author}) == policy.Allowed
	return readable && flag.Programme == p.programme, err
}

// claim is what a form takes for good: its number within programme and unit, or all of it where it has none. It is keyed,
// so that nobody reads a form out of it.
func (p pile) claim(ctx context.Context, cells map[string]string) string {
	key, account := strings.TrimSpace(cells[paperform.Key]), p.Account(ctx)
	unit := strings.TrimSpace(cells["unite"])
	if unit == "" {
		unit = p.unit
	}
	if desks := p.authorOf(account).Desks; unit == "" && len(desks) == 1 {
		unit = desks[0].ID
	}
	if key == "" {
		sum := sha256.New()
		for _, name := range slices.Sorted(maps.Keys(cells)) {
			if value := strings.TrimSpace(cells[name]); value != "" {
				fmt.Fprintf(sum, "%q %q\n", name, value)
			}
		}
		key = "line:" + hex.EncodeToString(sum.Sum(nil))
	} else {
		key = "number:" + key
	}
	return domain.PaperFormClaim + hex.EncodeToString(marker{p.Secret, account.Fund}.mark("paper form", p.programme, unit, key))
}

// look decides and stores nothing: no subject is made, no key is taken.
func (p pile) look(ctx context.Context, body rest.NewFlag) error {
	f := p.sheeted(ctx, body)
	f.Reference, f.Subject = "0000-0000", "nobody"
	if f.Person != nil && f.named == "" {
		alike, err := p.alike(ctx, f.account.Fund, f.Person.Person)
		if err != nil {
			return err
		}
		f.alike, f.PersonID = slices.DeleteFunc(alike, f.secret), "nobody"
	}
	if _, err := f.Look(ctx); err != nil {
		return err
	}
	facts, err := f.Decide(domain.Flag{})
	f.concerns(ctx, decider.Done[domain.Flag]{}, err)
	if err != nil {
		return err
	}
	for _, fact := range facts {
		if e, flagged := fact.(events.SeniorFlagged); flagged && e.OneOpen != "" {
			if _, held, err := p.Ledger.Holder(ctx, e.OneOpen); held || err != nil {
				return errors.Join(err, domain.ErrFlagOpen)
			}
		}
	}
	return nil
}

// keep flags. A twin of the form that is worked at the same moment, here or elsewhere, finds its claim taken.
func (p pile) keep(ctx context.Context, body rest.NewFlag, claim, number string) (already bool, err error) {
	f, err := p.flagging(ctx, body)
	if err != nil {
		return false, err
	}
	if f.form = claim; referenceLike(number) {
		f.wished = number
	}
	done, err := p.create(ctx, f)
	var claimed *ledger.Claimed
	if errors.As(err, &claimed) && claimed.Claim == claim {
		return true, nil
	}
	f.concerns(ctx, done, err)
	return false, err
}
