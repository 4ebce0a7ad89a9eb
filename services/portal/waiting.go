package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

const waitingTitle = "Pourquoi ce rang\u00a0?"

var rankRoutes = []Route{{Method: http.MethodGet, Path: "/orientations/{id}/pourquoi", page: rankPage}}

// turn is how somebody stands on a waiting list, and by which decisions.
type turn struct {
	Referral, Name, Title string
	Text                  string
	Facts                 []fact
	Decisions             []fact // moment, and what was decided
}

// rankPage says rank, since when and why. Nobody else is named.
func rankPage(v *visit) error {
	r, err := v.referral(false)
	if err != nil {
		return err
	}
	answer, err := v.api.ExplainReferralWithResponse(v.ctx, r.ID)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, waitingTitle, rankView(turnOf(r, *answer.JSON200)))
}

func turnOf(r client.Referral, why client.ReferralWhy) turn {
	t := turn{Referral: r.ID, Name: who(r.Person), Title: the(r.SessionTitle), Text: why.Text}
	if why.Rank != nil {
		t.Facts = append(t.Facts, fact{"Rang", rank(*why.Rank)})
	}
	for _, d := range why.Decisions {
		if d.Code == "waiting_list_joined" {
			t.Facts = append(t.Facts, fact{"Sur la liste depuis le", moment(d.At)})
		}
		t.Decisions = append(t.Decisions, fact{moment(d.At), d.Text})
	}
	if r.WaitedDays != nil {
		t.Facts = append(t.Facts, fact{"Attend une place depuis le signalement", count(*r.WaitedDays, "jour", "jours")})
	}
	return t
}
