package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// NoteReferral is heard when a referral opens for the flag.
type NoteReferral struct {
	FlagID, ReferralID string
	Again              bool // its end was a mistake
	At                 time.Time
}

// Decide says once that help is on its way; not for a referral that ended before it was heard, nor after help ended.
func (n NoteReferral) Decide(f Flag) ([]events.Detection, error) {
	if !f.exists() {
		return nil, ErrNoFlag
	}
	if open, heard := f.referrals[n.ReferralID]; open || heard && !n.Again || f.ended() {
		return nil, nil
	}
	return tell(events.HelpReferred{FlagID: n.FlagID, ReferralID: n.ReferralID, At: n.At})
}

// NoteEnd is heard when a referral ends without a seat.
type NoteEnd struct {
	FlagID, ReferralID string
	At                 time.Time
}

// Decide puts the person back on the desk's list, unless another referral is still open or help has ended.
func (n NoteEnd) Decide(f Flag) ([]events.Detection, error) {
	if !f.exists() {
		return nil, ErrNoFlag
	}
	open, heard := f.referrals[n.ReferralID]
	if heard && !open || f.ended() {
		return nil, nil
	}
	help := HelpToRefer
	if left := f.openReferrals() - count(open); left > 0 {
		help = HelpReferred
	}
	return tell(events.HelpReturned{FlagID: n.FlagID, ReferralID: n.ReferralID, Help: help, At: n.At})
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
