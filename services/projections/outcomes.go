package projections

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const (
	outcomesCaveat = "Ne compte que ce que les prestataires ont noté\u00a0; de qui a été effacé, il ne reste que la participation."
	outcomeTarget  = 50 // percent of those who finished
	manyOutcomes   = 500
	alone          = 2 // of 0 cannot, 1 with help, 2 alone, 3 helps others
)

// outcomeReach is whose figures of seats somebody may have.
var outcomeReach = columns{
	fund: "r.fund = any(?::text[])", desk: "r.desk = any(?::text[])", provider: "r.seat_provider = any(?::text[])",
	author: "exists (select from model.flag f where f.id = r.flag_id and f.author = any(?::text[]))",
}

// outcomeKeys say by what a series may be.
var outcomeKeys = map[string]string{
	"": "''", "month": "to_char(s.first_at at time zone 'Europe/Paris', 'YYYY-MM')", "department": "r.department", "desk": "r.desk", "programme": "r.programme", "provider": "s.provider_id",
}

// tookPart: they had a seat when the session began, whatever came after.
const tookPart = `r.seat in ('taken', 'dropped', 'no_show') and s.status not in ('draft', 'cancelled') and (r.seat <> 'dropped' or r.answered_at >= s.first_at)`

// outcomeRow is one participant, with what was recorded not opened yet.
type outcomeRow struct {
	Key       string   `json:"key"`
	Session   string   `json:"session"`
	Seat      string   `json:"seat"`
	Over      bool     `json:"over"`
	Presented []string `json:"presented"`
	Subject   *string  `json:"subject"`
	Box       []byte   `json:"box"`
}

// GetOutcomes counts what sessions have brought.
func (s *Service) GetOutcomes(ctx context.Context, request rest.GetOutcomesRequestObject) (rest.GetOutcomesResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadOutcomes)
	if err != nil {
		return nil, err
	}
	answer, err := s.outcomesFor(ctx, a, request.Params, count[outcomeRow])
	return rest.GetOutcomes200JSONResponse(answer), err
}

func (s *Service) outcomesFor(ctx context.Context, a directory.Account, p rest.GetOutcomesParams, rows counting[outcomeRow]) (answer rest.Outcomes, err error) {
	period, err := periodOf(p.From, p.To, s.Clock.Now())
	if err != nil {
		return answer, err
	}
	f := &filter{}
	c, err := rows(ctx, s, s.outcomes(f, a, p, period), f.args)
	if err != nil {
		return answer, err
	}
	answer = rest.Outcomes{From: period.from, To: period.to, Basis: cohort, By: p.By, Positions: c.At, Caveat: outcomesCaveat}
	err = s.countOutcomes(ctx, c.Rows, &answer, newSeries[rest.OutcomeLine](p.By, period))
	return answer, err
}

func (s *Service) outcomes(f *filter, a directory.Account, p rest.GetOutcomesParams, period period) string {
	f.and(orNothing(s.entitled(f, a, policy.ReadOutcomes, outcomeReach)))
	f.and("s.first_at >= ? and s.first_at < ? and s.first_at <= ?", period.day(period.from), period.day(period.to).AddDate(0, 0, 1), s.Clock.Now())
	f.same("r.fund", p.Fund)
	f.same("r.department", p.Department)
	f.same("r.desk", p.Desk)
	f.same("r.programme", p.Programme)
	f.same("s.provider_id", p.Provider)
	f.same("s.id", p.SessionID)
	return `
select ` + outcomeKeys[the(p.By)] + ` as key, s.id as session, r.seat, s.status in ('closed', 'stopped') as over, s.presented,
  r.outcome_subject as subject, encode(r.outcome_box, 'base64') as box
from model.referral r join model.session s on s.id = r.seat_session
where ` + tookPart + ` and ` + f.String() + ` order by s.id, r.id`
}

// outcomeOf is what was recorded of a participant; nil: nothing, or it is gone.
func (s *Service) outcomeOf(ctx context.Context, r outcomeRow) (*events.Outcome, error) {
	if r.Box == nil {
		return nil, nil
	}
	details := events.Shut[events.Outcome](the(r.Subject), r.Box)
	err := s.Vault.Unseal(ctx, "session:"+r.Session, outcomeRecorded, &details)
	if o, ok := details.Value(); ok {
		return &o, err
	}
	return nil, err
}

