package platform_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
)

// list is an operation that answers with what is the caller's.
func list(path string) func(*estate) []try { return posted(path, nil) }

func posted(path string, body any) func(*estate) []try {
	return func(*estate) []try { return []try{{path: path, body: body, on: own}} }
}

func flags(path string, body any) func(*estate) []try {
	return func(e *estate) (tries []try) {
		for _, f := range e.flags {
			tries = append(tries, try{path: fmt.Sprintf(path, f.id), body: body, on: is(f.on)})
		}
		return append(tries, try{path: fmt.Sprintf(path, nowhere), body: body, unknown: true})
	}
}

func journeys(e *estate) (tries []try) {
	for _, f := range e.flags {
		tries = append(tries, try{path: "/persons/journey", body: object{"reference": f.reference, "reason": "person_calls"}, on: is(f.on)})
	}
	return append(tries, try{path: "/persons/journey", body: object{"reference": "ZZZZ-ZZZZ", "reason": "person_calls"}, unknown: true})
}

func persons(path string, body any) func(*estate) []try {
	return func(e *estate) (tries []try) {
		for _, f := range e.flags {
			tries = append(tries, try{path: fmt.Sprintf(path, f.person), body: body, on: is(f.on)})
		}
		return append(tries, try{path: fmt.Sprintf(path, nowhere), body: body, unknown: true})
	}
}

func referrals(path string, body any) func(*estate) []try {
	return func(e *estate) (tries []try) {
		for _, r := range e.referrals {
			tries = append(tries, try{path: fmt.Sprintf(path, r.id), body: body, on: is(r.on)})
		}
		return append(tries, try{path: fmt.Sprintf(path, nowhere), body: body, unknown: true})
	}
}

func sessions(path string, body any) func(*estate) []try {
	return func(e *estate) (tries []try) {
		for _, s := range e.sessions {
			tries = append(tries, try{path: fmt.Sprintf(path, s.id), body: body, on: is(s.on)})
		}
		return append(tries, try{path: fmt.Sprintf(path, nowhere), body: body, unknown: true})
	}
}

func requests(answer string, body any) func(*estate) []try {
	return func(e *estate) (tries []try) {
		for _, r := range e.referrals {
			i := slices.IndexFunc(e.sessions, func(s someSession) bool { return s.id == r.session })
			tries = append(tries, try{path: "/sessions/" + r.session + "/requests/" + r.id + "/" + answer, body: body, on: is(e.sessions[i].on)})
		}
		return append(tries, try{path: "/sessions/" + nowhere + "/requests/" + nowhere + "/" + answer, body: body, unknown: true})
	}
}

// linking is by the desk that has asked, not by the provider.
func linking(e *estate) (tries []try) {
	for _, r := range e.referrals {
		tries = append(tries, try{path: "/sessions/" + r.session + "/requests/" + r.id + "/link", body: object{}, on: is(r.on)})
	}
	return append(tries, try{path: "/sessions/" + nowhere + "/requests/" + nowhere + "/link", body: object{}, unknown: true})
}

func taking(what string, body any) func(*estate) []try {
	return func(e *estate) []try {
		tries := requests(what, body)(e)
		for i := range tries {
			tries[i].path = strings.Replace(tries[i].path, "/requests/", "/participants/", 1)
		}
		return tries
	}
}

func seatOffers(what string) func(*estate) []try {
	return func(e *estate) (tries []try) {
		for _, r := range e.referrals {
			tries = append(tries, try{path: "/seat-offers/" + r.session + "." + r.id + ".9/" + what, body: object{}, on: is(r.on)})
		}
		return append(tries, try{path: "/seat-offers/" + nowhere + "/" + what, body: object{}, unknown: true})
	}
}

var someProviders = []string{"provider-a", "provider-b", "provider-58"}

func ofProvider(id string) policy.Resource {
	p, _ := sample.Directory().Provider(id)
	return policy.Resource{Fund: p.Fund, Department: p.Department, Provider: p.ID, Pool: p.ID}
}

func providers(path string) func(*estate) []try {
	return func(*estate) (tries []try) {
		for _, id := range someProviders {
			tries = append(tries, try{path: fmt.Sprintf(path, id), on: is(ofProvider(id))})
		}
		return append(tries, try{path: fmt.Sprintf(path, "none"), unknown: true})
	}
}

func flagging(e *estate) []try {
	e.number++
	return []try{{path: "/flags", body: senior(500 + e.number), on: own}}
}

