package policy

import (
	"slices"

	"example.org/passerelle/pkg/directory"
)

// Reach is all that an account may do something to, as lists: what Can answers one by one, for those who ask for many.
type Reach struct {
	Everything  bool // whatever it is
	AllFunds    bool
	Funds       []string
	Territories []Territory
	Cards       []Card
	Desks       []string
	NotBy       string // of the desks, nothing that this account made
	Authors     []string
	Providers   []string
	Pools       []string
}

// Territory is some departments of a fund; Fund is empty for all funds, and Departments for all of the fund.
type Territory struct {
	Fund        string
	Departments []string
}

// Card is a fund of which everybody may be found, but of its units only those of some desks.
type Card struct {
	Fund  string // empty: of all funds
	Desks []string
}

// ReachOf is what the account may do something to.
func ReachOf(actor directory.Account, action Action) (r Reach) {
	for _, grant := range actor.Grants {
		for _, where := range given[action][grant.Role] {
			r.add(where, by{actor.ID, grant})
		}
	}
	return r
}

func (r *Reach) add(where reach, a by) {
	switch where {
	case desk, deskNotOwn:
		r.Desks = with(r.Desks, a.Desks...)
		if where == deskNotOwn {
			r.NotBy = a.account
		}
	case author:
		r.Authors = with(r.Authors, a.account)
	case provider:
		r.Providers = with(r.Providers, a.Provider)
	case pool:
		r.Pools = with(r.Pools, a.Pool)
	case deskPool:
		r.Pools = with(r.Pools, a.Desks...)
	case fund:
		r.Funds, r.AllFunds = with(r.Funds, a.Fund), r.AllFunds || a.Fund == ""
	case territory:
		r.Territories = append(r.Territories, Territory{a.Fund, a.Territory})
	case card:
		r.Cards = append(r.Cards, Card{a.Fund, a.Desks})
	case everywhere:
		r.Everything = true
	}
}

func with(list []string, more ...string) []string {
	for _, one := range more {
		if one != "" && !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// Holds tells whether it is within reach.
func (r Reach) Holds(on Resource) bool {
	ofFund := func(fund string) bool { return on.Fund != "" && (fund == "" || fund == on.Fund) }
	return r.Everything || on.Fund != "" && (r.AllFunds || slices.Contains(r.Funds, on.Fund)) ||
		has(r.Desks, on.Desk) && (r.NotBy == "" || r.NotBy != on.Author) ||
		has(r.Authors, on.Author) || has(r.Providers, on.Provider) || has(r.Pools, on.Pool) ||
		slices.ContainsFunc(r.Territories, func(t Territory) bool {
			return ofFund(t.Fund) && (on.Department == "" || t.Fund == "" || slices.Contains(t.Departments, on.Department))
		}) ||
		slices.ContainsFunc(r.Cards, func(c Card) bool {
			return ofFund(c.Fund) && on.Desk != "" && (!on.Unit || slices.Contains(c.Desks, on.Desk))
		})
}
