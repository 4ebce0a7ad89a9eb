package domain

import (
	"errors"
	"strings"
	"time"
)

// What a link says of itself, in this order: what has become of the request counts more than what has become of the link.
const (
	LinkWithdrawn = "withdrawn" // the desk has taken the request back
	LinkCancelled = "cancelled" // the session was
	LinkDecided   = "decided"
	LinkLapsed    = "lapsed" // nobody answered in time
	LinkReplaced  = "replaced"
	LinkExpired   = "expired"
	LinkLocked    = "locked"
	LinkOpen      = "open"
)

// Link is what whoever has a link may know of it without the code: nothing about a person.
type Link struct {
	ID, ReferralID string
	State          string
	Answer         string    // of a decided one: enrolled, waitlisted, declined, …; in_study of an open one
	Way            string    // of a decided one: link, account
	At             time.Time // of the provider's answer
	Until          time.Time
	Used           int
	Asked          bool // for another one
}

// LinkOf finds a link by its hash.
func (w Workshop) LinkOf(hash string, now time.Time) (Link, bool) {
	l, there := w.link(func(l link) bool { return l.hash == hash })
	if !there {
		return Link{}, false
	}
	found := Link{ID: l.id, ReferralID: l.referralID, Until: l.until, Used: l.used, Asked: l.asked}
	if r := w.find(l.referralID); r != nil {
		found.State = w.linkState(l, r, now)
		if !r.saidAt.IsZero() {
			found.Answer, found.Way, found.At = r.word(), way(r.saidBy), r.saidAt
		}
	}
	return found, true
}

// Renewed tells whether a link has taken the place of another one.
func (w Workshop) Renewed(id string) bool {
	l, there := w.link(func(l link) bool { return l.id == id })
	_, before := w.link(func(other link) bool { return other.id != id && other.replaced && other.referralID == l.referralID })
	return there && before
}

func (w Workshop) linkState(l link, r *request, now time.Time) string {
	switch {
	case r.answer == Withdrawn:
		return LinkWithdrawn
	case r.answer == Cancelled:
		return LinkCancelled
	case !r.open() && !r.saidAt.IsZero():
		return LinkDecided
	case !w.answerable(r, now):
		return LinkLapsed
	}
	switch _, err := w.live(l.id, now); {
	case errors.Is(err, ErrLinkReplaced):
		return LinkReplaced
	case errors.Is(err, ErrLinkExpired):
		return LinkExpired
	case errors.Is(err, ErrLinkLocked):
		return LinkLocked
	}
	return LinkOpen
}

func way(by string) string {
	if strings.HasPrefix(by, linkClaim) {
		return "link"
	}
	return "account"
}
