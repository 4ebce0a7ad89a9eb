package projections

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/fold"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const (
	mostFound = 20
	mostTried = 2 * mostFound // some of them may be erased
	mostFit   = 2000          // of those the best; who asks for less than that has to say more
)

// foundRow is a flag of somebody who fits, and whether the caller may read it.
type foundRow struct {
	flagRow

	Own bool
}

// SearchPersons looks for somebody in the caller's fund.
func (s *Service) SearchPersons(ctx context.Context, request rest.SearchPersonsRequestObject) (rest.SearchPersonsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.SearchPerson)
	if err != nil {
		return nil, err
	}
	ctx = s.within(ctx, a, policy.SearchPerson, policy.ReadPerson)
	asked, err := askedFor(*request.Body)
	if err != nil {
		return nil, err
	}
	web.SearchedBy(ctx, asked.fields()...)
	rows, err := s.find(ctx, a, asked)
	if err != nil {
		return nil, err
	}
	items, err := s.found(ctx, rows)
	return rest.SearchPersons200JSONResponse{Items: items}, err
}

// question is what is known of the person, folded; empty members were not given.
type question struct{ name, birthDate, phone, reference string }

func askedFor(b rest.PersonSearch) (question, error) {
	q := question{name: strings.TrimSpace(the(b.Name)), birthDate: the(b.BirthDate), phone: fold.Phone(the(b.Phone)), reference: referenceOf(the(b.Reference))}
	var faults refusal.Faults
	if q.name != "" && len(fold.Words(q.name)) == 0 {
		faults = append(faults, refusal.Fault{Field: "name", Code: "no_word", Detail: "Write at least one letter of the name."})
	}
	if q == (question{}) {
		for _, field := range []string{"name", "birth_date", "phone", "reference"} {
			faults = append(faults, refusal.Fault{Field: field, Code: "nothing_asked", Detail: "Give a name, a birth date, a phone or a reference."})
		}
	}
	return q, faults.OrNil()
}

// fields are the names of what was given, for the access log.
func (q question) fields() (names []string) {
	for _, field := range []struct{ name, value string }{
		{"name", q.name}, {"birth_date", q.birthDate}, {"phone", q.phone}, {"reference", q.reference},
	} {
		if field.value != "" {
			names = append(names, field.name)
		}
	}
	return names
}

// misread are letters that no reference has.
var misread = strings.NewReplacer("I", "1", "L", "1", "O", "0", "U", "V")

// referenceOf writes a reference as it was given out, K7QF-2M9D, however it was typed.
func referenceOf(typed string) string {
	code := strings.ToUpper(fold.Text(typed))
	if len(code) != 8 {
		return code
	}
	code = misread.Replace(code)
	return code[:4] + "-" + code[4:]
}

// find gives those who fit, best first, each with the flag that the caller should see: an own one before others, an
// open one before others, the latest.
func (s *Service) find(ctx context.Context, a directory.Account, q question) ([]foundRow, error) {
	if err := s.marked(ctx); err != nil {
		return nil, err
	}
	board, err := s.Projector.Serving(ctx)
	if err != nil {
		return nil, engine.Away(err)
	}
	marks, err := s.People.Serving(ctx)
	if err != nil {
		return nil, engine.Away(err)
	}
	f := &filter{}
	sql := strings.ReplaceAll(s.search(f, marker{s.Secret, a.Fund}, a, q), "people.", pgx.Identifier{marks}.Sanitize()+".")
	list, err := engine.ReadAs[foundRow](ctx, s.Pool, sightOf(ctx), nil, engine.In(board, sql), f.args...)
	return list, engine.Away(err)
}

const longestMark = 2 * time.Second

// marked waits until the marks are as far as the board, so that who was just flagged is found.
func (s *Service) marked(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, longestMark)
	defer cancel()
	if s.People.Hub.Wait(ctx, "detection", s.Projector.Hub.Position("detection")) == nil {
		return nil
	}
	return &web.Problem{
		Type: "urn:passerelle:problem:not_yet_heard", Title: "Not now", Status: 503, Code: "not_yet_heard",
		Detail: "The search has not heard that far yet. Please try again.", RetryAfter: 1,
	}
}

var searchReach = columns{fund: "f.fund = any(?::text[])", desk: "f.desk = any(?::text[])", author: "f.author = any(?::text[])"}

func (s *Service) search(f *filter, m marker, a directory.Account, q question) string {
	own := orNothing(s.entitled(f, a, policy.ReadPerson, searchReach))
	return `with found as (` + f.fitting(m, q) + `), whole as (
  select p.root, min(found.rank) as rank from found join model.person p on p.id = found.id group by p.root), seen as (
  select distinct on (whole.root) f.id, ` + own + ` as own, whole.rank
  from whole join model.person p on p.root = whole.root join model.flag f on f.person_id = p.id
  where ` + f.put("f.fund = ?", m.fund) + ` and ` + seenFlag + ` and (` + own + ` or ` + f.put("f.desk = any(?::text[])", s.desks(a, policy.SearchPerson)) + `)
  order by whole.root, own desc, (f.help <> 'closed' and f.status not in ('withdrawn', 'dismissed')) desc, f.submitted_at desc, f.id desc)
select ` + flagColumns + `, seen.own from seen join model.flag f on f.id = seen.id` + flagJoins + `
order by seen.rank, seen.own desc, f.submitted_at desc, f.id desc limit ` + f.arg(mostTried)
}

// fitting gives the persons who fit with their rank: the worst of the words counts first, then all of them.
func (f *filter) fitting(m marker, q question) string {
	inFlags := ""
	if q.reference != "" {
		inFlags = f.put("select r.person_id from model.flag r where r.reference = ?", q.reference)
	}
	if q.name == "" && q.birthDate == "" && q.phone == "" {
		return `select distinct r.person_id as id, 0 as rank from (` + inFlags + `) r`
	}
	var ways []string
	for _, words := range readings(q.name) {
		ways = append(ways, f.reading(m, words, q, inFlags))
	}
	return `select id, min(rank) as rank from (` + strings.Join(ways, " union all ") + `) way group by id order by rank, id desc limit ` + f.arg(mostFit)
}

// reading is one way to take the words. Without words everybody ranks alike.
func (f *filter) reading(m marker, words []string, q question, inFlags string) string {
	where, ranks := &filter{args: f.args}, []string{"0"}
	for _, word := range words {
		t := m.term(word)
		where.and("p.marks && ?::bigint[]", t.all())
		ranks = append(ranks, t.rank(where))
	}
	if q.phone != "" {
		where.and("p.marks && ?::bigint[]", []int64{m.mark("phone", q.phone)})
	}
	if q.birthDate != "" {
		where.and("p.marks && ?::bigint[]", m.bornAs(q.birthDate))
	}
	if inFlags != "" {
		where.and("p.id in (" + inFlags + ")")
	}
	f.args = where.args
	return `select p.id, 1000 * greatest(` + strings.Join(ranks, ", ") + `) + ` + strings.Join(ranks, " + ") + ` as rank
  from people.person p where ` + where.String()
}

func (t term) all() []int64 {
	marks := []int64{t.exact}
	for _, m := range []*int64{t.beginning, t.sound} {
		if m != nil {
			marks = append(marks, *m)
		}
	}
	return marks
}

// rank is 0 for the word itself, 1 for its beginning, 2 for its sound.
func (t term) rank(f *filter) string {
	sql := f.put("case when p.marks @> array[?::bigint] then 0", t.exact)
	if t.beginning != nil {
		sql += f.put(" when p.marks @> array[?::bigint] then 1", *t.beginning)
	}
	return sql + " else 2 end"
}
