package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// SeekAlternative is heard when the session of somebody does not take place, or the one on which a seat was kept for them.
type SeekAlternative struct {
	ReferralID string
	SessionIDs []string // that suit the person, the best first
	At         time.Time
}

// Decide asks for a seat on the first of them that has one. Nobody is referred without their word.
func (s SeekAlternative) Decide(r Referral) ([]events.Referral, error) {
	if r.Status != Cancelled || len(s.SessionIDs) == 0 {
		return nil, nil
	}
	return tell(events.AlternativeSought{
		ReferralID: r.ID, FlagID: r.FlagID, PersonID: r.PersonID, Desk: r.Desk, SessionIDs: s.SessionIDs, At: s.At,
	})
}

// ForgoAlternative is heard when the person goes elsewhere, or needs no help any more.
type ForgoAlternative struct {
	ReferralID, SessionID, Reason string
	At                            time.Time
}

// Decide gives the kept seat up, once.
func (f ForgoAlternative) Decide(r Referral) ([]events.Referral, error) {
	if !r.exists() || r.sought.IsZero() || r.forgone == f.SessionID {
		return nil, nil
	}
	return tell(events.AlternativeForgone{ReferralID: r.ID, FlagID: r.FlagID, SessionID: f.SessionID, Reason: f.Reason, At: f.At})
}
