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
	way       []step
	waited    string // for how long
	again     bool   // may be flagged again
	asksGrant bool
	wishes    []fact
	consents  []fact
	household []member
	acts      []personAct
	said      []contactSaid
	notes     bool // may note a contact
}

// member is somebody of the same household; without ID another team looks after them.
type member struct{ ID, Name string }

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
	s := personSheet{Person: p, name: "Données effacées", referrals: w.referralLines(p.Referrals), again: v.user.flags() && !p.Erased && !p.Deceased,
		asksGrant: v.user.asksGrants() && !p.Erased && !p.Deceased}
	s.said, s.notes = w.contactsSaid(p), v.user.refers() && !p.Erased
	s.wishes, s.consents, s.household = wishFacts(p.Wishes), consentFacts(p.Consents), household(p.Links)
	if v.user.refers() && !p.Erased {
		s.acts = actsFor(p)
	}
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
		s.way, s.waited = flagWay(flag, w), waitedText(waitedFor(flag, v.Now()))
		return nil
	}
	referral, err := v.api.GetReferralWithResponse(v.ctx, leading(flag.Referrals), nil)
	if err != nil {
		return err
	}
	s.way, s.waited = w.journey(referral.JSON200.Journey), waitedText(referral.JSON200.WaitedDays)
	return nil
}

// waitedFor is how many days somebody has waited who has not been referred yet; nil where nobody is to be helped any more.
func waitedFor(f client.Flag, now time.Time) *int {
	if f.Help == "none" || f.Help == "closed" {
		return nil
	}
	return new(max(0, int(now.Sub(f.SubmittedAt)/(24*time.Hour))))
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
func flagWay(f client.Flag, w words) []step {
	review := client.JourneyStep{Stage: "review", State: "open"}
	for _, l := range f.History {
		if l.What == "validated" {
			review.State, review.At = "done", &l.At
		}
	}
	way := []client.JourneyStep{{Stage: "flag", State: "done", At: &f.SubmittedAt}}
	if f.NeedsReview || review.At != nil {
		way = append(way, review)
	}
	return w.journey(append(way, client.JourneyStep{Stage: "referral", State: "open"}))
}

func (w words) loanText(l client.Loan) string {
	days := "du " + dayText(l.From) + " au " + dayText(l.To)
	if l.Status == "lacking" {
		return "Aucune tablette disponible pour l’instant, demandée " + days
	}
	return "Tablette réservée " + days
}

// actsFor leaves out what the state forbids.
func actsFor(p client.Person) (list []personAct) {
	for _, act := range personActs {
		undo := act.path == "deces/annuler"
		if act.path != noteContactPath && undo == p.Deceased && (act.path != "separer" || len(p.Merged) > 0) && (act.path != "opposition" || !p.Objected) {
			list = append(list, act)
		}
	}
	return list
}

func wishFacts(w *client.PersonWishes) []fact {
	if w == nil {
		return nil
	}
	var list []fact
	if w.PaperOnly {
		list = append(list, fact{"Courrier", "Uniquement par courrier"})
	}
	half := make([]string, len(w.NoCalls))
	for i, code := range w.NoCalls {
		half[i] = choiceLabel(halfDays, code)
	}
	list = append(list, fact{"Pas d’appel", joined(half...)})
	if w.Helper != nil {
		list = append(list, helperFacts(*w.Helper)...)
	}
	if w.HelperOnly {
		list = append(list, fact{"Appels", "Appeler l’aidant, pas la personne"})
	}
	return present(append(list, fact{"Note", the(w.Note)}))
}

func consentFacts(list []client.PersonConsent) (facts []fact) {
	for _, c := range list {
		said := "Non"
		if c.Given {
			said = "Oui"
		}
		facts = append(facts, fact{choiceLabel(consentKinds, c.Kind), said + ", " + lower(choiceLabel(consentChannels, c.Channel)) + ", le " + moment(c.At)})
	}
	return facts
}

func household(links []client.PersonLink) (list []member) {
	for _, l := range links {
		if l.Person == nil {
			list = append(list, member{Name: "Une personne suivie par une autre équipe"})
			continue
		}
		list = append(list, member{l.PersonID, full(l.Person.GivenName, l.Person.FamilyName)})
	}
	return list
}
