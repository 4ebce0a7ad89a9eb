package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// A signed link lets a provider answer one request without an account: for so many days, until too many wrong codes.
const (
	linkDays  = 8
	linkTries = 5
)

// Refusals of a link. None of them says anything about a person.
var (
	ErrNoLink       = refusal.New(refusal.NotFound, "unknown_link", "There is no such link. Take the whole address, as it was sent.")
	ErrLinkReplaced = refusal.New(refusal.Conflict, "link_replaced", "A newer link was sent. Take that one.")
	ErrLinkExpired  = refusal.New(refusal.Conflict, "link_expired", "This link has expired. Ask for a new one.")
	ErrLinkLocked   = refusal.New(refusal.Conflict, "link_locked", "Too many wrong codes were given: this link is locked. Ask for a new one.")
	ErrLinkLive     = refusal.New(refusal.Conflict, "link_live", "This link still works: no other one is needed.")
	ErrFormUsed     = refusal.New(refusal.Conflict, "form_used", "This form was used already, or is too old. Open the link again.")
	ErrWrongCode    = refusal.Faults{{Field: "code", Code: "wrong_code", Detail: "This is not the code of the session. Look at the paper of the session again."}}
)

const linkClaim = "link:"

// LinkClaim is what a link holds for its session, by the hash of what stands in it.
func LinkClaim(hash string) string { return linkClaim + hash }

// SessionOfClaim is the session that holds a claim.
func SessionOfClaim(holder string) string { return strings.TrimPrefix(holder, "session:") }

// Claims are the links, by which the session is found again.
func Claims(_ Workshop, fact events.Workshop) (take, release []string) {
	if e, ok := fact.(events.LinkIssued); ok {
		return []string{LinkClaim(e.Hash)}, nil
	}
	return nil, nil
}

// link is one that was issued.
type link struct {
	id, referralID, hash string
	until                time.Time
	missed, used         int
	asked, replaced      bool
}

func (l link) locked() bool { return l.missed >= linkTries }

// LinkActor is who answers by a link.
func LinkActor(linkID string) string { return linkClaim + linkID }

// said keeps who gave the provider's answer.
func (r *request) said(by string, at time.Time) {
	if r.open() || r.answer == asked {
		r.saidBy, r.saidAt = by, at
	}
}

func (w Workshop) evolveLink(fact events.Workshop) Workshop {
	switch e := fact.(type) {
	case events.LinkIssued:
		w = w.withLink(e.Renews, func(l *link) { l.replaced = true })
		w.links = append(slices.Clip(w.links), link{id: e.LinkID, referralID: e.ReferralID, hash: e.Hash, until: e.Until})
	case events.LinkOpened:
		return w.withLink(e.LinkID, func(l *link) { l.missed = 0 })
	case events.LinkCodeMissed:
		return w.withLink(e.LinkID, func(l *link) { l.missed = e.Times })
	case events.LinkUsed:
		return w.withLink(e.LinkID, func(l *link) { l.used++ })
	case events.LinkAsked:
		return w.withLink(e.LinkID, func(l *link) { l.asked = true })
	default: // of a seat: see Evolve
	}
	return w
}

func (w Workshop) withLink(id string, change func(*link)) Workshop {
	if i := slices.IndexFunc(w.links, func(l link) bool { return l.id == id }); i >= 0 {
		w.links = slices.Clone(w.links)
		change(&w.links[i])
	}
	return w
}

func (w Workshop) link(is func(link) bool) (link, bool) {
	if i := slices.IndexFunc(w.links, is); i >= 0 {
		return w.links[i], true
	}
	return link{}, false
}

// live is a link by which something may still be done.
func (w Workshop) live(id string, now time.Time) (link, error) {
	l, there := w.link(func(l link) bool { return l.id == id })
	switch {
	case !there:
		return l, ErrNoLink
	case l.replaced:
		return l, ErrLinkReplaced
	case !now.Before(l.until):
		return l, ErrLinkExpired
	case l.locked():
		return l, ErrLinkLocked
	}
	return l, nil
}

// IssueLink gives the desk a link for the provider. The one before is void.
type IssueLink struct {
	SessionID, ReferralID string
	LinkID, Hash          string
	By                    string
	At                    time.Time
}

// Decide issues it while the request waits for an answer.
func (i IssueLink) Decide(w Workshop) ([]events.Workshop, error) {
	r := w.find(i.ReferralID)
	switch {
	case !w.exists():
		return nil, ErrNoSession
	case r == nil:
		return nil, ErrNotAsked
	case !w.answerable(r, i.At):
		return nil, ErrRequestEnded
	}
	before, _ := w.link(func(l link) bool { return l.referralID == i.ReferralID && !l.replaced })
	return tell(events.LinkIssued{
		SessionID: i.SessionID, ReferralID: i.ReferralID, LinkID: i.LinkID, Hash: i.Hash, Renews: before.id,
		Until: i.At.AddDate(0, 0, linkDays), By: i.By, At: i.At,
	})
}

// TryCode is a code that was given for a link, a right one or not. Each is told, so that nobody tries two at a time.
type TryCode struct {
	SessionID, LinkID string
	Right             bool
	At                time.Time
}

// Decide opens the link, or counts. What a wrong code is refused with is for the caller to say: it is told first.
func (t TryCode) Decide(w Workshop) ([]events.Workshop, error) {
	l, err := w.live(t.LinkID, t.At)
	switch {
	case err != nil:
		return nil, err
	case !w.answerable(w.find(l.referralID), t.At):
		return nil, ErrRequestEnded
	case t.Right:
		return tell(events.LinkOpened{SessionID: t.SessionID, ReferralID: l.referralID, LinkID: l.id, At: t.At})
	}
	times := l.missed + 1
	return tell(events.LinkCodeMissed{SessionID: t.SessionID, ReferralID: l.referralID, LinkID: l.id, Times: times, Locked: times >= linkTries, At: t.At})
}

// AnswerByLink is what a provider decides by a link: the very answer that it would give with an account.
type AnswerByLink struct {
	SessionID, LinkID string
	Form              int // how often the link had been used when the form was shown
	Answer            Decision
	At                time.Time
}

// Decide answers once per form.
func (a AnswerByLink) Decide(w Workshop) ([]events.Workshop, error) {
	l, err := w.live(a.LinkID, a.At)
	switch {
	case err != nil:
		return nil, err
	case l.used != a.Form:
		return nil, ErrFormUsed
	}
	facts, err := a.Answer.Decide(w)
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	after := w
	for _, f := range facts {
		after = Evolve(after, f)
	}
	return append(facts, events.LinkUsed{
		SessionID: a.SessionID, ReferralID: l.referralID, LinkID: l.id, Answer: after.find(l.referralID).word(), At: a.At,
	}), nil
}

// word is where a request stands after the provider's answer.
func (r *request) word() string {
	if r.open() && r.studied {
		return "in_study"
	}
	return r.answer
}

// AskLink asks the desk for another link.
type AskLink struct {
	SessionID, LinkID string
	At                time.Time
}

// Decide asks once, for a link that no longer works on a request that waits.
func (a AskLink) Decide(w Workshop) ([]events.Workshop, error) {
	l, err := w.live(a.LinkID, a.At)
	switch {
	case err == nil:
		return nil, ErrLinkLive
	case l.id == "", l.replaced:
		return nil, err
	case !w.answerable(w.find(l.referralID), a.At):
		return nil, ErrRequestEnded
	case l.asked:
		return nil, nil
	}
	return tell(events.LinkAsked{SessionID: a.SessionID, ReferralID: l.referralID, LinkID: l.id, At: a.At})
}
