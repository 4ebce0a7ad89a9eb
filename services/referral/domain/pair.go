package domain

import (
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrSamePerson says that a flag was given to come along with itself, or with another one of the same person.
var ErrSamePerson = refusal.Faults{{Field: "together_with", Code: "same_person", Detail: "Name the flag of somebody else, who comes along."}}

// OpenPair asks for two who come together, in one decision: both are referred, or nobody is.
type OpenPair struct {
	First, Second Open // the first is the referral that is commanded
	MayPart       bool // both have said that one may come without the other
}

// Decide opens two referrals that name each other.
func (p OpenPair) Decide(r Referral) ([]events.Referral, error) {
	first, second := p.First, p.Second
	if first.Flag.PersonID != "" && first.Flag.PersonID == second.Flag.PersonID {
		return nil, ErrSamePerson
	}
	first.Together, second.Together = second.ReferralID, first.ReferralID
	first.MayPart, second.MayPart = p.MayPart, p.MayPart
	facts, err := first.Decide(r)
	if err != nil {
		return nil, err
	}
	more, err := second.Decide(Referral{})
	if err != nil {
		return nil, ofOther(err)
	}
	return append(facts, more...), nil
}

// ofOther says of whom a refusal speaks.
func ofOther(err error) error {
	if refused := new(refusal.Refusal); errors.As(err, &refused) {
		return refusal.New(refused.Kind, refused.Code, "Of who comes along: "+refused.Text)
	}
	return err
}
