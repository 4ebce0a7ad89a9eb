package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// A signed link lets a place say what came of an address without an account: for so many days from the call of the desk on,
// until too many wrong codes.
const (
	placeLinkDays  = 30
	placeLinkTries = 5
)

// Refusals of a link. None of them says anything about a person.
var (
	ErrNoLink       = refusal.New(refusal.NotFound, "unknown_link", "There is no such link. Take the whole address, as it was sent.")
	ErrLinkReplaced = refusal.New(refusal.Conflict, "link_replaced", "A newer link was sent. Take that one.")
	ErrLinkExpired  = refusal.New(refusal.Conflict, "link_expired", "This link has expired. Ask the desk for a new one.")
	ErrLinkLocked   = refusal.New(refusal.Conflict, "link_locked", "Too many wrong codes were given: this link is locked. Ask the desk for a new one.")
	ErrFormUsed     = refusal.New(refusal.Conflict, "form_used", "This form was used already, or is too old. Open the link again.")
	ErrWrongCode    = refusal.Faults{{Field: "code", Code: "wrong_code", Detail: "This is not the code. Ask the desk that sent the person."}}
	ErrNotByMail    = refusal.New(refusal.Conflict, "not_by_mail", "This place has no e-mail address, or does not say that it may be written to. Ring it instead.")
)

const linkClaim = "place-link:"

// PlaceLinkClaim is what a link holds for its referral, by the hash of what stands in it.
func PlaceLinkClaim(hash string) string { return linkClaim + hash }

// LinkActor is who answers by a link.
func LinkActor(linkID string) string { return linkClaim + linkID }

type placeLink struct {
	id, hash       string
	until          time.Time
	missed, opened int
	replaced       bool
}

func (r Referral) evolveLink(fact events.Referral) Referral {
	switch e := fact.(type) {
	case events.PlaceLinkIssued:
		r = r.withLink(e.Renews, func(l *placeLink) { l.replaced = true })
		r.links = append(slices.Clip(r.links), placeLink{id: e.LinkID, hash: e.Hash, until: e.Until})
	case events.PlaceLinkOpened:
		return r.withLink(e.LinkID, func(l *placeLink) { l.missed, l.opened = 0, l.opened+1 })
	case events.PlaceLinkCodeMissed:
		return r.withLink(e.LinkID, func(l *placeLink) { l.missed = e.Times })
	default: // see Evolve
	}
	return r
}

func (r Referral) withLink(id string, change func(*placeLink)) Referral {
	if i := slices.IndexFunc(r.links, func(l placeLink) bool { return l.id == id }); i >= 0 {
		r.links = slices.Clone(r.links)
		change(&r.links[i])
	}
	return r
}

// PlaceLink is what whoever has a link may know of it without the code: nothing about a person.
type PlaceLink struct {
	ID     string
	State  string // open, answered, ended, replaced, expired, locked
	Result string // of an answered one
	Opened int    // how often the right code was given
	Until  time.Time
}

// LinkOf finds a link by its hash. What has become of the referral counts more than what has become of the link.
func (r Referral) LinkOf(hash string, now time.Time) (PlaceLink, bool) {
	i := slices.IndexFunc(r.links, func(l placeLink) bool { return l.hash == hash })
	if i < 0 {
		return PlaceLink{}, false
	}
	l := r.links[i]
	found := PlaceLink{ID: l.id, State: "open", Opened: l.opened, Until: l.until}
	switch err := l.live(now); {
	case r.Status == FollowedUp:
		found.State, found.Result = "answered", r.result
	case !r.Open():
		found.State = "ended"
	case err != nil:
		found.State = strings.TrimPrefix(err.Code, "link_")
	}
	return found, true
}

// live refuses a link by which nothing may be done any more.
func (l placeLink) live(now time.Time) *refusal.Refusal {
	switch {
	case l.replaced:
		return ErrLinkReplaced
	case !now.Before(l.until):
		return ErrLinkExpired
	case l.missed >= placeLinkTries:
		return ErrLinkLocked
	}
	return nil
}

// usable is a link of a referral of which nobody has said yet what came of it.
func (r Referral) usable(id string, now time.Time) (placeLink, error) {
	i := slices.IndexFunc(r.links, func(l placeLink) bool { return l.id == id })
	if i < 0 {
		return placeLink{}, ErrNoLink
	}
	if !r.Open() {
		return r.links[i], ErrEnded
	}
	if err := r.links[i].live(now); err != nil {
		return r.links[i], err
	}
	return r.links[i], nil
}

// IssuePlaceLink gives the desk a link for the place. The one before is void.
type IssuePlaceLink struct {
	ReferralID, LinkID, Hash string
	ByMail                   bool // the place may be written to
	By                       string
	At                       time.Time
}

// Decide issues it as long as nobody knows what came of the address.
func (i IssuePlaceLink) Decide(r Referral) ([]events.Referral, error) {
	switch {
	case !r.exists():
		return nil, ErrNoReferral
	case r.PlaceID == "":
		return nil, ErrNotAddress
	case !r.Open():
		return nil, ErrEnded
	case !i.ByMail:
		return nil, ErrNotByMail
	}
	renews := ""
	if at := slices.IndexFunc(r.links, func(l placeLink) bool { return !l.replaced }); at >= 0 {
		renews = r.links[at].id
	}
	return tell(events.PlaceLinkIssued{
		ReferralID: r.ID, FlagID: r.FlagID, LinkID: i.LinkID, Hash: i.Hash, Renews: renews, Until: i.At.AddDate(0, 0, placeLinkDays), By: i.By, At: i.At,
	})
}

// TryPlaceCode is a code that was given for a link. Each is told, so that nobody tries two at a time.
type TryPlaceCode struct {
	ReferralID, LinkID string
	Right              bool
	At                 time.Time
}

// Decide opens the link, or counts. What a wrong code is refused with is for the caller to say: it is told first.
func (t TryPlaceCode) Decide(r Referral) ([]events.Referral, error) {
	l, err := r.usable(t.LinkID, t.At)
	switch {
	case err != nil:
		return nil, err
	case t.Right:
		return tell(events.PlaceLinkOpened{ReferralID: r.ID, FlagID: r.FlagID, LinkID: l.id, At: t.At})
	}
	times := l.missed + 1
	return tell(events.PlaceLinkCodeMissed{ReferralID: r.ID, FlagID: r.FlagID, LinkID: l.id, Times: times, Locked: times >= placeLinkTries, At: t.At})
}

// AnswerByPlaceLink is what a place says by a link: the very result that the desk would have noted.
type AnswerByPlaceLink struct {
	ReferralID, LinkID string
	Form               int // how often the link had been opened when the form was shown
	Result             string
	At                 time.Time
}

// Decide answers once per form.
func (a AnswerByPlaceLink) Decide(r Referral) ([]events.Referral, error) {
	l, err := r.usable(a.LinkID, a.At)
	switch {
	case err != nil:
		return nil, err
	case l.opened != a.Form:
		return nil, ErrFormUsed
	}
	return FollowUp{ReferralID: a.ReferralID, Result: a.Result, By: LinkActor(l.id), At: a.At}.Decide(r)
}
