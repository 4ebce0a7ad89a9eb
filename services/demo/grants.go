package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	grantsInAll = 8 // people
	macarsat    = "m@carsat"
	equipement  = "equipement-lr"
	endOfLine   = 50 // working days before the end of the year: a line of three months begins
)

type (
	// openGrants says what two programmes give: equipment with six hours, and equipment with a line.
	openGrants struct{}
	// equip gives somebody something, as far as it went by the end of the year.
	equip struct {
		flag, n int
		at      time.Time
	}
)

func (openGrants) lane(*Story) string { return "grants" }
func (equip) lane(*Story) string      { return "grants" }

func (openGrants) do(ctx context.Context, p *play, _ client.RequestEditorFn) error {
	from, to := reference.Day(p.Today.AddDate(-1, 0, 0)), reference.Day(p.Today.AddDate(1, 0, -1))
	for n, g := range []client.NewGrant{
		{Programme: equipement, Decision: "Exemple LR 2020-12-03", Quota: 500, Minutes: new(360), From: from, To: to},
		{Programme: macarsat, Decision: "Exemple LR, reconduction fictive", Quota: 40, Minutes: new(0), ConnectionMonths: new(12), From: from, To: to},
	} {
		if _, err := p.as("partnership-lr").OpenGrantWithResponse(ctx, g, client.Key(fmt.Sprint("demo-grant-", n))); err != nil {
			return err
		}
	}
	return nil
}

// meant tells whether a sheet says that somebody of Languedoc-Roussillon has nothing, for want of money, and is fragile.
func meant(s client.NewFlag) bool {
	return s.Programme == "reperage-lr" && s.Person != nil && s.Answers != nil && s.Profile != nil && no(s.Answers.Equipment) &&
		s.Answers.FinancialProblem != nil && *s.Answers.FinancialProblem && s.Profile.FamilySituation != nil && *s.Profile.FamilySituation == "single"
}

func no(b *bool) bool { return b != nil && !*b }

// equipped chooses people, and a day for each.
func (w *writing) equipped() {
	w.on(0, openGrants{})
	n := 0
	for i, f := range w.flags {
		if n == grantsInAll || !strings.HasPrefix(f.author, "advisor-") || !meant(f.sheet) {
			continue
		}
		day := max(0, len(w.waves)-endOfLine+4*n)
		w.on(day, equip{i, n, w.waves[day].at})
		n++
	}
}

// do leaves out whom nobody can equip any more: the flag went to another desk, or the person is equipped already.
func (a equip) do(ctx context.Context, p *play, _ client.RequestEditorFn) error {
	err := a.give(ctx, p)
	var refused *client.Problem
	if errors.As(err, &refused) && slices.Contains([]int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity}, refused.Status) {
		return nil
	}
	return err
}

func (a equip) give(ctx context.Context, p *play) error {
	flag, err := p.as(p.flags[a.flag].author).GetFlagWithResponse(ctx, p.flagIDs[a.flag])
	if err != nil || flag.JSON200.PersonID == nil {
		return err
	}
	g := &equipping{ctx: ctx, as: p.as("equipment-lr"), name: fmt.Sprint("demo-equip-", a.n, "-")}
	if a.n%4 == 3 { // an advisor asks, and nobody has answered yet
		_, err := p.as(p.flags[a.flag].author).RequestEntitlementWithResponse(ctx, client.NewEntitlement{Programme: equipement, PersonID: *flag.JSON200.PersonID}, g.key())
		return err
	}
	programme := equipement
	if a.n%4 == 0 {
		programme = macarsat
	}
	g.ask(programme, *flag.JSON200.PersonID)
	g.item(fmt.Sprintf("EXEMPLE-DON-%02d", a.n))
	if programme == macarsat {
		g.line(a.at)
	} else {
		g.coach(a.at, p.Today, a.n)
	}
	return g.err
}

// equipping is one request after the other, until one is refused. Each has its own key: the act may be played again.
type equipping struct {
	ctx      context.Context
	as       *client.ClientWithResponses
	name, id string
	n        int
	err      error
}

func (g *equipping) key() client.RequestEditorFn {
	g.n++
	return client.Key(fmt.Sprint(g.name, g.n))
}

func (g *equipping) ask(programme, person string) {
	asked, err := g.as.RequestEntitlementWithResponse(g.ctx, client.NewEntitlement{Programme: programme, PersonID: person}, g.key())
	if g.err = err; err == nil {
		g.id = asked.JSON201.ID
	}
}

func (g *equipping) item(tag string) {
	if g.err == nil {
		_, g.err = g.as.CreateItemWithResponse(g.ctx, client.NewItem{Pool: "carsat-lr", Kind: "tablet", AssetTag: tag}, g.key())
	}
	if g.err == nil {
		_, g.err = g.as.GiveItemWithResponse(g.ctx, g.id, client.GivenItem{AssetTag: tag}, g.key())
	}
}

// line begins on the day, and ends three months later.
func (g *equipping) line(at time.Time) {
	if g.err == nil {
		_, g.err = g.as.BeginConnectionWithResponse(g.ctx, g.id, client.NewConnection{StartsOn: reference.Day(at), Months: new(3), Line: new("mobile")}, g.key())
	}
}

// coach accompanies for a while on the first day, and has an appointment after the end of the year.
func (g *equipping) coach(at, today time.Time, n int) {
	if g.err == nil {
		_, g.err = g.as.NameCoachWithResponse(g.ctx, g.id, client.NewCoach{ProviderID: new("provider-a")}, g.key())
	}
	if g.err == nil {
		_, g.err = g.as.UseHoursWithResponse(g.ctx, g.id, client.UsedHours{Date: reference.Day(at), Minutes: 45 + 30*n}, g.key())
	}
	if g.err == nil {
		next := client.NewAppointment{StartsAt: today.AddDate(0, 0, n%5).Add(14 * time.Hour), Minutes: 60, Place: []string{"home", "phone"}[n%2]}
		_, g.err = g.as.MakeAppointmentWithResponse(g.ctx, g.id, next, g.key())
	}
}
