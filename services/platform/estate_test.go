package platform_test

import (
	"net/http"
	"strings"

	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
)

// estate is what the roles are tried on: something of each of them, something of another department, of another fund, of a unit.
type estate struct {
	flags     []someFlag
	referrals []someReferral
	sessions  []someSession
	doomed    []someFlag // one for each time somebody is erased
	loan      string     // of a tablet of provider-a
	letter    string     // about the seat that it is for
	item      string     // that tablet
	borrower  string     // the referral that has it
	unit      string     // of the fund, and a funder
	funder    string
	signals   []someSignal
	advice    string // a recommendation for the fund
	place     string // of provider-a
	imported  string // by advisor-34
	number    int
	money     money
	granted   string // to the person of the first flag, accompanied by provider-a
}

type someFlag struct {
	id, person, reference string
	on                    policy.Resource
}

type someReferral struct {
	id, session string
	on          policy.Resource
}

type someSession struct {
	id string
	on policy.Resource
}

// laidOut makes the estate: flags by and for each, referrals of three departments, a session of each provider.
func (h *house) laidOut() *estate {
	h.Helper()
	e := &estate{}
	for _, id := range someProviders {
		e.sessions = append(e.sessions, someSession{h.as(id).post(http.StatusCreated, "/sessions", workshopOf(id)).text("id"), ofProvider(id)})
	}
	for n, one := range []struct{ author, insee, department string }{
		{"advisor-34", "34172", "34"}, {"evaluator-34", "34172", "34"}, {"partner-34", "34172", "34"}, {"phone-lr", "34172", "34"},
		{"referent-34", "34172", "34"}, {"advisor-30", "30189", "30"}, {"advisor-58", "58194", "58"},
	} {
		author := h.as(one.author)
		made := author.post(http.StatusCreated, "/flags", seniorAt(900+n, one.author, one.insee))
		a, _ := sample.Find(one.author)
		desk, _ := sample.Directory().Desk(made.text("desk"))
		f := someFlag{made.text("id"), made.text("person_id"), made.text("reference"), policy.Resource{
			Fund: a.Fund, Department: one.department, Desk: desk.ID, Unit: desk.Unit(), Author: one.author,
		}}
		e.flags = append(e.flags, f)
		if sender, session := sends(one.author); sender != "" {
			e.refer(h, author, f, sender, e.sessions[session])
		}
	}
	e.lend(h)
	e.doom(h)
	e.fund(h)
	e.grant(h)
	admin := h.as("admin-lr")
	e.unit = admin.post(http.StatusCreated, "/units", object{"name": "Exemple", "departments": []string{"48"}}).text("id")
	e.signal(h, admin)
	e.begin(h)
	e.place = h.as("partnership-lr").post(http.StatusCreated, "/places", object{"name": "Espace Exemple", "insee": "34172", "provider_id": "provider-a"}).text("id")
	e.imported = h.as("advisor-34").post(http.StatusOK, "/flags/import?programme=reperage-lr&dry_run=true", csvFile(strings.Join(paperColumns, ";")+"\n")).text("id")
	e.funder = admin.post(http.StatusCreated, "/organisations", object{"kind": "funder", "name": "Financeur Exemple"}).text("id")
	e.advice = h.as("analyst-lr").post(http.StatusCreated, "/recommendations", object{"title": "Un atelier par mois", "text": "Dans chaque agence"}).text("id")
	return e
}

// sends is who refers a flag, and to which of the sessions.
func sends(author string) (sender string, session int) {
	switch author {
	case "advisor-34", "evaluator-34":
		return "advisor-34", 0
	case "advisor-30":
		return "advisor-30", 1
	case "advisor-58":
		return "advisor-58", 2
	}
	return "", 0
}

func (e *estate) refer(h *house, author *caller, f someFlag, sender string, to someSession) {
	by := h.as(sender)
	by.learn(author)
	if f.on.Unit {
		referent := h.as("referent-58") // the campaign wants a yes first
		referent.learn(author)
		referent.post(http.StatusOK, "/flags/"+f.id+"/validate", object{})
		by.learn(referent)
	}
	made := by.post(http.StatusCreated, "/referrals", object{"flag_id": f.id, "session_id": to.id})
	on := f.on
	on.Provider = to.on.Provider
	e.referrals = append(e.referrals, someReferral{made.text("id"), to.id, on})
	h.until(func() bool { return by.get("/referrals/"+made.text("id")).text("seat") == "held" })
}

// seniorAt is a flag by one of the accounts, of somebody in some commune.
func seniorAt(number int, author, insee string) object {
	s := senior(number)
	delete(s, "channel")
	person, _ := s["person"].(object)
	person["address"] = object{"street": "3 impasse de l'Invention", "postcode": insee[:2] + "000", "insee": insee}
	switch author {
	case "referent-34":
		s["desk"] = "montpellier"
	case "advisor-58":
		s["programme"], s["finding_date"], s["first_contact"] = "observation-bfc-2020", "2020-02-03", "social_worker"
	}
	return s
}
