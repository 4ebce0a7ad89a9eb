package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.org/passerelle/api/client"
)

// act is one command. Acts of one lane come one after the other, in the order of the wave; an empty lane is
// nobody else's.
type act interface {
	do(ctx context.Context, p *play, key client.RequestEditorFn) error
	lane(s *Story) string
}

type (
	registerProvider struct{ provider int }
	registerItem     struct{ item int }
	planSession      struct{ session int }
	flagSenior       struct{ flag int }
	validate         struct {
		flag     int
		referent string
	}
	refer   struct{ referral int }
	accept  struct{ referral int }
	decline struct {
		referral        int
		reason, message string
	}
	withdraw struct {
		referral   int
		reason     string
		waitlisted bool // only if the person waits
	}
)

func (registerProvider) lane(*Story) string { return "" }
func (registerItem) lane(*Story) string     { return "items" } // the first of a pool is lent first
func (planSession) lane(*Story) string      { return "" }
func (flagSenior) lane(*Story) string       { return "" }
func (validate) lane(*Story) string         { return "" }
func (refer) lane(*Story) string            { return "" }
func (a accept) lane(s *Story) string       { return s.answers(a.referral) }
func (a decline) lane(s *Story) string      { return s.answers(a.referral) }
func (withdraw) lane(*Story) string         { return "" }

// answers are given one by one by each provider: who comes first has the seat, and the tablet.
func (s *Story) answers(referral int) string {
	return fmt.Sprintf("provider %d", s.sessions[s.referrals[referral].session].provider)
}

func (a flagSenior) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	f := p.flags[a.flag]
	made, err := p.as(f.author).CreateFlagWithResponse(ctx, f.sheet, key)
	if err == nil {
		p.flagIDs[a.flag] = made.JSON201.ID
	}
	return err
}

func (a validate) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	_, err := p.as(a.referent).ValidateFlagWithResponse(ctx, p.flagIDs[a.flag], key)
	return err
}

func (a refer) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	r := p.referrals[a.referral]
	body := client.NewReferral{FlagID: p.flagIDs[r.flag], SessionID: &p.sessionIDs[r.session]}
	if r.follows >= 0 {
		body.Follows = &p.referralIDs[r.follows]
	}
	made, err := p.as(p.flags[r.flag].referrer).CreateReferralWithResponse(ctx, body, key)
	if err == nil {
		p.referralIDs[a.referral] = made.JSON201.ID
	}
	return err
}

func (a accept) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	r := p.referrals[a.referral]
	answer, err := p.answering(r).AcceptRequestWithResponse(ctx, p.sessionIDs[r.session], p.referralIDs[a.referral], key)
	var problem *client.Problem
	if errors.As(err, &problem) && problem.Code == "waiting_list_full" {
		return decline{referral: a.referral, reason: "session_full"}.do(ctx, p, key)
	}
	if err == nil {
		p.waits[a.referral] = answer.JSON200.Status == "waitlisted"
	}
	return err
}

func (a decline) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	r := p.referrals[a.referral]
	body := client.Decline{Reason: a.reason}
	if a.message != "" {
		body.Message = &a.message
	}
	_, err := p.answering(r).DeclineRequestWithResponse(ctx, p.sessionIDs[r.session], p.referralIDs[a.referral], body, key)
	return err
}

func (a withdraw) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	if a.waitlisted && !p.waits[a.referral] {
		return nil
	}
	referrer := p.flags[p.referrals[a.referral].flag].referrer
	_, err := p.as(referrer).WithdrawReferralWithResponse(ctx, p.referralIDs[a.referral], client.Withdrawal{Reason: a.reason}, key)
	return err
}

func (a registerItem) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	it := p.items[a.item]
	pool := it.poolID
	if it.pool >= 0 {
		pool = p.providerIDs[it.pool]
	}
	_, err := p.as(it.by).CreateItemWithResponse(ctx, client.NewItem{Pool: pool, Kind: it.kind, AssetTag: it.assetTag}, key)
	return err
}

func (a planSession) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	s := p.sessions[a.session]
	who := p.providers[s.provider]
	made, err := p.as(who.account).CreateSessionWithResponse(ctx, s.body(p.providerIDs[s.provider], who), key)
	if err == nil {
		p.sessionIDs[a.session] = made.JSON201.ID
	}
	return err
}

const meetingLasts = 2 * time.Hour

func (s session) body(provider string, who provider) client.NewSession {
	b := client.NewSession{
		ProviderID: provider, Title: s.title, Mode: s.mode, Skills: s.skills, Languages: []string{s.language}, Capacity: &s.capacity,
		Minimum: &s.minimum, Accessible: &s.accessible, LendsEquipment: &s.lends, Labelled: &s.labelled, Transport: &s.transport, Level: &s.level,
		AssessmentRequired: &s.assessment, Draft: &s.draft, WaitingLimit: s.waitingLimit,
	}
	if s.mode == "in_person" || s.mode == "hybrid" {
		b.Insee, b.Place = &who.commune.insee, ptr(fmt.Sprintf("%s, %s", s.street, who.commune.name))
	}
	if s.mode == "webinar" {
		b.Capacity = nil
	}
	if s.immediate {
		b.Booking = ptr("immediate")
	}
	for _, at := range s.meetings {
		b.Meetings = append(b.Meetings, client.Meeting{StartsAt: at, EndsAt: at.Add(meetingLasts)})
	}
	return b
}

func (a registerProvider) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	one := p.providers[a.provider]
	made, err := p.as(one.account).CreateProviderWithResponse(ctx, client.NewProvider{
		Name: one.name, Insee: one.commune.insee, Street: &one.street, Phone: &one.phone, ContactEmail: &one.email,
	}, key)
	if err == nil {
		p.providerIDs[a.provider] = made.JSON201.ID
	}
	return err
}
