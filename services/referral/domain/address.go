package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of an address.
var (
	ErrNoPlace    = refusal.New(refusal.NotFound, "unknown_place", "There is no such place. Look for it again in the list of places.")
	ErrNotAddress = refusal.New(refusal.Conflict, "not_an_address", "This referral is to a session, which says itself what came of it.")
)

// GiveAddress tells the person of a flag of a place without sessions.
type GiveAddress struct {
	ReferralID string
	Flag       Flag
	PlaceID    string
	Slot       int // as in Open
	Follows    string
	By         string
	At         time.Time
}

// Decide gives the address.
func (g GiveAddress) Decide(r Referral) ([]events.Referral, error) {
	if r.exists() {
		return nil, ErrExists
	}
	if err := g.Flag.refusal(g.PlaceID, g.Slot); err != nil {
		return nil, err
	}
	return tell(events.AddressGiven{
		ReferralID: g.ReferralID, FlagID: g.Flag.ID, PersonID: g.Flag.PersonID, PlaceID: g.PlaceID, Fund: g.Flag.Fund,
		Programme: g.Flag.Programme, Desk: g.Flag.Desk, Department: g.Flag.Department, Follows: g.Follows, Slot: g.Slot, By: g.By, At: g.At,
	})
}

// results are what may have come of an address.
var results = []string{"helped", "not_helped", "did_not_go", "closed_place", Unreachable}

func followedUp(result string) string {
	if result == Unreachable {
		return Unreachable
	}
	return FollowedUp
}

// FollowUp is what the person says when the desk rings, or that nobody answers.
type FollowUp struct {
	ReferralID, Result string
	By                 string
	At                 time.Time
}

// Decide keeps what came of the address.
func (f FollowUp) Decide(r Referral) ([]events.Referral, error) {
	switch {
	case !r.exists():
		return nil, ErrNoReferral
	case !slices.Contains(results, f.Result):
		return nil, refusal.Faults{{Field: "result", Code: "not_in_list", Detail: "Choose one of the results of the list."}}
	case r.PlaceID == "":
		return nil, ErrNotAddress
	case !r.Open():
		return nil, ErrEnded
	}
	return tell(events.AddressFollowedUp{ReferralID: r.ID, FlagID: r.FlagID, Result: f.Result, By: f.By, At: f.At})
}
