package platform_test

import (
	"fmt"
	"net/http"

	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
)

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
	h.as("equipment-lr").post(http.StatusCreated, "/equipment/items", object{"pool": "provider-a", "kind": "tablet", "asset_tag": "EXEMPLE-MATRICE"})
	advisor, provider, session := h.as("advisor-34"), h.as("provider-a"), e.sessions[0].id
	flag := advisor.post(http.StatusCreated, "/flags", seniorAt(690, "advisor-34", "34172")).text("id")
	referral := advisor.post(http.StatusCreated, "/referrals", object{"flag_id": flag, "session_id": session}).text("id")
	h.until(func() bool { return advisor.get("/referrals/"+referral).text("seat") == "held" })
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+referral+"/accept", object{})
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

func (e *estate) doom(h *house) {
	author := h.as("advisor-34")
	for n := range 40 {
		made := author.post(http.StatusCreated, "/flags", seniorAt(700+n, "advisor-34", "34172"))
		e.doomed = append(e.doomed, someFlag{made.text("id"), made.text("person_id"), policy.Resource{
			Fund: "carsat-lr", Department: "34", Desk: "montpellier", Author: "advisor-34",
		}})
	}
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
