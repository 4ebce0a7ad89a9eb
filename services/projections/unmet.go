package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/communes"
)

const (
	unmetCaveat       = "Une personne compte jusqu’à ce qu’on l’oriente de nouveau ou que son aide soit close\u00a0; qui n’a pas donné sa commune ne compte autour d’aucune."
	aroundKm          = 15
	mostUnmetCommunes = 500
)

// unmetRow is a flag under which nothing was found, with its details not opened yet.
type unmetRow struct {
	ID         string     `json:"id"`
	Key        string     `json:"key"`
	Part       string     `json:"part"`
	Reason     *string    `json:"reason"`
	Fund       string     `json:"fund"`
	Programme  string     `json:"programme"`
	Department string     `json:"department"`
	Channel    string     `json:"channel"`
	Help       string     `json:"help"`
	HelpAt     *time.Time `json:"help_at"`
	Subject    *string    `json:"subject"`
	Fact       string     `json:"fact"`
	Box        []byte     `json:"box"`
	WishBox    []byte     `json:"wish_box"`
	PersonID   *string    `json:"person_id"`
	PersonBox  []byte     `json:"person_box"`
	PersonFact *string    `json:"person_fact"`
}

func (r unmetRow) sealed() sealedPerson {
	return sealedPerson{PersonID: r.PersonID, PersonBox: r.PersonBox, PersonFact: r.PersonFact}
}

// unmetReach is whose figures somebody may have.
var unmetReach = funnelReach

// fundsAround are those whose people a provider may count around a commune.
func fundsAround(a directory.Account) (funds []string) {
	for _, g := range a.Grants {
		if g.Role == directory.ProviderRole {
			funds = append(funds, g.Fund)
		}
	}
	return funds
}

// GetUnmet counts the people whom nothing suits.
func (s *Service) GetUnmet(ctx context.Context, request rest.GetUnmetRequestObject) (rest.GetUnmetResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadUnmet)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	entitled := s.entitled(f, a, policy.ReadUnmet, unmetReach)
	p, err := s.unmetAsked(request.Params, entitled == "")
	if err != nil {
		return nil, err
	}
	if p.steps {
		entitled = f.put("f.fund = any(?::text[])", fundsAround(a))
	}
	f.and(orNothing(entitled))
	c, err := count[unmetRow](ctx, s, unmetStatement(f, p), f.args)
	if err != nil {
		return nil, err
	}
	people, err := s.unmetPeople(ctx, c.Rows)
	if err != nil {
		return nil, err
	}
	answer := p.count(people)
	answer.Positions = c.At
	return rest.GetUnmet200JSONResponse(answer), nil
}

// unmetAsked is what somebody asks for. Who reads steps asks around a commune and nothing else: filters that can be combined
// would lead from steps to somebody.
type unmetAsked struct {
	rest.GetUnmetParams
	period

	steps bool
	near  map[string]bool // nil: everywhere
	km    int
}

func (s *Service) unmetAsked(p rest.GetUnmetParams, steps bool) (asked unmetAsked, err error) {
	asked = unmetAsked{GetUnmetParams: p, steps: steps, km: aroundKm}
	if faults := stepsOnly(p); steps && len(faults) > 0 {
		return asked, faults
	}
	if asked.period, err = periodOf(p.From, p.To, s.Clock.Now()); err != nil {
		return asked, err
	}
	if p.From == nil {
		asked.from = asked.day(asked.to).AddDate(-longestPeriod, 0, 0).Format(time.DateOnly)
	}
	if p.WithinKm != nil {
		asked.km = *p.WithinKm
	}
	switch {
	case p.Insee != nil:
		asked.near, err = codesAround(*p.Insee, asked.km)
	case p.WithinKm != nil:
		err = refusal.Faults{{Field: "insee", Code: "required", Detail: "Say around which commune."}}
	}
	return asked, err
}

func stepsOnly(p rest.GetUnmetParams) (faults refusal.Faults) {
	if p.Insee == nil {
		faults = append(faults, refusal.Fault{Field: "insee", Code: "required", Detail: "Say in which commune the session is to be."})
	}
	for _, one := range []struct {
		field string
		given bool
	}{
		{"fund", p.Fund != nil}, {"department", p.Department != nil}, {"desk", p.Desk != nil}, {"programme", p.Programme != nil}, {"channel", p.Channel != nil},
		{"within_km", p.WithinKm != nil}, {"from", p.From != nil}, {"to", p.To != nil}, {"by", p.By != nil},
	} {
		if one.given {
			faults = append(faults, refusal.Fault{Field: one.field, Code: "not_for_steps", Detail: "Your role asks around a commune, and for all who wait there. Leave this out."})
		}
	}
	return faults
}

