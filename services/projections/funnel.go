package projections

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const funnelCaveat = "Ces chiffres ne portent que sur les personnes signalées, et les signalements récents n'ont pas encore eu le temps d'aboutir."

// funnelKeys say by what a series may be.
var funnelKeys = map[string]string{
	"": "''", "month": "left(f.finding_date, 7)", "department": "f.department", "desk": "f.desk", "channel": "f.channel", "programme": "f.programme",
}

var funnelReach = columns{
	fund: "f.fund = any(?::text[])", desk: "f.desk = any(?::text[])", author: "f.author = any(?::text[])",
}

var funnelOfProvider = columns{provider: "r.provider_id = any(?::text[])"}

// funnelRow counts flags of one key that are in one part.
type funnelRow struct {
	Key       string `json:"key"`
	Part      string `json:"part"`
	N         int    `json:"n"`
	Validated int    `json:"validated"`
	Referred  int    `json:"referred"`
	Accepted  int    `json:"accepted"`
	Seated    int    `json:"seated"`
}

// GetFunnel counts how far the flags of a period have come.
func (s *Service) GetFunnel(ctx context.Context, request rest.GetFunnelRequestObject) (rest.GetFunnelResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadFunnel)
	if err != nil {
		return nil, err
	}
	p := request.Params
	period, err := periodOf(p.From, p.To, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	f := &filter{}
	c, err := count[funnelRow](ctx, s, s.funnel(f, a, p, period), f.args)
	if err != nil {
		return nil, err
	}
	return rest.GetFunnel200JSONResponse(funnelOf(c, p.By, period)), nil
}

// funnel is the statement. A provider's flags are those that were referred to it, with its own referrals only; who has
// another role beside sees the flags of that one with all their referrals.
func (s *Service) funnel(f *filter, a directory.Account, p rest.GetFunnelParams, period period) string {
	seen := s.entitled(f, a, policy.ReadFunnel, funnelReach)
	referred := s.entitled(f, a, policy.ReadFunnel, funnelOfProvider)
	join, referrals := "left join", "model.referral r where r.flag_id is not null"
	switch {
	case referred == "":
		f.and(orNothing(seen))
	case seen == "":
		join, referrals = "join", referrals+" and "+referred
	default:
		referrals = "model.referral r join model.flag f on f.id = r.flag_id where " + either([]string{seen, referred})
		f.and(either([]string{seen, "w.flag_id is not null"}))
	}
	f.and("f.finding_date between ? and ?", period.from, period.to)
	f.same("f.fund", p.Fund)
	f.same("f.department", p.Department)
	f.same("f.desk", p.Desk)
	f.same("f.programme", p.Programme)
	f.same("f.channel", p.Channel)
	return `
select key, part, count(*) as n, count(*) filter (where validated) as validated, count(*) filter (where referred) as referred,
  count(*) filter (where accepted) as accepted, count(*) filter (where seated) as seated
from (
  select ` + funnelKeys[the(p.By)] + ` as key, f.status = 'validated' as validated, w.flag_id is not null as referred, w.accepted, w.seated,
    case when w.best = 1 then 'seated' when w.best = 2 then 'waiting' when w.best = 3 then 'asked'
      when w.declined = greatest(w.declined, w.expired, w.withdrawn) then 'declined'
      when w.expired = greatest(w.expired, w.withdrawn) then 'expired' when w.withdrawn is not null then 'withdrawn'
      when f.help in ('none', 'closed') then 'no_help' when f.status = 'submitted' and not f.may_refer then 'to_review' else 'to_refer' end as part
  from model.flag f ` + join + ` (
    select r.flag_id, bool_or(r.accepted_at is not null) as accepted, bool_or(r.seated_at is not null) as seated,
      min(case when r.status in ('enrolled', 'in_progress', 'completed') then 1 when r.status in ('waitlisted', 'offered') then 2
        when r.status in ('requested', 'in_study', 'advised') then 3 else 4 end) as best,
      max(r.opened_at) filter (where r.status = 'declined') as declined, max(r.opened_at) filter (where r.status = 'expired') as expired,
      max(r.opened_at) filter (where r.status = 'withdrawn') as withdrawn
    from ` + referrals + ` group by r.flag_id) w on w.flag_id = f.id
  where ` + f.String() + `) flag
group by key, part`
}

func funnelOf(c tally[funnelRow], by *string, p period) rest.Funnel {
	total, series := rest.FunnelLine{}, newSeries[rest.FunnelLine](by, p)
	for _, row := range c.Rows {
		row.into(&total)
		if by != nil {
			row.into(series.line(row.Key))
		}
	}
	return rest.Funnel{
		N: total.N, From: p.from, To: p.to, Basis: cohort, By: by, Stages: total.Stages, Parts: total.Parts,
		Series: series.sorted(func(l *rest.FunnelLine, key string) { l.Key = key }), Positions: c.At, Caveat: funnelCaveat,
	}
}

func (r funnelRow) into(l *rest.FunnelLine) {
	l.N += r.N
	l.Stages.Flagged += r.N
	l.Stages.Validated += r.Validated
	l.Stages.Referred += r.Referred
	l.Stages.Accepted += r.Accepted
	l.Stages.Seated += r.Seated
	*map[string]*int{
		"seated": &l.Parts.Seated, "waiting": &l.Parts.Waiting, "asked": &l.Parts.Asked, "declined": &l.Parts.Declined, "expired": &l.Parts.Expired,
		"withdrawn": &l.Parts.Withdrawn, "to_refer": &l.Parts.ToRefer, "to_review": &l.Parts.ToReview, "no_help": &l.Parts.NoHelp,
	}[r.Part] += r.N
}