// together is a list of flags, each a decision of its own: who reviews anywhere may send it.
func together(*estate) []try {
	on := func(a directory.Account) policy.Resource {
		return policy.Resource{Fund: a.Fund, Desk: strings.Join(a.Desks()[:min(1, len(a.Desks()))], "")}
	}
	return []try{{path: "/flags/validate", body: object{"ids": []string{nowhere}}, on: on}}
}

// contradiction is something that no sheet says.
var contradiction = object{"equipment": true, "financial_problem": true}

func closing(*estate) []try {
	of := func(fund string) func(directory.Account) policy.Resource { return is(policy.Resource{Fund: fund}) }
	return []try{
		{path: "/programmes/reperage-lr/close-campaign", body: object{"month": "2099-01"}, on: of("carsat-lr")},
		{path: "/programmes/accompagnement-bfc/close-campaign", body: object{"month": "2099-01"}, on: of("carsat-bfc")},
		{path: "/programmes/" + nowhere + "/close-campaign", body: object{"month": "2099-01"}, unknown: true},
	}
}

func referring(e *estate) (tries []try) {
	body := func(flag string) object { return object{"flag_id": flag, "session_id": e.sessions[0].id} }
	for _, f := range e.flags {
		tries = append(tries, try{path: "/referrals", body: body(f.id), on: is(f.on)})
	}
	return append(tries, try{path: "/referrals", body: body(nowhere), unknown: true})
}

func planning(*estate) (tries []try) {
	for _, id := range someProviders {
		tries = append(tries, try{path: "/sessions", body: workshopOf(id), on: is(ofProvider(id))})
	}
	return append(tries, try{path: "/sessions", body: workshopOf("none"), unknown: true})
}

func workshopOf(provider string) object {
	w := workshop(8)
	w["provider_id"] = provider
	return w
}

func registering(e *estate) []try {
	e.number++
	return []try{{path: "/providers", body: object{"name": fmt.Sprintf("Atelier Exemple %d", e.number), "insee": "34172"}, on: own}}
}

func registeringPlace(e *estate) []try {
	e.number++
	return []try{{path: "/places", body: object{"name": fmt.Sprintf("Espace Exemple %d", e.number), "insee": "34172"}, on: own}}
}

// ofPlace asks something of the place of provider-a.
func ofPlace(path string, body any) func(*estate) []try {
	return func(e *estate) []try {
		return []try{{path: fmt.Sprintf(path, e.place), body: body, on: is(ofProvider("provider-a"))}, {path: fmt.Sprintf(path, nowhere), body: body, unknown: true}}
	}
}

func providersSaid(path string, body any) func(*estate) []try {
	return func(e *estate) []try {
		tries := providers(path)(e)
		for i := range tries {
			tries[i].body = body
		}
		return tries
	}
}

func stocking(e *estate) (tries []try) {
	e.number++
	item := func(pool string) object {
		return object{"pool": pool, "kind": "tablet", "asset_tag": fmt.Sprintf("EX-%s-%d", pool, e.number)}
	}
	for _, id := range someProviders {
		tries = append(tries, try{path: "/equipment/items", body: item(id), on: is(ofProvider(id))})
	}
	for _, id := range []string{"montpellier", "nimes", "dijon"} {
		d, _ := sample.Directory().Desk(id)
		tries = append(tries, try{path: "/equipment/items", body: item(id), on: is(policy.Resource{Fund: d.Fund, Desk: id, Pool: id})})
	}
	return append(tries, try{path: "/equipment/items", body: item("none"), unknown: true})
}

// What the matrix tries on the directory, on lent tablets and on people who are erased.

var (
	nowhereAtAll = object{"kind": "desk", "id": "none"}
	abroad       = []string{"75"}
)

// Identifiers that only the estate knows.
const (
	aUnit   = "{unit}"
	aFunder = "{funder}"
)

var inLR, inBFC = policy.Resource{Fund: "carsat-lr"}, policy.Resource{Fund: "carsat-bfc"}

// managing tries something of the fund, of another one, and nothing at all.
func managing(path string, body any, ours, theirs string) func(*estate) []try {
	return func(e *estate) []try {
		id, ok := map[string]string{aUnit: e.unit, aFunder: e.funder}[ours]
		if !ok {
			id = ours
		}
		return []try{
			{path: fmt.Sprintf(path, id), body: body, on: is(inLR)}, {path: fmt.Sprintf(path, theirs), body: body, on: is(inBFC)},
			{path: fmt.Sprintf(path, "none"), body: body, unknown: true},
		}
	}
}

