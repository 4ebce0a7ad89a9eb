package referral

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/referral/domain"
)

// mostAlternatives are tried one after the other: somebody else may take a seat meanwhile.
const mostAlternatives = 5

// onAlternativeHeld looks once more: help may have ended while the seat was sought.
func (s *Service) onAlternativeHeld(ctx context.Context, e events.AlternativeHeld, h feed.Heard, key ledger.Key) error {
	return s.followFlag(ctx, e.FlagID, h, key)
}

// onAlternativeEnded seeks again when the other session does not take place either.
func (s *Service) onAlternativeEnded(ctx context.Context, e events.AlternativeEnded, h feed.Heard, key ledger.Key) error {
	if e.Reason != "cancelled" {
		return nil
	}
	return s.seek(ctx, e.ReferralID, h, key)
}

// seek asks for a seat on what suits somebody best, now that their own session does not take place.
func (s *Service) seek(ctx context.Context, referral string, h feed.Heard, key ledger.Key) error {
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	r, _, err := s.referrals.Get(ctx, referral)
	if err != nil || r.Status != domain.Cancelled {
		return err
	}
	sessions, err := s.nextBest(ctx, r.FlagID)
	if err != nil {
		return err
	}
	return engine.React(ctx, s.referrals, referral, domain.SeekAlternative{ReferralID: referral, SessionIDs: sessions, At: s.Clock.Now()}, h, key)
}

// forgo gives up the seats that are kept for the person of a flag, but for one on the session they are sent to.
func (s *Service) forgo(ctx context.Context, flag, but, reason string, h feed.Heard, key ledger.Key) error {
	type alternative struct{ ReferralID, SessionID string }
	list, err := engine.Rows[alternative](ctx, s.Pool, s.knows, `select referral_id, session_id from model.alternative where flag_id = $1 and session_id <> $2`, flag, but)
	for _, a := range list {
		if err == nil {
			err = engine.React(ctx, s.referrals, a.ReferralID, domain.ForgoAlternative{
				ReferralID: a.ReferralID, SessionID: a.SessionID, Reason: reason, At: s.Clock.Now(),
			}, h, keyFor(key, "forgo "+a.ReferralID))
		}
	}
	return err
}

