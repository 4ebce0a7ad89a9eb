package equipment

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
)

var itemColumns = []imports.Column{{Name: "asset_tag"}, {Name: "kind"}, {Name: "serial", Optional: true}, {Name: "condition", Optional: true}, {Name: "pool", Optional: true}}

// ImportItems takes a file of items in, one a line.
func (s *Service) ImportItems(ctx context.Context, r rest.ImportItemsRequestObject) (rest.ImportItemsResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.RegisterItem) {
		return nil, errNotYours
	}
	l := lines{s, engine.Value(r.Params.Pool), engine.Value(r.Params.DryRun)}
	runs := imports.Runs{Pool: s.Pool, Schema: imports.Schema(s.Prefix), Log: s.Log, Go: s.Go}
	result, err := runs.Begin(ctx, imports.Job{Account: web.Account(ctx), DryRun: l.dry, Body: r.Body, Columns: itemColumns, Work: l.take})
	if err != nil {
		return nil, err
	}
	head, err := s.Ledger.Head(ctx)
	if err != nil {
		return nil, err
	}
	body, position := importOf(result), web.Position(Name, head.Position)
	if result.State == imports.Running {
		return rest.ImportItems202JSONResponse{Body: body, Headers: rest.ImportItems202ResponseHeaders{PasserellePosition: position}}, nil
	}
	return rest.ImportItems200JSONResponse{Body: body, Headers: rest.ImportItems200ResponseHeaders{PasserellePosition: position}}, nil
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

const longestName = 100 // characters of a tag or a number

// lines takes the lines of one file in.
type lines struct {
	*Service

	pool string // of those that name none
	dry  bool
}

// itemsOf is where identifiers of imported items come from: the same tag in the same pool is the same item.
var itemsOf = uuid.MustParse("0b9f6a4e-7c39-5d41-9a55-3f0c8a2d6e17")

// take registers the item of a line; already says that it was there. The fields of refusal.Faults are columns.
func (l lines) take(ctx context.Context, line imports.Line) (already bool, err error) {
	register, err := l.read(ctx, line)
	if err != nil {
		return false, err
	}
	pool, _, err := l.pools.Get(ctx, register.Pool)
	if err != nil {
		return false, err
	}
	told, err := register.Decide(pool)
	if err != nil || len(told) == 0 {
		return err == nil, err
	}
	if l.dry {
		return false, l.elsewhere(ctx, pool, told)
	}
	fresh := false
	_, err = l.pools.Handle(ctx, register.Pool, watched{register, &fresh}, decider.Call[domain.Pool]{Actor: register.By, Correlation: web.RequestID(ctx)})
	return !fresh, claimed(err)
}

// watched notes whether a line told anything: another line of the file may have come first.
type watched struct {
	domain.RegisterItem

	fresh *bool
}

func (w watched) Decide(p domain.Pool) ([]events.Equipment, error) {
	facts, err := w.RegisterItem.Decide(p)
	*w.fresh = len(facts) > 0
	return facts, err
}

// read understands a line, or says all that is wrong with it.
func (l lines) read(ctx context.Context, line imports.Line) (r domain.RegisterItem, err error) {
	value := func(column string) string { return strings.TrimSpace(line.Values[column]) }
	pool := value("pool")
	if pool == "" {
		pool = l.pool
	}
	r = domain.RegisterItem{
		Act: l.act(ctx, pool), Kind: strings.ToLower(value("kind")), AssetTag: value("asset_tag"), Serial: value("serial"), Condition: strings.ToLower(value("condition")),
	}
	r.ItemID = uuid.NewSHA1(itemsOf, []byte(pool+"\x00"+strings.ToUpper(r.AssetTag))).String()
	faults := wrongWith(r)
	if pool == "" {
		faults = append(faults, refusal.Fault{Field: "pool", Code: "required", Detail: "Name the pool, in the line or for the whole file."})
	} else if err := l.looksAfter(ctx, policy.RegisterItem, pool, errNoPool); err != nil {
		var wrong refusal.Faults
		if !errors.As(err, &wrong) {
			return r, err
		}
		faults = append(faults, wrong...)
	}
	return r, faults.OrNil()
}

func wrongWith(r domain.RegisterItem) (faults refusal.Faults) {
	if r.AssetTag == "" {
		faults = append(faults, refusal.Fault{Field: "asset_tag", Code: "required", Detail: "Fill in the tag that is on the item."})
	}
	for _, one := range [][2]string{{"asset_tag", r.AssetTag}, {"serial", r.Serial}} {
		if utf8.RuneCountInString(one[1]) > longestName {
			faults = append(faults, refusal.Fault{Field: one[0], Code: "too_long", Detail: "At most 100 characters."})
		}
	}
	if !slices.Contains(domain.Kinds, r.Kind) {
		faults = append(faults, refusal.Fault{Field: "kind", Code: "not_in_list", Detail: "One of: " + strings.Join(domain.Kinds, ", ") + "."})
	}
	if conditions := []string{"", "good", "worn", "damaged"}; !slices.Contains(conditions, r.Condition) {
		faults = append(faults, refusal.Fault{Field: "condition", Code: "not_in_list", Detail: "One of: good, worn, damaged. It may be empty."})
	}
	return faults
}

// elsewhere says whether the tag or the number is given already, in whichever pool: for a dry run, which claims nothing.
func (l lines) elsewhere(ctx context.Context, pool domain.Pool, told []events.Equipment) error {
	for _, fact := range told {
		claims, _ := domain.Claims(pool, fact)
		for _, claim := range claims {
			switch _, held, err := l.Ledger.Holder(ctx, claim); {
			case err != nil:
				return err
			case held:
				return domain.RefusalOf(claim)
			}
		}
	}
	return nil
}
