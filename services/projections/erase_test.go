package projections

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/projections/rest"
)

// leaving is somebody of whom there is everything: two flags, a seat taken, a request with its message, a tablet.
type leaving struct {
	*house

	person string
	places []string // "account path" of single things
	lists  []string // "account path" of lists that hold something of the person
}

func setupLeaving(t *testing.T) leaving {
	h := newHouse(t)
	f := h.senior("flag-1", "Exemple-Partante", "montpellier", "advisor-34")
	h.senior("flag-2", "Exemple-Restante", "montpellier", "advisor-34")
	h.hear(h.planned("session-1", "provider-a", 2), h.planned("session-2", "provider-a", 2), h.planned("session-3", "provider-a", 2),
		events.ItemRegistered{Pool: "provider-a", ItemID: "item-1", Kind: "tablet", AssetTag: "T1", At: h.now})
	for n := range 3 {
		o := h.opened(f, fmt.Sprintf("referral-%d", n+1), fmt.Sprintf("session-%d", n+1), "provider-a")
		h.hear(o, h.requested(o), h.held(o))
		switch n {
		case 0:
			h.hear(h.taken(o), h.kept(o, "item-1"))
		case 1:
			declined := h.declined(o)
			declined.Message = events.Clear(f.PersonID, events.Message{Text: "Un mot inventé"})
			h.hear(declined)
		}
	}
	return leaving{house: h, person: f.PersonID,
		places: []string{"advisor-34 /persons/" + f.PersonID, "advisor-34 /flags/flag-1", "advisor-34 /referrals/referral-1", "provider-a /referrals/referral-1"},
		lists: []string{
			"advisor-34 /flags", "referent-34 /flags?sort=age", "advisor-34 /referrals", "provider-a /referrals", "provider-a /providers/provider-a/inbox",
			"provider-a /sessions/session-1/participants", "provider-a /equipment/loans",
		}}
}

func (l leaving) as(place string, into any) int {
	account, path, _ := strings.Cut(place, " ")
	return l.get(account, path, into).StatusCode
}

// seen is in which lists and pages there is something of the person.
func (l leaving) seen() (where []string) {
	for _, place := range l.places {
		switch status := l.as(place, nil); status {
		case http.StatusOK:
			where = append(where, place)
		case http.StatusNotFound:
		default:
			l.t.Errorf("%s: %d", place, status)
		}
	}
	for _, list := range l.lists {
		var page struct {
			Items []struct {
				PersonID string `json:"person_id"`
			}
		}
		if status := l.as(list, &page); status != http.StatusOK {
			l.t.Errorf("%s: %d", list, status)
		}
		for _, i := range page.Items {
			if i.PersonID == l.person {
				where = append(where, list)
				break
			}
		}
	}
	for _, body := range []string{`{"name": "partante"}`, `{"phone": "04 65 71 34 00"}`, `{"birth_date": "1950"}`} {
		for _, account := range []string{"advisor-34", "advisor-34b"} {
			if _, found, _ := l.asks(account, body); strings.Contains(fmt.Sprint(found.Items), "R-flag-1") {
				where = append(where, account+" "+body)
			}
		}
	}
	return where
}

// figures are all counts that say nothing of single people.
func (l leaving) figures() string {
	at := "from=2021-01-01&to=2021-12-31&by=desk"
	funnel := see[rest.Funnel](l.house, "analyst-lr", "/dashboard/funnel?"+at)
	capacity := see[rest.Capacity](l.house, "analyst-lr", "/dashboard/capacity?from=2021-01-01&to=2021-12-31&by=provider")
	session := see[rest.Session](l.house, "provider-a", "/sessions/session-1")
	return fmt.Sprint(funnel.N, funnel.Stages, funnel.Parts, funnel.Series, capacity.Seats, capacity.Series, session.Taken, session.Held, session.Waiting)
}

// rows are how many rows each table of the board has.
func (l leaving) rows() string {
	schema, err := l.projector.Serving(l.ctx)
	l.must(err)
	var counts []string
	for _, table := range []string{"person", "flag", "referral", "session", "item", "loan", "provider"} {
		var n int
		l.must(l.pool.QueryRow(l.ctx, engine.In(schema, "select count(*) from model."+table)).Scan(&n))
		counts = append(counts, fmt.Sprint(table, n))
	}
	return strings.Join(counts, " ")
}

func TestWhoIsErasedIsNowhereAndFiguresStay(t *testing.T) {
	t.Parallel()
	l := setupLeaving(t)
	all, figures, rows := l.seen(), l.figures(), l.rows()
	if searches := 6; len(all) != len(l.places)+len(l.lists)+searches {
		t.Fatal(all)
	}
	counts := see[rest.Me](l.house, "advisor-34", "/me").Counts
	same := func(when string) {
		t.Helper()
		if got := l.figures(); got != figures {
			t.Errorf("%s: %s\nbefore: %s", when, got, figures)
		}
		if got := l.rows(); got != rows {
			t.Errorf("%s: %s\nbefore: %s", when, got, rows)
		}
	}

	l.hear(events.ErasureRequested{PersonID: l.person, Reason: "request", At: l.now})
	if got := l.seen(); len(got) > 0 {
		t.Error("hidden, and seen in", got)
	}
	same("hidden")
	if now := see[rest.Me](l.house, "advisor-34", "/me").Counts; now.ToRefer != counts.ToRefer-1 {
		t.Error(now, counts)
	}
	l.hear(events.ErasureUndone{PersonID: l.person, At: l.now})
	if got := l.seen(); fmt.Sprint(got) != fmt.Sprint(all) {
		t.Error("back, and seen in", got, "instead of", all)
	}
	l.hear(events.ErasureRequested{PersonID: l.person, Reason: "request", At: l.now}, events.PersonErased{PersonID: l.person, Reason: "request", At: l.now})
	l.must(l.vault.Destroy(l.ctx, l.person))
	if got := l.seen(); len(got) > 0 {
		t.Error("erased, and seen in", got)
	}
	same("erased")
	l.blank()
}

// blank: no box of the person is left, and a rebuild makes the same rows, though nobody can open anything any more.
func (l leaving) blank() {
	l.t.Helper()
	schema, err := l.projector.Serving(l.ctx)
	l.must(err)
	var left int
	l.must(l.pool.QueryRow(l.ctx, engine.In(schema, `select (select count(*) from model.person where id = $1 and box is not null)
  + (select count(*) from model.flag where subject = $1 or person_id = $1 and box is not null)
  + (select count(*) from model.referral where message_subject = $1 or outcome_subject = $1 or person_id = $1 and (message_box is not null or outcome_box is not null))`), l.person).Scan(&left))
	if left > 0 {
		l.t.Error(left, "boxes are left")
	}
	l.must(l.people.Hub.Wait(l.ctx, "detection", l.End("detection")))
	if different, err := l.projector.Verify(l.ctx); err != nil || different != nil {
		l.t.Error("board:", different, err)
	}
	if different, err := l.people.Verify(l.ctx); err != nil || different != nil {
		l.t.Error("people:", different, err)
	}
}
