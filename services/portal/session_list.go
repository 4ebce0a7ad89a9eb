package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

var waitingRoutes = []Route{
	{Method: http.MethodGet, Path: "/ateliers/{id}/liste-attente", page: waitingList},
	{Method: http.MethodGet, Path: "/ateliers/{id}/liste-attente/{demande}", page: whyThisRank},
}

// waitingLine is somebody on the waiting list.
type waitingLine struct{ Referral, Name, Rank, Since, Offer string }

func waitingList(v *visit) error {
	page, err := v.sessionPeople(form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Liste d’attente", waitingView(page))
}

func (p sessionPeople) queue() (list []waitingLine) {
	for _, one := range p.waiting() {
		line := waitingLine{Referral: one.ReferralID, Name: who(one.Person), Rank: rank(the(one.Rank)), Since: inFull(one.Since)}
		if one.OfferUntil != nil {
			line.Offer = "Jusqu’au " + moment(*one.OfferUntil)
		}
		list = append(list, line)
	}
	return list
}

// whyPage is what the list has decided for one person.
type whyPage struct {
	sessionPeople

	one client.Participant
	why client.ReferralWhy
}

func whyThisRank(v *visit) error {
	people, err := v.sessionPeople(form{})
	if err != nil {
		return err
	}
	one, ok := people.find(v.path("demande"))
	if !ok {
		return &client.Problem{Status: http.StatusNotFound}
	}
	answer, err := v.api.ExplainReferralWithResponse(v.ctx, one.ReferralID)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Pourquoi ce rang", whyView(whyPage{people, one, *answer.JSON200}))
}
