package detection

import (
	"context"
	"encoding/hex"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/detection/domain"
)

// What is told of a person decides on their flags, which are other aggregates: the service hears itself.
func (s *Service) ofPersons() []engine.Reaction {
	return []engine.Reaction{
		engine.On(func(e events.DeathTold) string { return e.PersonID }, s.onDeathTold),
		engine.On(func(e events.PersonObjected) string { return e.PersonID }, s.onPersonObjected),
		engine.On(func(e events.ConsentNoted) string { return e.PersonID }, s.onConsentNoted),
		engine.On(func(e events.PersonMoved) string { return e.PersonID }, s.onPersonMoved),
		engine.On(func(e events.PersonMerged) string { return e.PersonID }, s.onPersonMerged),
	}
}

func (s *Service) onDeathTold(ctx context.Context, e events.DeathTold, h feed.Heard, key ledger.Key) error {
	return s.endHelp(ctx, e.PersonID, "deceased", h, key)
}

func (s *Service) onPersonObjected(ctx context.Context, e events.PersonObjected, h feed.Heard, key ledger.Key) error {
	return s.endHelp(ctx, e.PersonID, "objected", h, key)
}

func (s *Service) onConsentNoted(ctx context.Context, e events.ConsentNoted, h feed.Heard, key ledger.Key) error {
	switch {
	case e.Kind != domain.ConsentReferral:
		return nil
	case !e.Given:
		return s.endHelp(ctx, e.PersonID, "consent_withdrawn", h, key)
	}
	return s.eachFlag(ctx, e.PersonID, h, key, func(flag string) flagCommand {
		return domain.ResumeHelp{FlagID: flag, At: s.Clock.Now()}
	})
}

func (s *Service) endHelp(ctx context.Context, person, reason string, h feed.Heard, key ledger.Key) error {
	return s.eachFlag(ctx, person, h, key, func(flag string) flagCommand {
		return domain.EndHelp{FlagID: flag, Reason: reason, At: s.Clock.Now()}
	})
}

func (s *Service) onPersonMoved(ctx context.Context, e events.PersonMoved, h feed.Heard, key ledger.Key) error {
	return s.eachFlag(ctx, e.PersonID, h, key, func(flag string) flagCommand {
		return domain.HandOver{FlagID: flag, Department: e.Department, Directory: s.Directory(), At: s.Clock.Now()}
	})
}

// onPersonMerged keeps one flag of those that say the same: the one that has come further, then the older one.
func (s *Service) onPersonMerged(ctx context.Context, e events.PersonMerged, h feed.Heard, key ledger.Key) error {
	flags, err := s.flagsAt(ctx, e.PersonID, h)
	if err != nil {
		return err
	}
	var kept []domain.Flag
	for _, help := range []string{domain.HelpReferred, domain.HelpToRefer, domain.HelpNone} {
		for _, one := range flags {
			flag, _, err := s.flags.Get(ctx, one.FlagID)
			switch {
			case err != nil:
				return err
			case flag.Help != help:
			case twice(flag, kept, s.programme(flag.Programme).OneOpenPerInstitution):
				err = engine.React(ctx, s.flags, flag.ID, domain.EndHelp{FlagID: flag.ID, Reason: "duplicate", At: s.Clock.Now()}, h, keyFor(key, flag.ID))
			default:
				kept = append(kept, flag)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func twice(flag domain.Flag, kept []domain.Flag, perInstitution bool) bool {
	for _, other := range kept {
		if flag.SameCase(other, perInstitution) {
			return true
		}
	}
	return false
}

type flagCommand = decider.Command[domain.Flag, events.Detection]

// eachFlag commands every flag of somebody that was there before the fact; later ones were decided on what it says.
func (s *Service) eachFlag(ctx context.Context, person string, h feed.Heard, key ledger.Key, command func(flag string) flagCommand) error {
	flags, err := s.flagsAt(ctx, person, h)
	if err != nil {
		return err
	}
	for _, f := range flags {
		if err := engine.React(ctx, s.flags, f.FlagID, command(f.FlagID), h, keyFor(key, f.FlagID)); err != nil {
			return err
		}
	}
	return nil
}

// flagsAt are those of somebody that were told of before a fact.
func (s *Service) flagsAt(ctx context.Context, person string, h feed.Heard) ([]where, error) {
	if err := s.knows.Hub.Wait(ctx, Name, h.Position); err != nil {
		return nil, err
	}
	flags, err := s.flagsOf(ctx, person)
	return slices.DeleteFunc(flags, func(f where) bool { return f.Position > h.Position }), err
}

// keyFor is the key of one command of several that one fact leads to.
func keyFor(key ledger.Key, flag string) ledger.Key {
	return decider.KeyOf("reaction", hex.EncodeToString(key[:]), flag)
}
