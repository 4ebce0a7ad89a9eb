package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// End is heard when help ends for the flag, because of something told of the person, or when the person is to be erased.
type End struct {
	ReferralID string
	Because    string    // as the flag says it: deceased, moved, duplicate, objected, consent_withdrawn, or what came of it; or why somebody is erased: request, retention, error
	Begins     time.Time // the session; zero: not known
	At         time.Time
}

// endReasons are the reasons of a withdrawal for those of a flag.
var endReasons = map[string]string{
	"deceased": "deceased", "moved": "moved", "duplicate": "entered_in_error", "objected": "consent_withdrawn", "consent_withdrawn": "consent_withdrawn",
	"request": "consent_withdrawn", "retention": "consent_withdrawn", "error": "entered_in_error",
	"autonomous": "helped_elsewhere", "helped": "helped_elsewhere", "helped_on_the_spot": "helped_elsewhere", "refused_by_person": "changed_mind",
	"unreachable": "changed_mind", "nothing_suitable": "changed_mind", "entered_in_error": "entered_in_error",
}

// Decide takes an open referral back, the seat too. Who has a seat on a session that has begun was there: that stays.
func (e End) Decide(r Referral) ([]events.Referral, error) {
	begun := r.Status == InProgress || r.Status == Enrolled && !e.Begins.IsZero() && !e.At.Before(e.Begins)
	if !r.exists() || !r.Open() || begun {
		return nil, nil
	}
	return tell(events.ReferralWithdrawn{
		ReferralID: r.ID, FlagID: r.FlagID, SessionID: r.SessionID, Reason: endReasons[e.Because], At: e.At,
	})
}

// HandOver is heard when another desk is in charge of the flag.
type HandOver struct {
	ReferralID, Desk, Department string
	At                           time.Time
}

// Decide hands an open referral over.
func (h HandOver) Decide(r Referral) ([]events.Referral, error) {
	if !r.exists() || !r.Open() || r.Desk == h.Desk {
		return nil, nil
	}
	return tell(events.ReferralHandedOver{ReferralID: r.ID, FlagID: r.FlagID, SessionID: r.SessionID, Desk: h.Desk, Department: h.Department, At: h.At})
}
