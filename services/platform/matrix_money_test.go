package platform_test

import (
	"fmt"
	"net/http"
)

// money is a call, a project of provider-a under it, a committee that talks about it, and a decision.
type money struct{ call, project, committee, decision string }

func (e *estate) fund(h *house) {
	officer, provider := h.as("funding-lr"), h.as("provider-a")
	e.money.call = officer.post(http.StatusCreated, "/calls", object{"name": "Appel Exemple", "opens": "2020-01-01", "closes": "2099-12-31"}).text("id")
	provider.learn(officer)
	e.money.project = provider.post(http.StatusCreated, "/calls/"+e.money.call+"/projects", object{"name": "Projet Exemple", "cost_cents": 1000, "asked_cents": 270}).text("id")
	officer.learn(provider)
	e.money.committee = officer.post(http.StatusCreated, "/committees", object{"date": "2021-05-06"}).text("id")
	e.money.decision = officer.post(http.StatusCreated, "/decisions", object{"date": "2021-05-06", "total_cents": 1, "lines": []object{{"label": "Exemple", "amount_cents": 1}}}).text("id")
}

// ofMoney tries something of the fund's money, and nothing at all.
func ofMoney(path string, body any, which func(money) string) func(*estate) []try {
	return func(e *estate) []try {
		return []try{
			{path: fmt.Sprintf(path, which(e.money)), body: body, on: is(inLR)}, {path: fmt.Sprintf(path, nowhere), body: body, unknown: true},
		}
	}
}

// ofProject tries the project of provider-a.
func ofProject(path string, body any) func(*estate) []try {
	return func(e *estate) []try {
		return []try{
			{path: fmt.Sprintf(path, e.money.project), body: body, on: is(ofProvider("provider-a"))}, {path: fmt.Sprintf(path, nowhere), body: body, unknown: true},
		}
	}
}

// proposing tries a project that asks for more than it costs.
func proposing(e *estate) []try {
	body := object{"name": "Exemple", "cost_cents": 1, "asked_cents": 2}
	return []try{
		{path: "/calls/" + e.money.call + "/projects", body: body, on: own}, {path: "/calls/" + nowhere + "/projects", body: body, unknown: true},
	}
}

func theCall(m money) string      { return m.call }
func theCommittee(m money) string { return m.committee }
func theDecision(m money) string  { return m.decision }
