package projections

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/projection"
)

// crowd fills the served tables as a year of a fund would: 100,000 flags and referrals, 1,000 sessions of 8 seats, a few waiting lists.
const crowd = `
insert into model.flag select 'flag-' || lpad(n::text, 7, '0'), 'R' || n, 'person-' || n, 'carsat-lr', 'reperage-lr',
  (array['montpellier', 'beziers', 'sete', 'nimes', 'ales', 'carcassonne', 'narbonne', 'mende', 'perpignan', 'plateforme-telephonique'])[1 + n % 10],
  '34', 'agency', '2021-11-15', case when n % 3 = 0 then 'submitted' else 'validated' end, case when n % 4 = 0 then 'to_refer' else 'referred' end,
  null, true, 'advisor-' || n % 50, timestamptz '2021-01-01' + n * interval '4 minutes', null, null, decode(repeat('5a', 800), 'hex'), 1 from generate_series(1, 100000) n;
insert into model.session select 'session-' || lpad(n::text, 4, '0'), 'provider-' || chr(97 + n % 2), 'open', 'in_person', '34172', '{internet,email}', '{fr}', 8,
  timestamptz '2022-01-01' + n * interval '1 day', timestamptz '2022-01-08' + n * interval '1 day', jsonb_build_object(
    'title', 'Premiers pas', 'mode', 'in_person', 'capacity', 8, 'transport', 'none', 'booking', 'on_request', 'registration_closes_at', '2022-01-01T00:00:00Z'), 9, timestamptz '2021-11-15', n from generate_series(1, 1000) n;
insert into model.referral (id, flag_id, person_id, session_id, provider_id, fund, programme, desk, department, loan_wanted, opened_at, version,
  seat, seat_session, seat_provider, seat_person, seat_desk, seat_loan_wanted, asked_at, answer_by, place, answered_at, accepted_at)
select 'referral-' || lpad(n::text, 7, '0'), f.id, f.person_id, s.id, s.provider_id, 'carsat-lr', 'reperage-lr', f.desk, '34', true, f.submitted_at, 1,
  case when n % 100 < 8 then 'taken' when n % 100 < 50 and n % 1000 < 100 then 'waiting' when n % 100 < 60 then 'queued' when n % 100 = 99 then 'held' else 'declined' end,
  s.id, s.provider_id, f.person_id, f.desk, true, f.submitted_at, f.submitted_at + interval '30 days', n, f.submitted_at, case when n % 100 < 8 then f.submitted_at end
from generate_series(1, 100000) n join model.flag f on f.id = 'flag-' || lpad(n::text, 7, '0') join model.session s on s.id = 'session-' || lpad((1 + n / 100)::text, 4, '0');
insert into model.item select 'item-' || n, 'provider-' || chr(97 + n % 2), 'tablet', 'T' || n from generate_series(1, 5000) n;
insert into model.loan select 'loan-' || n, 'provider-' || chr(97 + n % 2), 'item-' || n % 5000, 'session-0001', 'referral-' || lpad(n::text, 7, '0'), 'person-' || n,
  '2021-12-06', '2021-12-13', '2021-11-15' from generate_series(1, 20000) n;
analyze`

func (h *house) crowd() {
	h.t.Helper()
	schema, err := h.projector.Serving(h.ctx)
	h.must(err)
	_, err = h.pool.Exec(h.ctx, engine.In(schema, crowd))
	h.must(err)
}

