package platform

import (
	"net/http"
	"time"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/portal"
	"example.org/passerelle/services/reference"
)

// mountPages puts the portal beside the REST surface that it is a client of.
func (i *installation) mountPages(server *web.Server, address string) {
	pages := portal.New(portal.Config{
		API: web.Inside(server), Address: address, Pool: i.pool, Demo: demoAccounts(), Now: time.Now, Log: i.log,
	})
	for _, r := range pages.Routes() {
		server.Handle(r.Method, r.Path, pages)
	}
	server.Handle(http.MethodGet, "/static/{file...}", pages)
	server.Otherwise(pages)
}

// groups are the headings of the sign-in page.
var groups = map[reference.Role]string{
	reference.Advisor: "Signaler et orienter", reference.PhoneAdvisor: "Signaler et orienter", reference.Evaluator: "Signaler et orienter",
	reference.Partner: "Signaler et orienter", reference.Referent: "Valider", reference.ProviderRole: "Animer des ateliers",
	reference.Partnership: "Animer des ateliers", reference.EquipmentRole: "Piloter", reference.FundingRole: "Piloter", reference.Analyst: "Piloter",
	reference.Administrator: "Administrer", reference.Privacy: "Administrer",
}

func demoAccounts() []portal.Account {
	var list []portal.Account
	for _, a := range reference.Accounts() {
		list = append(list, portal.Account{ID: a.ID, Label: a.Label, Group: groups[a.Role]})
	}
	return list
}
