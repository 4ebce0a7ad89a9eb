package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// onList is a referral on a list.
type onList struct {
	ID, Name, Session, When string
	Provider, Since         string
	Status, StateText, Seat string
}

// referrals is a page of them.
type referrals struct {
	Filters  form
	Statuses []choice
	Lines    []onList
	Path     string
	Next     *string
}

// referralList shows the referrals that this user follows, newest first.
func referralList(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.ListReferralsWithResponse(v.ctx, &client.ListReferralsParams{Status: f.text("etat"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	list := referrals{Filters: f, Statuses: withNone("Tous", w.choices("referral_status")), Path: v.r.URL.RequestURI(), Next: answer.JSON200.Next}
	for _, r := range answer.JSON200.Items {
		list.Lines = append(list.Lines, w.onList(r))
	}
	return v.show(http.StatusOK, "Orientations", referralsPage(list))
}

func (w words) onList(r client.ReferralLine) onList {
	line := onList{
		ID: r.ID, Name: who(r.Person), Session: the(r.SessionTitle), Provider: w.provider(r.ProviderID), Since: inFull(r.OpenedAt),
		Status: r.Status, StateText: w.referralStatus(r.Status), Seat: seatText(r.Status, r.Seat, r.Rank, r.WouldBeRank),
	}
	if r.StartsAt != nil {
		line.When = moment(*r.StartsAt)
	}
	return line
}