func (s *Service) countOutcomes(ctx context.Context, rows []outcomeRow, answer *rest.Outcomes, lines series[rest.OutcomeLine]) error {
	total, skills, items := rest.OutcomeLine{}, learnt{}, learnt{}
	presented := map[string][]string{}
	for some := range slices.Chunk(rows, manyOutcomes) {
		if err := s.Vault.Prefetch(ctx, keep(some, func(r outcomeRow) (string, bool) { return the(r.Subject), r.Subject != nil })); err != nil {
			return engine.Away(err)
		}
		for _, r := range some {
			o, err := s.outcomeOf(ctx, r)
			if err != nil {
				return err
			}
			presented[r.Session] = r.Presented
			r.into(&total, o)
			if answer.By != nil {
				r.into(lines.line(r.Key), o)
			}
			if o != nil {
				skills.add(o.Skills)
				items.add(o.Items)
			}
		}
	}
	total.Objective = judgedObjective(total.Objective)
	answer.N, answer.Sessions, answer.Parts, answer.Objective = total.N, len(presented), total.Parts, total.Objective
	answer.Skills, answer.Items, answer.Services = skills.lines(), items.lines(), servicesIn(presented)
	answer.Series = lines.sorted(func(l *rest.OutcomeLine, key string) { l.Key, l.Objective = key, judgedObjective(l.Objective) })
	return nil
}

// into adds a participant. Who left is not among those who finished, whatever was recorded.
func (r outcomeRow) into(l *rest.OutcomeLine, o *events.Outcome) {
	l.N++
	finished := false
	switch p := &l.Parts; {
	case r.Seat == "dropped":
		p.Dropped++
	case r.Seat == "no_show":
		p.NoShow++
	case o != nil && o.Completed:
		p.Finished++
		finished = true
	case o != nil:
		p.NotFinished++
	case r.Over:
		p.Unrecorded++
	default:
		p.UnderWay++
	}
	if !finished {
		return
	}
	one := &l.Objective
	one.Finished++
	one.Account += oneIf(o.AccountCreated)
	one.Portal += oneIf(o.PortalConsulted)
	one.Mailbox += oneIf(o.MailboxCreated)
	one.All += oneIf(o.AccountCreated && o.PortalConsulted && o.MailboxCreated)
}

func oneIf(is bool) int {
	if is {
		return 1
	}
	return 0
}

// judgedObjective says whether the aim is reached, by the counts and not by the rounded percentage.
func judgedObjective(o rest.OutcomeObjective) rest.OutcomeObjective {
	o.Target = outcomeTarget
	if o.Finished == 0 {
		return o
	}
	percent, status := (o.All*200+o.Finished)/(2*o.Finished), "not_met"
	if o.All*100 >= outcomeTarget*o.Finished {
		status = "met"
	}
	o.Percent, o.Status = &percent, &status
	return o
}

// learnt are what was learnt, by family or item.
type learnt map[string]*rest.OutcomeGain

func (g learnt) add(all map[string]events.Gain) {
	for code, gain := range all {
		if g[code] == nil {
			g[code] = &rest.OutcomeGain{Code: code}
		}
		line := g[code]
		line.N++
		line.Gained += oneIf(gain.After > gain.Before)
		line.AloneBefore += oneIf(gain.Before >= alone)
		line.AloneAfter += oneIf(gain.After >= alone)
	}
}

func (g learnt) lines() []rest.OutcomeGain {
	list := []rest.OutcomeGain{}
	for _, code := range slices.Sorted(maps.Keys(g)) {
		list = append(list, *g[code])
	}
	return list
}

func servicesIn(presented map[string][]string) []rest.OutcomeService {
	n := tallies{}
	for _, services := range presented {
		n.add(services...)
	}
	list := []rest.OutcomeService{}
	for code, sessions := range n {
		list = append(list, rest.OutcomeService{Code: code, Sessions: sessions})
	}
	slices.SortFunc(list, func(a, b rest.OutcomeService) int { return cmp.Compare(a.Code, b.Code) })
	return list
}
