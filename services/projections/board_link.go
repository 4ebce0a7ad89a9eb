package projections

import "example.org/passerelle/api/events"

// link is what a signed link adds to the history of its referral.
func (e entry) link(fact events.Workshop) {
	switch f := fact.(type) {
	case events.LinkIssued:
		what := "link_issued"
		if f.Renews != "" {
			what = "link_renewed"
		}
		e.tell(line{referral: f.ReferralID, at: f.At, what: what, by: f.By})
	case events.LinkOpened:
		e.tell(line{referral: f.ReferralID, at: f.At, what: "link_opened"})
	case events.LinkCodeMissed:
		if f.Locked {
			e.tell(line{referral: f.ReferralID, at: f.At, what: "link_locked"})
		}
	case events.LinkUsed:
		e.tell(line{referral: f.ReferralID, at: f.At, what: "link_used"})
	case events.LinkAsked:
		e.tell(line{referral: f.ReferralID, at: f.At, what: "link_asked"})
	default: // of a seat or of the session: see workshop
	}
}