// programme is one that nobody has decided, so that it is refused to those who may make one.
func programme(version any) object {
	return object{
		"id": "exemple", "version": version, "name": "Programme Exemple", "kind": "permanent", "takes_flags": false, "opens": []object{{"from": "2022-01-01"}}, "age_over": 0,
		"lowest_gir": 0, "review_first": false, "reviewed": false, "one_open": "person", "desks": []string{}, "text_version": "", "text": "", "decision": "",
	}
}

// ending tries the last administrator, who stays, one of another fund, and nobody.
func ending(*estate) []try {
	body := object{"reason": "left"}
	return []try{
		{path: "/memberships/demo-admin-lr/end", body: body, on: is(inLR)}, {path: "/memberships/demo-admin-bfc/end", body: body, on: is(inBFC)},
		{path: "/memberships/none/end", body: body, unknown: true},
	}
}

func loans(path string, body any) func(*estate) []try {
	return func(e *estate) []try {
		return []try{
			{path: fmt.Sprintf(path, e.loan), body: body, on: is(ofProvider("provider-a"))}, {path: fmt.Sprintf(path, nowhere), body: body, unknown: true},
		}
	}
}

// lendables tries an item of provider-a.
func lendables(path string, body any) func(*estate) []try {
	return func(e *estate) []try {
		return []try{
			{path: fmt.Sprintf(path, e.item), body: body, on: is(ofProvider("provider-a"))}, {path: fmt.Sprintf(path, nowhere), body: body, unknown: true},
		}
	}
}

// transferring tries an item of provider-a, to where it is.
func transferring(e *estate) []try {
	return []try{
		{path: "/equipment/transfers", body: object{"item_id": e.item, "pool": "provider-a"}, on: is(ofProvider("provider-a"))},
		{path: "/equipment/transfers", body: object{"item_id": nowhere, "pool": "provider-a"}, unknown: true},
	}
}

// counting tries pools with a list in which nothing can be.
func counting(*estate) (tries []try) {
	for _, id := range someProviders {
		tries = append(tries, try{path: "/equipment/stocktakes", body: object{"pool": id, "asset_tags": []string{}}, on: is(ofProvider(id))})
	}
	return append(tries, try{path: "/equipment/stocktakes", body: object{"pool": "none", "asset_tags": []string{}}, unknown: true})
}

// asking tries somebody who has a tablet already.
func asking(e *estate) []try {
	return []try{
		{path: "/equipment/loans", body: object{"referral_id": e.borrower}, on: is(ofProvider("provider-a"))},
		{path: "/equipment/loans", body: object{"referral_id": nowhere}, unknown: true},
	}
}

// erasing takes somebody new each time: who is erased is not there for the next role.
func erasing(e *estate) []try {
	f := e.doomed[0]
	e.doomed = e.doomed[1:]
	tries := []try{{path: "/persons/" + f.person, on: is(f.on)}, {path: "/persons/" + nowhere, unknown: true}}
	for _, other := range e.flags {
		if other.on.Fund != f.on.Fund {
			tries = append(tries, try{path: "/persons/" + other.person, on: is(other.on)})
		}
	}
	return tries
}

// lend keeps a tablet of provider-a for somebody whom no other route touches.
func (e *estate) lend(h *house) {
	e.item = h.as("equipment-lr").post(http.StatusCreated, "/equipment/items", object{"pool": "provider-a", "kind": "tablet", "asset_tag": "EXEMPLE-MATRICE"}).text("id")
	advisor, provider, session := h.as("advisor-34"), h.as("provider-a"), e.sessions[0].id
	flag := advisor.post(http.StatusCreated, "/flags", seniorAt(690, "advisor-34", "34172")).text("id")
	referral := advisor.post(http.StatusCreated, "/referrals", object{"flag_id": flag, "session_id": session}).text("id")
	e.borrower = referral
	h.until(func() bool { return advisor.get("/referrals/"+referral).text("seat") == "held" })
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+referral+"/accept", object{})
	e.letter = referral + ".1"
	h.until(func() bool {
		answer, err := advisor.try(http.MethodGet, "/letters/"+e.letter, nil)
		return err == nil && answer.status == http.StatusOK
	})
	h.until(func() bool {
		items, _ := provider.get("/equipment/loans").body["items"].([]any)
		if len(items) == 0 {
			return false
		}
		loan, _ := items[0].(object)
		e.loan, _ = loan["id"].(string)
		return e.loan != ""
	})
}

