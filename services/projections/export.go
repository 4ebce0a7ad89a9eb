package projections

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// Told reads what a service told at a position: from its stream.
type Told func(ctx context.Context, service string, position int64) (ledger.Event, error)

type exportRow struct{ Fund string }

const personToExport = `select p.fund from model.person p where p.id = $1 and not p.erased`

// ExportPerson gives the privacy officer everything that is known of somebody.
func (s *Service) ExportPerson(ctx context.Context, request rest.ExportPersonRequestObject) (rest.ExportPersonResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ExportPerson)
	if err != nil {
		return nil, err
	}
	row, err := web.Find(ctx, func(ctx context.Context) (exportRow, error) {
		row, err := one[exportRow](ctx, s, ErrNoPerson, personToExport, request.ID)
		if err == nil && policy.Can(a, policy.ExportPerson, policy.Resource{Fund: row.Fund}) != policy.Allowed {
			err = ErrNoPerson
		}
		return row, err
	})
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, request.ID)
	export := rest.PersonExport{PersonID: request.ID, Fund: row.Fund, MadeAt: s.Clock.Now().UTC(), MadeBy: a.ID}
	if export.Facts, err = s.factsOf(ctx, request.ID); err != nil {
		return nil, err
	}
	if export.Consulted, err = s.consulted(ctx, request.ID); err != nil {
		return nil, err
	}
	if the(request.Params.Format) != "html" {
		return rest.ExportPerson200JSONResponse(export), nil
	}
	return exportPage(export)
}

// factsOf opens all facts about somebody, oldest first.
func (s *Service) factsOf(ctx context.Context, person string) ([]rest.ExportedFact, error) {
	type place struct {
		Service  string
		Position int64
	}
	places, err := engine.Rows[place](ctx, s.Pool, s.Dossier, factsOf, person)
	if err != nil {
		return nil, err
	}
	facts := make([]rest.ExportedFact, len(places))
	for i, p := range places {
		e, err := s.Told(ctx, p.Service, p.Position)
		if err != nil {
			return nil, engine.Away(err)
		}
		facts[i] = rest.ExportedFact{Service: p.Service, Position: int(p.Position), At: e.Recorded.UTC(), Name: e.Name}
		if facts[i].Fact, err = s.opened(ctx, e); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(facts, func(a, b rest.ExportedFact) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(services, a.Service), slices.Index(services, b.Service)), cmp.Compare(a.Position, b.Position))
	})
	return facts, nil
}

// opened is a fact with its details in place of the box; of a destroyed key, nothing.
func (s *Service) opened(ctx context.Context, e ledger.Event) (map[string]any, error) {
	var details any
	_, err := events.Decode(e.Name, e.Data, func(d events.Details) error {
		if err := s.Vault.Unseal(ctx, e.Stream, e.Name, d); err != nil {
			return err
		}
		return d.Seal(func(plain []byte) ([]byte, error) { return nil, json.Unmarshal(plain, &details) })
	})
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", e.ID, err)
	}
	var fact map[string]any
	if err := json.Unmarshal(e.Data, &fact); err != nil {
		return nil, fmt.Errorf("export %s: %w", e.ID, err)
	}
	for name, value := range fact {
		if sealed, ok := value.(map[string]any); ok && sealed["box"] != nil && sealed["subject"] != nil {
			fact[name] = details
		}
	}
	return fact, nil
}

const mostConsulted = 10_000

// consulted is who looked at somebody, as far back as the access log goes.
func (s *Service) consulted(ctx context.Context, person string) ([]rest.ExportedAccess, error) {
	list := []rest.ExportedAccess{}
	if s.Accesses == nil {
		return list, nil
	}
	rows, err := s.Accesses.Read(ctx, accesslog.Filter{Person: person}, nil, mostConsulted)
	if err != nil {
		return nil, engine.Away(err)
	}
	for _, r := range rows {
		list = append(list, rest.ExportedAccess{At: r.At.UTC(), Actor: r.Actor, Role: r.Role, Purpose: r.Purpose, Action: r.Action})
	}
	return list, nil
}

//go:embed export.html
var exportHTML string

var exportTemplate = template.Must(template.New("export").Funcs(template.FuncMap{
	"day": func(at time.Time) string { return at.Format("02/01/2006 15:04") }, "word": inFrench, "lines": linesOf,
}).Parse(exportHTML))

func exportPage(export rest.PersonExport) (rest.ExportPersonResponseObject, error) {
	var page bytes.Buffer
	if err := exportTemplate.Execute(&page, export); err != nil {
		return nil, fmt.Errorf("page of the export: %w", err)
	}
	return rest.ExportPerson200TextHTMLResponse{Body: &page, ContentLength: int64(page.Len())}, nil
}
