package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// retentionList is a page of those who are erased soon, or whose erasure may be undone.
type retentionList struct {
	Requested bool
	Lines     []retentionLine
	Path      string
	Next      *string
}

type retentionLine struct {
	Dossier      dossier
	Desk, Reason string
	Last, Day    string
	Held         bool
}

func (l retentionList) heading() string {
	if l.Requested {
		return "Effacements demandés"
	}
	return "Effacements à venir"
}

// retention shows whose time is nearly over, and whose erasure may still be undone.
func retention(v *visit) error {
	f := form{values: v.r.URL.Query()}
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.ListRetentionWithResponse(v.ctx, &client.ListRetentionParams{Status: f.text("etat"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	list := retentionList{Requested: f.value("etat") == "requested", Path: v.r.URL.RequestURI(), Next: answer.JSON200.Next}
	for _, l := range answer.JSON200.Items {
		list.Lines = append(list.Lines, w.retentionLine(l))
	}
	return v.show(http.StatusOK, list.heading(), retentionView(list))
}

func (w words) retentionLine(l client.RetentionLine) retentionLine {
	line := retentionLine{
		Dossier: dossier{ID: l.PersonID, Reference: the(l.Reference)}, Desk: w.of("desk", the(l.Desk)),
		Reason: orCode(eraseReasonLabels, l.Reason), Day: moment(l.ErasedAt), Held: l.Held,
	}
	if l.LastContact != nil {
		line.Last = dayOf(*l.LastContact)
	}
	return line
}

// erasureOf looks for somebody among those whose erasure may be undone; nil for nobody.
func (v *visit) erasureOf(id string) (*client.RetentionLine, error) {
	p := &client.ListRetentionParams{Status: new("requested"), Limit: new(mostOffers)}
	for {
		answer, err := v.api.ListRetentionWithResponse(v.ctx, p)
		if err != nil {
			return nil, err
		}
		for _, l := range answer.JSON200.Items {
			if l.PersonID == id {
				return &l, nil
			}
		}
		if p.Cursor = answer.JSON200.Next; p.Cursor == nil {
			return nil, nil
		}
	}
}