// lettersDue tries the letter about the seat that a tablet is kept for, and none.
func lettersDue(path string, body any) func(*estate) []try {
	return func(e *estate) []try {
		here := policy.Resource{Fund: "carsat-lr", Department: "34", Desk: "montpellier", Author: "advisor-34"}
		return []try{{path: "/letters/" + e.letter + path, body: body, on: is(here)}, {path: "/letters/" + nowhere + path, body: body, unknown: true}}
	}
}

func (e *estate) doom(h *house) {
	author := h.as("advisor-34")
	for n := range 40 {
		made := author.post(http.StatusCreated, "/flags", seniorAt(700+n, "advisor-34", "34172"))
		e.doomed = append(e.doomed, someFlag{made.text("id"), made.text("person_id"), made.text("reference"), policy.Resource{
			Fund: "carsat-lr", Department: "34", Desk: "montpellier", Author: "advisor-34",
		}})
	}
}

// answeringSignals tries a signal that Montpellier was told, and none.
func answeringSignals(e *estate) []try {
	body := object{"status": "received"}
	tries := []try{{path: "/flags/" + nowhere + "/signals/" + nowhere + "/answer", body: body, unknown: true}}
	for _, s := range e.signals {
		tries = append(tries, try{path: "/flags/" + s.flag + "/signals/" + s.id + "/answer", body: body, on: is(s.on)})
	}
	return tries
}

type someSignal struct {
	flag, id string
	on       policy.Resource
}

// atDesks tries desks of the fund, of another department, of another fund, and none.
func atDesks(path string) func(*estate) []try {
	return func(*estate) (tries []try) {
		for _, id := range []string{"montpellier", "nimes", "plateforme-telephonique", "nevers", "nievre"} {
			desk, _ := sample.Directory().Desk(id)
			tries = append(tries, try{path: fmt.Sprintf(path, id), on: is(policy.Resource{Fund: desk.Fund, Desk: id, Unit: desk.Unit()})})
		}
		return append(tries, try{path: fmt.Sprintf(path, "none"), unknown: true})
	}
}

// someOther is a draft that nobody has.
const someOther = "01939d2c-0000-7000-8000-000000000001"

// begin lets everybody who flags people begin a sheet.
func (e *estate) begin(h *house) {
	for _, a := range oneOfEachRole() {
		if policy.May(a, policy.CreateFlag) {
			h.as(a.ID).do(http.StatusOK, http.MethodPut, "/flags/drafts/"+nowhere, object{"sheet": object{}})
		}
	}
}

// signal tells Montpellier of somebody whom the unit knows. Whoever works there is an advisor of Nîmes too.
func (e *estate) signal(h *house, admin *caller) {
	admin.post(http.StatusCreated, "/memberships", object{"account": "advisor-30", "role": "advisor", "scope": object{"kind": "desk", "id": e.unit}})
	worker := h.as("advisor-30")
	worker.learn(admin)
	sheet := seniorAt(960, "advisor-30", "48095")
	sheet["desk"], sheet["first_contact"] = e.unit, "social_worker"
	flag := worker.post(http.StatusCreated, "/flags", sheet).text("id")
	signal := worker.post(http.StatusCreated, "/flags/"+flag+"/signals", object{"to_desk": "montpellier", "topic": "account"}).text("id")
	e.signals = append(e.signals, someSignal{flag, signal, policy.Resource{Fund: "carsat-lr", Desk: "montpellier"}})
}

// recommending tries an agency of the fund and a unit of another one.
func recommending(*estate) (tries []try) {
	for _, desk := range []string{"montpellier", "nievre", "none"} {
		t := try{path: "/recommendations", body: object{"title": "Un atelier par mois", "text": "À l'accueil", "unit": desk}, unknown: desk == "none"}
		if d, ok := sample.Directory().Desk(desk); ok {
			t.on = is(policy.Resource{Fund: d.Fund, Desk: desk})
		}
		tries = append(tries, t)
	}
	return tries
}

func deciding(e *estate) []try {
	body := object{"status": "adopted"}
	return []try{{path: "/recommendations/" + e.advice + "/status", body: body, on: is(inLR)}, {path: "/recommendations/" + nowhere + "/status", body: body, unknown: true}}
}

// followed is an import that advisor-34 began: others are told of none.
func followed(e *estate) []try {
	return []try{{path: "/imports/" + e.imported, on: own, mine: "advisor-34"}, {path: "/imports/" + nowhere, on: own, unknown: true}}
}