// nextBest are the sessions with a free seat that suit the person of a flag, the best first.
func (s *Service) nextBest(ctx context.Context, flag string) (ids []string, err error) {
	person, ok, err := s.inNeed(ctx, flag)
	if err != nil || !ok {
		return nil, err
	}
	index, err := s.around(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, o := range matching.Match(index, person).Offers {
		if o.Session != nil && (o.Session.Mode == "webinar" || o.Session.Free > 0) && len(ids) < mostAlternatives {
			ids = append(ids, o.ID())
		}
	}
	return ids, nil
}

var errNoSheet = errors.New("no sheet of a person is known")

// sealedNeed is what was told of somebody, as it was sealed.
type sealedNeed struct {
	Fund, Programme, Department, PersonID string
	Channel, Subject, Fact                string
	Box                                   []byte
	PersonFact                            string
	PersonBox                             []byte
}

// inNeed opens what is known of the person of a flag; ok is false where nobody is to be sent anywhere.
func (s *Service) inNeed(ctx context.Context, flag string) (p matching.Person, ok bool, err error) {
	row, err := one[sealedNeed](ctx, s, errNoSheet, `
select f.fund, f.programme, f.department, f.person_id, c.channel, c.subject, c.fact, c.box, p.fact as person_fact, p.box as person_box
from model.flag f join model.sheet c on c.flag_id = f.id join model.person p on p.id = f.person_id
where f.id = $1 and f.ended = '' and f.erasure = '' and not exists (select from model.dead d where d.person_id = f.person_id)`, flag)
	if errors.Is(err, errNoSheet) {
		return p, false, nil
	} else if err != nil {
		return p, false, err
	}
	sheet, err := s.sheet(ctx, flag, row)
	if err != nil {
		return p, false, err
	}
	details := events.Shut[events.Person](row.PersonID, row.PersonBox)
	if err := s.Vault.Unseal(ctx, "person:"+row.PersonID, row.PersonFact, &details); err != nil {
		return p, false, err
	}
	person, ok := details.Value()
	p = matching.PersonOn(sheet, person, matching.Flag{Fund: row.Fund, Programme: row.Programme, Department: row.Department, Channel: row.Channel}, s.Clock.Now())
	known, err := s.flag(ctx, flag)
	p.Asked = map[string]bool{}
	for _, id := range known.Open {
		p.Asked[id] = true
	}
	return p, ok, err
}

// sheet opens a sheet as it was filled in, or as it was amended last.
func (s *Service) sheet(ctx context.Context, flag string, row sealedNeed) (events.Sheet, error) {
	if row.Fact == events.Name(events.FlagAmended{}) {
		details := events.Shut[events.Amendment](row.Subject, row.Box)
		err := s.Vault.Unseal(ctx, "flag:"+flag, row.Fact, &details)
		said, _ := details.Value()
		return said.Sheet, err
	}
	details := events.Shut[events.Sheet](row.Subject, row.Box)
	err := s.Vault.Unseal(ctx, "flag:"+flag, row.Fact, &details)
	sheet, _ := details.Value()
	return sheet, err
}

// offeredRow is a session that takes requests.
type offeredRow struct {
	Plan             json.RawMessage
	Own              int
	RenewedAt        time.Time
	Status           string
	Taken, Waiting   int
	Fund, Department *string
}

// Around somebody, as far as anybody looks; sessions at a distance are near to everybody. Few sessions take requests at a time.
const aroundSomebody = `
select p.plan, p.own, p.renewed_at, s.status, q.fund, q.department,
  (select count(*) from model.seat t where t.session_id = s.id and t.seat in ('taken', 'held'))::int +
  (select count(*) from model.alternative a where a.session_id = s.id)::int as taken,
  (select count(*) from model.seat t where t.session_id = s.id and t.status in ('waitlisted', 'offered'))::int as waiting
from model.session s join model.plan p on p.session_id = s.id left join model.provider q on q.id = s.provider_id
where s.status in ('open', 'confirmed') and s.registration_closes_at > $1 and s.first_meeting > $1
  and (p.lat is null or p.plan->>'mode' in ('video', 'phone', 'hybrid', 'webinar') or $4 or p.lat between $2 - 1 and $2 + 1 and p.lon between $3 - 1.5 and $3 + 1.5)
order by s.first_meeting limit 2000`

func (s *Service) around(ctx context.Context, p matching.Person) (*matching.Index, error) {
	rows, err := engine.Rows[offeredRow](ctx, s.Pool, s.knows, aroundSomebody, s.Clock.Now(), p.Where.Lat, p.Where.Lon, p.Where.Precision == matching.Nowhere)
	index := matching.NewIndex()
	for _, row := range rows {
		session, err := s.offered(row)
		if err != nil {
			return nil, err
		}
		index.PutSession(session)
	}
	return index, err
}

func (s *Service) offered(row offeredRow) (m matching.Session, err error) {
	if err := json.Unmarshal(row.Plan, &m.SessionPlanned); err != nil {
		return m, fmt.Errorf("plan of a session: %w", err)
	}
	department := engine.Value(row.Department)
	m.Fund, m.Status, m.Renewed, m.Waiting = engine.Value(row.Fund), row.Status, row.RenewedAt, row.Waiting
	if p, ok := s.Directory().Provider(m.ProviderID); ok {
		m.Fund, department = p.Fund, p.Department
	}
	m.Free, m.Where = max(0, m.Capacity-row.Own-row.Taken), matching.WhereIs(m.Insee, department)
	return m, nil
}
