package portal

import (
	"net/http"
	"slices"
	"time"

	"example.org/passerelle/api/client"
)

var personRoutes = []Route{
	{Method: http.MethodGet, Path: "/personnes/{id}", page: showPerson},
}

// personSheet is the follow-up of somebody.
type personSheet struct {
	client.Person

	name      string
	contact   []fact
	next      string
	flags     []flagLine
	referrals []referralLine
	loans     []string
	way       []stage
	again     bool // may be flagged again
}

// stage is one of the way from the flag to the outcome.
type stage struct{ Name, Text, Icon, Class string }

func showPerson(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetPersonWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	sheet, err := v.personSheet(*answer.JSON200, w)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, sheet.name, personView(sheet))
}

func (v *visit) personSheet(p client.Person, w words) (personSheet, error) {
	s := personSheet{Person: p, name: "Données effacées", referrals: w.referralLines(p.Referrals), again: v.user.flags() && !p.Erased}
	if p.Details != nil {
		s.name, s.contact = full(p.Details.GivenName, p.Details.FamilyName), contact(*p.Details)[1:]
	}
	for _, f := range p.Flags {
		s.flags = append(s.flags, w.flagLine(f))
	}
	for _, l := range p.Loans {
		s.loans = append(s.loans, w.loanText(l))
	}
	return s, v.whereNow(&s, w)
}

// whereNow asks for the way and the next step: of the referral that counts, else of the latest flag.
func (v *visit) whereNow(s *personSheet, w words) error {
	if len(s.Flags) == 0 {
		return nil
	}
	latest := s.Flags[0]
	if i := slices.IndexFunc(s.Flags, func(f client.FlagLine) bool { return f.Help != "none" && f.Help != "closed" }); i >= 0 {
		latest = s.Flags[i]
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, latest.ID)
	if err != nil {
		return err
	}
	flag := *answer.JSON200
	s.next = w.nextSentence(flag.NextStep)
	if len(flag.Referrals) == 0 {
		s.way = flagWay(flag, w)
		return nil
	}
	referral, err := v.api.GetReferralWithResponse(v.ctx, leading(flag.Referrals), nil)
	if err != nil {
		return err
	}
	s.way = w.way(referral.JSON200.Journey)
	return nil
}

// leading is the referral that comes nearest to a seat; of several alike the latest.
func leading(list []client.ReferralLine) string {
	for _, status := range []string{"in_progress", "enrolled", "offered", "waitlisted", "in_study", "requested"} {
		if i := slices.IndexFunc(list, func(r client.ReferralLine) bool { return r.Status == status }); i >= 0 {
			return list[i].ID
		}
	}
	return list[0].ID
}

// flagWay is the way of somebody who has not been referred yet.
func flagWay(f client.Flag, w words) []stage {
	review := client.JourneyStep{Stage: "review", State: "open"}
	for _, l := range f.History {
		if l.What == "validated" {
			review.State, review.At = "done", &l.At
		}
	}
	return w.way([]client.JourneyStep{{Stage: "flag", State: "done", At: &f.SubmittedAt}, review, {Stage: "referral", State: "open"}})
}

// Stages and what can be said of them.
var (
	stageNames = map[string]string{"flag": "Signalement", "review": "Validation", "referral": "Orientation", "seat": "Place", "tablet": "Tablette",
		"session": "Atelier", "outcome": "Bilan"}
	stageIcons = map[string]string{"flag": "person", "review": "check", "referral": "arrow", "seat": "seat", "tablet": "tablet", "session": "calendar",
		"outcome": "bridge"}
	wayStates = map[string]string{"done": "fait", "open": "à venir", "waiting": "en liste d’attente", "refused": "refusée", "lacking": "aucune disponible",
		"withdrawn": "retirée", "expired": "sans réponse à temps"}
)

// way says each stage in words. The first that is open is where it stands now.
func (w words) way(steps []client.JourneyStep) []stage {
	list, now := make([]stage, len(steps)), false
	for i, s := range steps {
		list[i] = stage{Name: stageNames[s.Stage], Icon: stageIcons[s.Stage], Text: sentence(wayStates, s.State)}
		if s.At != nil {
			list[i].Text += wayDay(s, *s.At)
		}
		switch s.State {
		case "done":
			list[i].Class = "psl-journey__step--done"
		case "open", "waiting":
			if !now {
				list[i].Class, now = "psl-journey__step--now", true
			}
		default:
			list[i].Class = "psl-journey__step--stopped"
		}
	}
	return list
}

func wayDay(s client.JourneyStep, at time.Time) string {
	if s.Stage == "session" {
		return ", " + moment(at)
	}
	return ", " + inFull(at)
}

func (w words) loanText(l client.Loan) string {
	days := "du " + dayText(l.From) + " au " + dayText(l.To)
	if l.Status == "lacking" {
		return "Aucune tablette disponible pour l’instant, demandée " + days
	}
	return "Tablette réservée " + days
}
