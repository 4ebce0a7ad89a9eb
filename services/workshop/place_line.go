package workshop

import (
	"context"

	"github.com/google/uuid"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/reference/mediation"
	"example.org/passerelle/services/workshop/domain"
)

// lines takes the lines of one file in. A file closes nothing: what it does not name stays.
type lines struct {
	*Service

	fund, source string
	dry          bool
}

// placesOf is where identifiers of places come from: the same line of the same source is the same place.
var placesOf = uuid.MustParse("5b0f3c1e-52a9-5d0f-8f0a-6b9f4a1c7d11")

func placeID(fund, source, id string) string {
	return uuid.NewSHA1(placesOf, []byte(fund+"\x00"+source+"\x00"+id)).String()
}

// take registers or amends the place of a line; already says that all of it was known. The fields of refusal.Faults are columns.
func (l lines) take(ctx context.Context, line imports.Line) (already bool, err error) {
	read, wrong := mediation.Line(line.Values)
	faults := refusal.Faults{}
	for _, w := range wrong {
		faults = append(faults, refusal.Fault{Field: w.Field, Code: w.Code, Detail: details[w.Code]})
	}
	if err := faults.OrNil(); err != nil {
		return false, err
	}
	known, _, err := l.places.Get(ctx, placeID(l.fund, l.source, read.ID))
	if err != nil {
		return false, err
	}
	put := l.put(l.fund, known, read)
	put.PlaceID, put.Source, put.SourceID = placeID(l.fund, l.source, read.ID), l.source, read.ID
	if told, err := put.Decide(known); err != nil || len(told) == 0 || l.dry {
		return err == nil && len(told) == 0, err
	}
	if put, err = l.keyed(ctx, known, put); err != nil {
		return false, err
	}
	_, err = l.places.Handle(ctx, put.PlaceID, put, decider.Call[domain.Place]{Actor: web.Account(ctx), Correlation: web.RequestID(ctx)})
	return false, err
}
