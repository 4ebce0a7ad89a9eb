package domain

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
)

// both is a pair: the person of opening, and somebody of the same house.
func both(change func(*OpenPair)) OpenPair {
	p := OpenPair{First: opening(nil), Second: opening(func(o *Open) { o.ReferralID, o.Flag.ID, o.Flag.PersonID = "r2", "f2", "p2" })}
	if change != nil {
		change(&p)
	}
	return p
}

func openedTogether(parted bool) (first, second events.ReferralOpened) {
	first, second = opened, opened
	second.ReferralID, second.FlagID, second.PersonID = "r2", "f2", "p2"
	first.Together, second.Together, first.MayPart, second.MayPart = "r2", "r1", parted, parted
	return first, second
}

// TestP18_TwoReferralsAreOneDecision: they name each other, and each takes a place of its own flag.
func TestP18_TwoReferralsAreOneDecision(t *testing.T) {
	t.Parallel()
	first, second := openedTogether(false)
	given(t).When(both(nil)).Then(first, second)
	first, second = openedTogether(true)
	given(t).When(both(func(p *OpenPair) { p.MayPart = true })).Then(first, second)

	one := Evolve(Referral{}, first)
	take, release := Claims(one, second)
	if want := []string{"referral:f2:s1", "referral-slot:f2:1"}; !slices.Equal(take, want) || release != nil || one.Together != "r2" {
		t.Error(take, release, one)
	}
	if flag := FlagOf(take[1]); flag != "f2" {
		t.Error(flag)
	}
}

// TestP18_WhatRefusesOneOfThemRefusesBoth, and says of whom it speaks.
func TestP18_WhatRefusesOneOfThemRefusesBoth(t *testing.T) {
	t.Parallel()
	given(t).When(both(func(p *OpenPair) { p.Second.Flag.PersonID = "p1" })).Faults("together_with same_person")
	given(t).When(both(func(p *OpenPair) { p.First.Flag.MayRefer = false })).Refused(ErrNotValidated)
	_, err := both(func(p *OpenPair) { p.Second.Flag.MayRefer = false }).Decide(Referral{})
	if err == nil || err.Error() != "Of who comes along: "+ErrNotValidated.Text {
		t.Error(err)
	}
	_, err = both(func(p *OpenPair) { p.Second.Flag.Open = []string{"s1"} }).Decide(Referral{})
	if err == nil || err.Error() != "Of who comes along: "+ErrAlreadyAsked.Text {
		t.Error(err)
	}
	given(t, opened).When(both(nil)).Refused(ErrExists)
}
