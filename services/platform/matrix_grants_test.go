package platform_test

import (
	"fmt"
	"net/http"
	"time"

	"example.org/passerelle/pkg/paris"
)

// aGrant is what a programme gives to so many people, from now on.
func aGrant(programme string, quota, months int) object {
	return object{
		"programme": programme, "decision": "Exemple LR 2020-12-03", "quota": quota, "minutes": 360, "connection_months": months, "from": "2021-01-01", "to": "2099-12-31",
	}
}

// grant gives something to the person of the first flag, with provider-a as coach and an appointment.
func (e *estate) grant(h *house) {
	officer, manager := h.as("partnership-lr"), h.as("equipment-lr")
	officer.post(http.StatusCreated, "/grants", aGrant("equipement-lr", 500, 0))
	manager.learn(officer)
	manager.learn(h.as("advisor-34"))
	e.granted = manager.post(http.StatusCreated, "/entitlements", object{"programme": "equipement-lr", "person_id": e.flags[0].person}).text("id")
	manager.post(http.StatusOK, "/entitlements/"+e.granted+"/coach", object{"provider_id": "provider-a"})
	manager.post(http.StatusCreated, "/entitlements/"+e.granted+"/appointments", object{"starts_at": time.Now().Add(time.Hour), "minutes": 60, "place": "home"})
}

// entitlements tries what the person of the first flag is given, and nothing at all.
func entitlements(path string, body any) func(*estate) []try {
	return func(e *estate) []try {
		on := e.flags[0].on
		on.Provider = "provider-a"
		return []try{{path: fmt.Sprintf(path, e.granted), body: body, on: is(on)}, {path: fmt.Sprintf(path, nowhere), body: body, unknown: true}}
	}
}

// entitling asks for each person under a programme that gives nothing.
func entitling(e *estate) (tries []try) {
	for _, f := range e.flags {
		tries = append(tries, try{path: "/entitlements", body: object{"programme": "none", "person_id": f.person}, on: is(f.on)})
	}
	return append(tries, try{path: "/entitlements", body: object{"programme": "none", "person_id": nowhere}, unknown: true})
}

// grants is what happens to somebody whom a programme equips and accompanies, and to somebody who is refused.
func (w watching) grants(advisor, manager, coach *caller, one, two string) {
	w.Helper()
	officer := w.as("partnership-lr")
	officer.post(http.StatusCreated, "/grants", aGrant("equipement-lr", 500, 12))
	advisor.learn(officer)
	asked := advisor.post(http.StatusCreated, "/entitlements", object{"programme": "equipement-lr", "person_id": one})
	w.want("requestEntitlement", asked, one)
	manager.learn(advisor)
	path := "/entitlements/" + asked.text("id")
	w.want("getEntitlement", manager.get(path), one)
	w.want("listEntitlements", manager.get("/entitlements"), one)
	w.want("approveEntitlement", manager.post(http.StatusOK, path+"/approve", object{}), one)
	w.want("nameCoach", manager.post(http.StatusOK, path+"/coach", object{"provider_id": "provider-a"}), one)
	manager.post(http.StatusCreated, "/equipment/items", object{"pool": "carsat-lr", "kind": "tablet", "asset_tag": "EX-DON"})
	w.want("giveItem", manager.post(http.StatusOK, path+"/give-item", object{"asset_tag": "EX-DON"}), one)
	today := paris.Day(time.Now())
	w.want("beginConnection", manager.post(http.StatusOK, path+"/connection", object{"starts_on": today}), one)
	coach.learn(manager)
	w.want("useHours", coach.post(http.StatusOK, path+"/hours", object{"minutes": 10, "date": today}), one)
	meet := object{"starts_at": time.Now().Add(time.Minute), "minutes": 60, "place": "home"}
	w.want("makeAppointment", coach.post(http.StatusCreated, path+"/appointments", meet), one)
	w.want("listAppointments", coach.get("/appointments?from="+today), one)
	w.want("moveAppointment", coach.post(http.StatusOK, path+"/appointments/1/move", meet), one)
	w.want("missAppointment", coach.post(http.StatusOK, path+"/appointments/1/missed", object{"reason": "ill"}), one)
	w.refused("keepAppointment", coach.post(http.StatusConflict, path+"/appointments/1/done", object{"minutes": 60}), one)
	w.refused("releaseEntitlement", manager.post(http.StatusConflict, path+"/release", object{"reason": "moved"}), one)
	w.want("endEntitlement", manager.post(http.StatusOK, path+"/end", object{"reason": "moved"}), one)
	other := advisor.post(http.StatusCreated, "/entitlements", object{"programme": "equipement-lr", "person_id": two})
	manager.learn(advisor)
	w.want("refuseEntitlement", manager.post(http.StatusOK, "/entitlements/"+other.text("id")+"/refuse", object{"reason": "other"}), two)
}
