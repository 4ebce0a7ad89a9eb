package detection

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

var (
	errMayNotClose   = refusal.New(refusal.Forbidden, "forbidden", "Only the partnership officer closes a campaign.")
	errNoProgramme   = refusal.New(refusal.NotFound, "unknown_programme", "Your fund has no such programme that observes anything.")
	errMonthMissing  = refusal.Faults{{Field: "month", Code: "required", Detail: "Say which month of this permanent programme is closed."}}
	errMonthTooMuch  = refusal.Faults{{Field: "month", Code: "not_monthly", Detail: "This is one campaign, without months. Leave the month out."}}
	longestToClose   = time.Minute
	observationsOpen = `select observation_id, subject, fact, box from model.observation where campaign_id = $1`
)

const anyMonth = "0000-00" // nothing was observed in it

// CloseCampaign publishes the observations of a campaign and destroys its key.
func (s *Service) CloseCampaign(ctx context.Context, r rest.CloseCampaignRequestObject) (rest.CloseCampaignResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.CloseCampaign) {
		return nil, errMayNotClose
	}
	programme, month := s.programme(r.ID), engine.Value(r.Body.Month)
	id, monthly := domain.CampaignOf(programme, cmp.Or(month, anyMonth))
	switch {
	case id == "", policy.Can(account, policy.CloseCampaign, policy.Resource{Fund: programme.Fund}) != policy.Allowed:
		return nil, errNoProgramme
	case monthly == "" && month != "":
		return nil, errMonthTooMuch
	case monthly != "" && month == "":
		return nil, errMonthMissing
	}
	ctx, cancel := context.WithTimeout(ctx, longestToClose)
	defer cancel()
	if err := s.end(ctx, id, domain.EndCampaign{Over: domain.Over(programme, monthly, s.Clock.Now()), By: account.ID, At: s.Clock.Now()}); err != nil {
		return nil, err
	}
	c := &closing{service: s, id: id, CloseCampaign: domain.CloseCampaign{By: account.ID, At: s.Clock.Now()}}
	done, err := engine.Command(ctx, s.campaigns, "campaign", id, c, func(c domain.Campaign, _ int) any {
		return rest.CampaignState{Campaign: c.ID, Status: "closed", Observations: c.Observations}
	})
	if err != nil {
		return nil, err
	}
	s.destroyCampaign(ctx, done.State)
	body, err := engine.Answered[rest.CampaignState](done)
	return rest.CloseCampaign200JSONResponse{Body: body, Headers: rest.CloseCampaign200ResponseHeaders{
		ETag: web.ETag("campaign", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// end says that nothing is observed any more. The closing follows; where it does not, because the process ends between
// the two, the next start goes on with it, see settleCampaigns.
func (s *Service) end(ctx context.Context, id string, e domain.EndCampaign) error {
	_, err := s.campaigns.Handle(ctx, id, e, decider.Call[domain.Campaign]{Actor: e.By, Correlation: web.RequestID(ctx)})
	return err
}

// closeDue closes a month three months after its end.
func (s *Service) closeDue(ctx context.Context, due deadline.Due, key ledger.Key) error {
	if err := s.end(ctx, due.Aggregate, domain.EndCampaign{Over: true, At: s.Clock.Now()}); err != nil {
		return err
	}
	return s.closeEnded(ctx, due.Aggregate, "", key)
}

// closeEnded closes a campaign that has ended, unless somebody else does at this moment.
func (s *Service) closeEnded(ctx context.Context, id, by string, key ledger.Key) error {
	c := &closing{service: s, id: id, CloseCampaign: domain.CloseCampaign{By: by, At: s.Clock.Now()}}
	if err := engine.React(ctx, s.campaigns, id, c, feed.Heard{}, key); err != nil {
		return err
	}
	campaign, _, err := s.campaigns.Get(ctx, id)
	if err == nil {
		s.destroyCampaign(ctx, campaign)
	}
	return err
}

// closing is a closing, with all that was observed until the campaign's end.
type closing struct {
	domain.CloseCampaign
	service *Service
	id      string
}

// Look reads the observations, and forgets whose they are and in which order they came.
func (c *closing) Look(ctx context.Context) (seen map[string]int, err error) {
	c.Rows, err = c.service.observationsOf(ctx, c.id)
	c.service.mix(c.Rows)
	return nil, err
}

func (s *Service) observationsOf(ctx context.Context, campaign string) ([]events.Observation, error) {
	if err := s.caughtUp(ctx); err != nil {
		return nil, err
	}
	type row struct {
		ObservationID, Subject, Fact string
		Box                          []byte
	}
	sealed, err := engine.Rows[row](ctx, s.Pool, s.knows, observationsOpen, campaign)
	if err != nil {
		return nil, err
	}
	list := make([]events.Observation, 0, len(sealed))
	for _, one := range sealed {
		details := events.Shut[events.Observed](one.Subject, one.Box)
		if err := s.Vault.Unseal(ctx, "observation:"+one.ObservationID, one.Fact, &details); err != nil {
			return nil, err
		}
		if o, readable := details.Value(); readable {
			list = append(list, o.Observation)
		}
		s.observations.Forget(one.ObservationID) // nobody corrects it any more
	}
	return list, nil
}

// caughtUp waits until what the service knows is all that it has told.
func (s *Service) caughtUp(ctx context.Context) error {
	head, err := s.Ledger.Head(ctx)
	if err != nil {
		return err
	}
	return s.knows.Hub.Wait(ctx, Name, head.Position)
}

// mix leaves nothing of the order in which rows came, nor of which one was reclassified.
func mix(rows []events.Observation) {
	shuffle(rows)
	mixFirst(rows)
}

// mixFirst gives the institutions before reclassification to other rows of the same desk, department, channel and month.
func mixFirst(rows []events.Observation) {
	type place struct{ desk, department, channel, month string }
	mixed, first := map[place]bool{}, map[place][]string{}
	for _, r := range rows {
		at := place{r.Desk, r.Department, r.Channel, r.Month}
		mixed[at] = mixed[at] || r.First != ""
		first[at] = append(first[at], cmp.Or(r.First, r.Institution))
	}
	for _, list := range first {
		shuffle(list)
	}
	for i, r := range rows {
		at := place{r.Desk, r.Department, r.Channel, r.Month}
		if mixed[at] {
			rows[i].First, first[at] = first[at][0], first[at][1:]
		}
	}
}

func shuffle[T any](rows []T) {
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails
	mathrand.New(mathrand.NewChaCha8(seed)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
}

// destroyCampaign destroys the key of a closed campaign. What fails is done again, see settleCampaigns.
func (s *Service) destroyCampaign(ctx context.Context, c domain.Campaign) {
	if !c.Closed {
		return
	}
	if err := s.destroy(ctx, c.Subject); err != nil {
		select {
		case s.unclosed <- struct{}{}:
		default:
		}
	}
}

// settleCampaigns finishes what was begun: it closes campaigns that have ended, and destroys the keys of closed ones.
// At the start these are there still because the process ended between two steps, or because they came back from a
// backup; later those keys that could not be destroyed.
func (s *Service) settleCampaigns(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := cmp.Or(s.finishEnded(ctx), s.destroyClosed(ctx)); err != nil && ctx.Err() == nil {
			if away := new(web.Problem); !errors.As(err, &away) { // at the start the read model is being built
				s.Log.Warn("a campaign is not closed, or its key not destroyed", "reason", feed.Reason(err))
			}
			select {
			case <-ctx.Done():
			case <-time.After(settleAgain):
			}
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.unclosed:
		}
	}
	return nil
}

// finishEnded closes campaigns of which the end was told and nothing after it.
func (s *Service) finishEnded(ctx context.Context) error {
	if err := s.caughtUp(ctx); err != nil {
		return err
	}
	type ended struct{ CampaignID, By string }
	rows, err := engine.Rows[ended](ctx, s.Pool, s.knows, `select campaign_id, ended_by as by from model.campaign where ended_by is not null and not closed`)
	for _, r := range rows {
		err = cmp.Or(s.closeEnded(ctx, r.CampaignID, r.By, ledger.Key{}), err)
	}
	return err
}

func (s *Service) destroyClosed(ctx context.Context) error {
	if err := s.caughtUp(ctx); err != nil {
		return err
	}
	type closed struct{ Subject string }
	rows, err := engine.Rows[closed](ctx, s.Pool, s.knows, `select subject from model.campaign where closed`)
	if err != nil {
		return err
	}
	subjects := make([]string, len(rows))
	for i, r := range rows {
		subjects[i] = r.Subject
	}
	alive, err := s.Vault.Alive(ctx, subjects)
	if err != nil {
		return err
	}
	return s.destroyAll(ctx, alive)
}
