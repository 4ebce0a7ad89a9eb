package referral

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/referral/rest"
)

// mate is the flag of who comes along. One of another desk is as unknown as one that does not exist.
func (s *Service) mate(ctx context.Context, id string) (domain.Flag, error) {
	return web.Find(ctx, func(ctx context.Context) (domain.Flag, error) { return s.flagOfCaller(ctx, id) })
}

// pairFaults refuses somebody to come along who is not known, and what is said of two where there is one.
func (s *Service) pairFaults(ctx context.Context, b rest.NewReferral) (faults refusal.Faults, err error) {
	switch {
	case b.TogetherWith == nil && engine.Value(b.MayBeParted):
		return refusal.Faults{{Field: "may_be_parted", Code: "nobody_along", Detail: "Name who comes along, or leave this out."}}, nil
	case b.TogetherWith == nil:
		return nil, nil
	case b.PlaceID != nil:
		faults = append(faults, refusal.Fault{Field: "together_with", Code: "not_with_place", Detail: "Only seats are asked for together."})
	}
	_, err = s.mate(ctx, *b.TogetherWith)
	if errors.Is(err, domain.ErrNoFlag) {
		faults, err = append(faults, refusal.Fault{Field: "together_with", Code: "unknown_flag", Detail: "Your desk has no such flag."}), nil
	}
	return faults, err
}

// pairing opens two referrals in one decision; each takes a place of its own flag.
func (s *Service) pairing(ctx context.Context, b rest.NewReferral, first domain.Open) (o opening, err error) {
	pair := domain.OpenPair{First: first, Second: first, MayPart: engine.Value(b.MayBeParted)}
	second := &pair.Second
	second.ReferralID = engine.NewID()
	if second.Flag, err = s.mate(ctx, *b.TogetherWith); err != nil {
		return o, err
	}
	if second.Follows, err = s.before(ctx, second.Flag.ID); err != nil {
		return o, err
	}
	if second.Unserved, err = s.waitedInVain(ctx, second.Flag.ID, second.Session); err != nil {
		return o, err
	}
	return opening{first.ReferralID, func(slot slots) command {
		pair.First.Slot, second.Slot = slot.of(pair.First.Flag.ID), slot.of(second.Flag.ID)
		return pair
	}}, nil
}

// slots are the places of each flag that are tried.
type slots map[string]int

func (s slots) of(flag string) int { return max(1, s[flag]) }

// next tries another place of a flag, and says whether there is one.
func (s slots) next(flag string) bool {
	s[flag] = s.of(flag) + 1
	return s[flag] <= domain.MaxOpen
}
