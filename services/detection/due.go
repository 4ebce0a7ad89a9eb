package detection

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/detection/domain"
)

const (
	eraseDeadline  = "erase"
	reviewDeadline = "review"
	answerDeadline = "answer"
	closeDeadline  = "close"
)

// dueBy says when an erasure is to be carried out, a review reminded of, a month closed, and what settles it.
func dueBy(fact events.Fact) (add, done []deadline.Due) {
	switch e := fact.(type) {
	case events.ErasureRequested:
		add = []deadline.Due{{At: e.EraseAt, Aggregate: e.PersonID, Kind: eraseDeadline}}
	case events.ErasureUndone:
		done = []deadline.Due{{Aggregate: e.PersonID, Kind: eraseDeadline}}
	case events.PersonErased:
		done = []deadline.Due{{Aggregate: e.PersonID, Kind: eraseDeadline}}
	case events.CampaignOpened:
		if e.Month != "" {
			add = []deadline.Due{{At: domain.CloseAt(e.Month), Aggregate: e.CampaignID, Kind: closeDeadline}}
		}
	case events.CampaignClosed:
		done = []deadline.Due{{Aggregate: e.CampaignID, Kind: closeDeadline}}
	default:
		return reviewBy(fact)
	}
	return add, done
}

func reviewBy(fact events.Fact) (add, done []deadline.Due) {
	within := func(d time.Duration, at time.Time, flag, kind string) []deadline.Due {
		return []deadline.Due{{At: at.Add(d), Aggregate: flag, Kind: kind}}
	}
	switch e := fact.(type) {
	case events.SeniorFlagged:
		if !e.Unreviewed {
			add = within(domain.ReviewWithin, e.At, e.FlagID, reviewDeadline)
		}
	case events.FlagAmended:
		if !e.Unreviewed {
			add, done = within(domain.ReviewWithin, e.At, e.FlagID, reviewDeadline), waited(e.FlagID)
		}
	case events.FlagReturned:
		add, done = within(domain.AnswerWithin, e.At, e.FlagID, answerDeadline), waited(e.FlagID)
	case events.FlagValidated:
		done = waited(e.FlagID)
	case events.FlagDismissed:
		done = waited(e.FlagID)
	case events.FlagWithdrawn:
		done = waited(e.FlagID)
	case events.ReviewReminded:
		done = waited(e.FlagID)
	}
	return add, done
}

func waited(flag string) []deadline.Due {
	return []deadline.Due{{Aggregate: flag, Kind: reviewDeadline}, {Aggregate: flag, Kind: answerDeadline}}
}

func (s *Service) onDue(ctx context.Context, due deadline.Due, key ledger.Key) error {
	switch due.Kind {
	case eraseDeadline:
		return s.eraseDue(ctx, due, key)
	case closeDeadline:
		return s.closeDue(ctx, due, key)
	case answerDeadline:
		return s.remind(ctx, due.Aggregate, domain.Unanswered, key)
	}
	return s.remind(ctx, due.Aggregate, domain.Unreviewed, key)
}

func (s *Service) remind(ctx context.Context, flag, reason string, key ledger.Key) error {
	return engine.React(ctx, s.flags, flag, domain.Remind{FlagID: flag, Reason: reason, At: s.Clock.Now()}, feed.Heard{}, key)
}
