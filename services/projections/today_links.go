package projections

import (
	"context"
	"time"

	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const linkWithin = 1 // working days in which a new link is handed out

// linksAsked are requests whose provider has asked for another signed link since the last one was made.
var linksAsked = `
select r.id as referral_id, f.id as flag_id, f.reference, f.assigned_to, r.desk, h.at, ` + askedLinkPerson + `
from model.referral r join model.flag f on f.id = r.flag_id and not f.hidden
join lateral (select w.at, w.what from model.history w where w.referral_id = r.id and w.what in ('link_asked', 'link_issued', 'link_renewed', 'link_used')
  order by w.position desc limit 1) h on h.what = 'link_asked'` + askedLinkJoins + `
where r.desk = $1 and r.status in ('requested', 'in_study') and ` + seenReferral

var askedLinkPerson, askedLinkJoins = personOf("r.person_id")

// linkAskedRow is somebody whose provider cannot answer before it has another link.
type linkAskedRow struct {
	sealedPerson

	ReferralID, FlagID, Reference, Desk string
	AssignedTo                          *string
	At                                  time.Time
}

// links are the links that the desk is asked for.
func (d deskDay) links(ctx context.Context) (lines []todayRow, err error) {
	rows, err := all[linkAskedRow](ctx, d.Service, linksAsked, d.desk)
	for _, r := range rows {
		by := reference.Day(reference.WorkingDaysLater(r.At, linkWithin))
		lines = append(lines, todayRow{sealedPerson: r.sealedPerson, TodayLine: rest.TodayLine{
			Kind: "link_asked", Why: "link_over", FlagID: &r.FlagID, ReferralID: &r.ReferralID, Reference: r.Reference, PersonID: r.PersonID, Who: r.Desk,
			By: &by, Overdue: by < d.today(), Mine: the(r.AssignedTo) == d.caller.ID,
		}})
	}
	return lines, err
}