func codesAround(insee string, km int) (map[string]bool, error) {
	center, ok := communes.Find(insee)
	if !ok {
		return nil, refusal.Faults{{Field: "insee", Code: "unknown_commune", Detail: "No commune has this code. Look for it by name."}}
	}
	codes := map[string]bool{}
	for _, one := range communes.Around(center, float64(km)) {
		codes[one.Insee] = true
	}
	return codes, nil
}

// unmetStatement gives the flags, the oldest first. An open referral anywhere under the flag is something that was found.
func unmetStatement(f *filter, p unmetAsked) string {
	f.and("f.finding_date between ? and ?", p.from, p.to)
	f.same("f.fund", p.Fund)
	f.same("f.department", p.Department)
	f.same("f.desk", p.Desk)
	f.same("f.programme", p.Programme)
	f.same("f.channel", p.Channel)
	return `
select f.id, ` + funnelKeys[the(p.By)] + ` as key, case when f.help = 'wished' then 'wished' else w.last end as part, w.reason,
  f.fund, f.programme, f.department, f.channel, f.help, f.help_at, f.subject, f.fact, encode(f.box, 'base64') as box, encode(f.wish_box, 'base64') as wish_box, encode(p.box, 'base64') as person_box,
  coalesce(p.id, f.person_id) as person_id, p.fact as person_fact
from model.flag f` + flagJoins + ` left join lateral (
  select (array_agg(r.status order by r.id desc))[1] as last,
    (array_agg(case when r.status = 'declined' then r.decline_reason end order by r.id desc))[1] as reason,
    bool_or(r.status in ('requested', 'in_study', 'waitlisted', 'offered', 'enrolled', 'in_progress', 'advised')) as open
  from model.referral r where r.flag_id = f.id) w on true
where (f.help = 'wished' or f.help in ('to_refer', 'referred') and not w.open and w.last in ('unserved', 'cancelled', 'declined', 'expired'))
  and ` + seenFlag + ` and not coalesce(p.dead, false) and ` + f.String() + `
order by f.finding_date, f.id`
}

// unmetPerson is somebody whom nothing suits, as figures look at them.
type unmetPerson struct {
	unmetRow
	matching.Wants

	where matching.Where
	age   string
}

// manyUnmet is how many are opened with one question for their keys.
const manyUnmet = 500

// unmetPeople opens what the rows say of each person: once, by the oldest flag. Who was erased wants nothing any more.
func (s *Service) unmetPeople(ctx context.Context, rows []unmetRow) (list []unmetPerson, err error) {
	seen := map[string]bool{}
	rows = slices.DeleteFunc(rows, func(r unmetRow) bool {
		again := r.PersonID == nil || seen[*r.PersonID]
		seen[the(r.PersonID)] = true
		return again
	})
	for some := range slices.Chunk(rows, manyUnmet) {
		opened, err := s.openUnmet(ctx, some)
		if err != nil {
			return nil, err
		}
		list = append(list, opened...)
	}
	return list, nil
}

func (s *Service) openUnmet(ctx context.Context, rows []unmetRow) (list []unmetPerson, err error) {
	if err := s.Vault.Prefetch(ctx, keep(rows, func(r unmetRow) (string, bool) { return the(r.Subject), r.Subject != nil })); err != nil {
		return nil, engine.Away(err)
	}
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		person, ok := persons[*r.PersonID].Value()
		if !ok {
			continue
		}
		p, err := s.inWantOf(ctx, r, person)
		if err != nil {
			return nil, err
		}
		list = append(list, unmetPerson{unmetRow: r, Wants: matching.WantsOf(p), where: p.Where, age: matching.AgeGroup(p)})
	}
	return list, nil
}

// inWantOf is the person of a flag with their wish, which counts instead of what the sheet says.
func (s *Service) inWantOf(ctx context.Context, r unmetRow, person events.Person) (p matching.Person, err error) {
	sheet, _, err := s.openSheet(ctx, sealedSheet{SheetFlag: &r.ID, SheetSubject: r.Subject, SheetBox: r.Box, SheetFact: &r.Fact})
	if err != nil {
		return p, err
	}
	wish, err := s.wish(ctx, "flag:"+r.ID, flagSheet{flagRow: flagRow{Help: r.Help, HelpAt: r.HelpAt}, Subject: r.Subject, WishBox: r.WishBox})
	p = matching.PersonOn(sheet, person, matching.Flag{Fund: r.Fund, Programme: r.Programme, Department: r.Department, Channel: r.Channel}, s.Clock.Now())
	wishing(&p, wish)
	return p, err
}