func BenchmarkPages(b *testing.B) {
	h := newHouse(b)
	h.crowd()
	for _, page := range []struct{ account, path string }{
		{"advisor-34", "/flags"}, {"advisor-34", "/flags?help=to_refer"}, {"advisor-34", "/flags?status=returned"}, {"referent-34", "/flags?sort=age"},
		{"referent-34", "/flags?status=submitted&sort=age&older_than=30"}, {"advisor-34", "/flags/flag-0000010"}, {"advisor-34", "/referrals"},
		{"referent-34", "/referrals?status=waitlisted"}, {"provider-a", "/referrals?status=declined"}, {"partnership-lr", "/referrals"},
		{"advisor-34", "/referrals/referral-0000010"}, {"advisor-34", "/sessions"}, {"advisor-34", "/sessions?free=true&limit=500"},
		{"advisor-34", "/sessions?insee=34172&within_km=50"}, {"advisor-34", "/sessions?insee=34172&within_km=1000"}, {"advisor-34", "/sessions?department=34"},
		{"advisor-34", "/communes?q=lodev"},
		{"provider-b", "/sessions/session-0001/participants"}, {"provider-a", "/providers/provider-a/inbox"}, {"equipment-lr", "/equipment/items?status=kept"},
		{"equipment-lr", "/equipment/loans?status=lacking"}, {"referent-34", "/me"}, {"provider-a", "/me"}, {"evaluator-34", "/referrals"},
		{"network", "/dashboard/funnel"}, {"analyst-lr", "/dashboard/funnel?by=month"}, {"advisor-34", "/dashboard/funnel?by=channel"}, {"provider-a", "/dashboard/funnel"},
		{"network", "/dashboard/capacity?from=2022-01-01&to=2025-12-31&by=month"}, {"provider-a", "/dashboard/capacity?from=2022-01-01&to=2025-12-31"},
	} {
		b.Run(page.account+page.path, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequestWithContext(h.ctx, http.MethodGet, "/api/v1"+page.path, nil)
				r.Header.Set("Authorization", "Bearer "+page.account)
				w := httptest.NewRecorder()
				h.server.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}

// marked gives the crowd names: a hundred people share a family name, a thousand a given name.
func (h *house) marked() {
	h.t.Helper()
	schema, err := h.people.Serving(h.ctx)
	h.must(err)
	m := marker{h.config().Secret, "carsat-lr"}
	_, err = h.pool.CopyFrom(h.ctx, pgx.Identifier{schema, "person"}, []string{"id", "marks"}, pgx.CopyFromSlice(100_000, func(n int) ([]any, error) {
		return []any{fmt.Sprintf("person-%d", n+1), m.person(events.Person{
			GivenName: letters("Prenom", n%100), FamilyName: letters("Fictif", n%1000), BirthDate: fmt.Sprintf("19%02d-%02d-%02d", 30+n%30, 1+n%12, 1+n%28),
			Phone: fmt.Sprintf("04657%05d", n),
		})}, nil
	}))
	h.must(err)
	_, err = h.pool.Exec(h.ctx, "analyze "+pgx.Identifier{schema, "person"}.Sanitize())
	h.must(err)
}

// letters makes a name of a number.
func letters(name string, n int) string {
	for ; n > 0; n /= 10 {
		name += string("abcdefghij"[n%10]) + "o"
	}
	return name
}

func BenchmarkSearch(b *testing.B) {
	h := newHouse(b)
	h.crowd()
	h.marked()
	for name, body := range map[string]string{
		"a family": `{"name": "Fictifbo"}`, "a given name": `{"name": "Prenombo"}`, "everybody": `{"name": "fic"}`, "both names": `{"name": "Fictifbo Prenombo"}`,
		"a phone": `{"phone": "0465700007"}`, "a year": `{"birth_date": "1931"}`, "nobody": `{"name": "Introuvable"}`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if status, _, faults := h.asks("advisor-34", body); status != http.StatusOK {
					b.Fatal(status, faults)
				}
			}
		})
	}
}

// BenchmarkMarking is what a person costs in a rebuild.
func BenchmarkMarking(b *testing.B) {
	h := newHouse(b)
	schema, err := h.people.Serving(h.ctx)
	h.must(err)
	people := People(h.vault, []byte("published test secret"))
	batch := make([]projection.Heard, 1000)
	for i := range batch {
		id, details := h.person(fmt.Sprintf("Exemple-Fictif %d", i))
		f := events.PersonRegistered{PersonID: id, Fund: "carsat-lr", Details: details}
		batch[i] = projection.Heard{Fact: h.sealed(f), Event: ledger.Event{Stream: f.Stream(), Name: events.Name(f)}}
	}
	for b.Loop() {
		h.clock.Set(h.clock.Now().Add(time.Minute)) // no key is known any more
		h.must(people.Ahead(h.ctx, batch))
		var all projection.Batch
		for _, heard := range batch {
			h.must(people.Apply(&all, heard))
		}
		for _, q := range all.QueuedQueries {
			q.SQL = strings.Replace(q.SQL, `"".`, `"`+schema+`".`, 1)
		}
		h.must(h.pool.SendBatch(h.ctx, &all.Batch).Close())
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(batch)), "µs/person")
}
