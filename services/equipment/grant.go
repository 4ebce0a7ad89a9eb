package equipment

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

// What is promised to each unless the decision says something else: six hours.
const sixHours = 360

var (
	errNoProgrammes = refusal.New(refusal.Forbidden, "forbidden", "Only the partnership officer of the fund says what a programme gives.")
	errNoAsking     = refusal.New(refusal.Forbidden, "forbidden", "Advisors, evaluators and referents ask for equipment, and who looks after it.")
	errOtherFund    = refusal.Faults{{Field: "programme", Code: "other_fund", Detail: "Another fund has a programme of this name. Choose another one."}}
	errNobody       = refusal.Faults{{Field: "person_id", Code: "unknown_person", Detail: "There is no such person whom you may ask for."}}
)

// OpenGrant says what a programme gives, for the first time or anew.
func (s *Service) OpenGrant(ctx context.Context, r rest.OpenGrantRequestObject) (rest.OpenGrantResponseObject, error) {
	account := s.Account(ctx)
	if policy.Can(account, policy.ManageProgramme, policy.Resource{Fund: account.Fund}) != policy.Allowed {
		return nil, errNoProgrammes
	}
	before, _, err := s.grants.Get(ctx, r.Body.Programme)
	if err != nil {
		return nil, err
	}
	if before.Rules.Version > 0 && before.Rules.Fund != account.Fund {
		return nil, errOtherFund
	}
	minutes := sixHours
	if r.Body.Minutes != nil {
		minutes = *r.Body.Minutes
	}
	open := domain.OpenGrant{
		Programme: r.Body.Programme, Fund: account.Fund, Decision: r.Body.Decision, Quota: r.Body.Quota, Minutes: minutes,
		ConnectionMonths: engine.Value(r.Body.ConnectionMonths), From: r.Body.From, To: r.Body.To, By: account.ID, At: s.Clock.Now(),
	}
	done, err := engine.Command(ctx, s.grants, "grant", open.Programme, open, grantState)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.Grant](done)
	return rest.OpenGrant201JSONResponse{Body: body, Headers: rest.OpenGrant201ResponseHeaders(grantHeads(done))}, err
}

func grantState(g domain.Grants, _ int) any {
	left := g.Left()
	return rest.Grant{
		Programme: g.Rules.Programme, Version: g.Rules.Version, Decision: g.Rules.Decision, Quota: left.Quota, Counted: left.Counted, Free: left.Free,
		Equipped: left.Equipped, Completed: left.Completed, Minutes: g.Rules.Minutes, MinutesDue: left.MinutesDue, MinutesUsed: left.MinutesUsed,
		ConnectionMonths: g.Rules.ConnectionMonths, From: g.Rules.From, To: g.Rules.To,
	}
}

func grantHeads(done decider.Done[domain.Grants]) headers {
	return headers{ETag: web.ETag("grant", done.Version), PasserellePosition: web.Position(Name, done.Position)}
}

// RequestEntitlement asks for somebody, by one of the flags the caller looks after.
func (s *Service) RequestEntitlement(ctx context.Context, r rest.RequestEntitlementRequestObject) (rest.RequestEntitlementResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.AskEntitlement) {
		return nil, errNoAsking
	}
	flag, err := s.meant(ctx, r.Body.PersonID)
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, r.Body.PersonID)
	now, account := s.Clock.Now(), s.Account(ctx)
	ask := domain.RequestEntitlement{
		EntitlementID: engine.NewID(), PersonID: r.Body.PersonID, FlagID: flag.ID, Fund: flag.Fund, Eligible: flag.Meant,
		Manager: policy.Can(account, policy.ApproveEntitlement, flag.on()) == policy.Allowed,
		By:      account.ID, Today: reference.Day(now), At: now,
	}
	if policy.Can(account, policy.Derogate, flag.on()) == policy.Allowed {
		ask.Derogation = engine.Value(r.Body.Reason)
	}
	done, err := engine.Command(ctx, s.grants, "grant", r.Body.Programme, ask, entitlementState(ask.EntitlementID))
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.EntitlementState](done)
	return rest.RequestEntitlement201JSONResponse{Body: body, Headers: rest.RequestEntitlement201ResponseHeaders(grantHeads(done))}, err
}

func entitlementState(id string) func(domain.Grants, int) any {
	return func(g domain.Grants, _ int) any {
		e := g.Entitlement(id)
		return rest.EntitlementState{
			ID: id, Programme: g.Rules.Programme, PersonID: e.PersonID, Status: e.Status, Minutes: e.Minutes, Used: e.Used, Left: e.Left(),
			ItemID: some(e.ItemID), ProviderID: some(e.ProviderID), User: some(e.Account), ConnectionFrom: some(e.ConnectionFrom), ConnectionTo: some(e.ConnectionTo),
		}
	}
}

// flagOf is a flag as far as a grant rests on it.
type flagOf struct {
	ID, Fund, Department, Desk, Author string
	Meant                              bool // by the sheet
}

func (f flagOf) on() policy.Resource {
	return policy.Resource{Fund: f.Fund, Department: f.Department, Desk: f.Desk, Author: f.Author}
}

// meant is the flag under which the caller may ask for somebody: one whose sheet speaks for it, else the newest.
func (s *Service) meant(ctx context.Context, person string) (flagOf, error) {
	account := s.Account(ctx)
	return web.Find(ctx, func(ctx context.Context) (flagOf, error) {
		flags, err := engine.Rows[flagOf](ctx, s.Pool, s.knows,
			`select id, fund, department, desk, author, meant from model.flag where person_id = $1 order by meant desc, id desc`, person)
		for _, f := range flags {
			if policy.Can(account, policy.AskEntitlement, f.on()) == policy.Allowed {
				return f, nil
			}
		}
		if err == nil {
			err = errNobody
		}
		return flagOf{}, err
	})
}

type granting = decider.Command[domain.Grants, events.Grant]
