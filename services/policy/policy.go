// Package policy says who may do what. It is pure: an actor, an action and what the action touches go in,
// a decision comes out, and what is not allowed is denied.
package policy

import (
	"slices"

	"example.org/passerelle/services/reference"
)

// Action is something a caller asks to do.
type Action string

// The actions.
const (
	CreateFlag       Action = "flag.create"
	ReadFlag         Action = "flag.read"
	ReviewFlag       Action = "flag.review"
	SearchPerson     Action = "person.search" // gives a card; who may also read the flag sees the person
	Refer            Action = "referral.open"
	ReadReferral     Action = "referral.read"
	PlanSession      Action = "session.plan"
	ReadSession      Action = "session.read"
	ReadSeats        Action = "session.seats"
	AnswerRequest    Action = "request.answer"
	RegisterItem     Action = "item.register"
	ReadItem         Action = "item.read"
	RegisterProvider Action = "provider.register"
	ReadFunnel       Action = "figures.funnel"
	ReadCapacity     Action = "figures.capacity"
)

// Resource is what the action touches; a service fills in what it knows.
type Resource struct {
	Fund       string
	Department string
	Desk       string
	Author     string // account
	Provider   string
	Pool       string
}

// Decision is the answer.
type Decision int

// The decisions. Elsewhere: the role may, but not here, and the caller is not to learn that it exists.
const (
	Never Decision = iota
	Elsewhere
	Allowed
)

// Can decides. An unknown action is denied.
func Can(actor reference.Account, action Action, on Resource) Decision {
	rule, ok := rules[action][actor.Role]
	if !ok {
		return Never
	}
	if !rule(actor, on) {
		return Elsewhere
	}
	return Allowed
}

// May tells whether the role may do such a thing at all, somewhere.
func May(actor reference.Account, action Action) bool {
	_, ok := rules[action][actor.Role]
	return ok
}

type rule func(reference.Account, Resource) bool

var rules = map[Action]map[reference.Role]rule{
	CreateFlag: {
		reference.Advisor: ownDesk, reference.PhoneAdvisor: ownDesk, reference.Referent: ownDesk,
		reference.Evaluator: territory, reference.Partner: territory,
	},
	ReadFlag: {
		reference.Advisor: ownDesk, reference.PhoneAdvisor: ownDesk, reference.Referent: ownDesk,
		reference.Evaluator: author, reference.Partner: author,
	},
	ReviewFlag: {reference.Referent: ownDesk},
	SearchPerson: {
		reference.Advisor: card, reference.PhoneAdvisor: card, reference.Referent: card, reference.Evaluator: card, reference.Privacy: card,
	},
	Refer: {reference.Advisor: ownDesk, reference.PhoneAdvisor: ownDesk, reference.Referent: ownDesk},
	ReadReferral: {
		reference.Advisor: ownDesk, reference.PhoneAdvisor: ownDesk, reference.Referent: ownDesk,
		reference.Evaluator: author, reference.ProviderRole: ownProvider, reference.Partnership: fund,
	},
	PlanSession: {reference.ProviderRole: ownProvider, reference.Partnership: fund},
	ReadSession: {
		reference.Advisor: anywhere, reference.PhoneAdvisor: anywhere, reference.Referent: anywhere, reference.Evaluator: anywhere,
		reference.ProviderRole: anywhere, reference.Partnership: anywhere, reference.EquipmentRole: anywhere,
		reference.FundingRole: anywhere, reference.Analyst: anywhere,
	},
	ReadSeats:        {reference.ProviderRole: ownProvider, reference.Partnership: fund},
	AnswerRequest:    {reference.ProviderRole: ownProvider, reference.Partnership: fund},
	RegisterItem:     {reference.ProviderRole: ownPool, reference.EquipmentRole: fund, reference.Advisor: ownPoolOfDesk},
	ReadItem:         {reference.ProviderRole: ownPool, reference.EquipmentRole: fund, reference.Advisor: ownPoolOfDesk},
	RegisterProvider: {reference.Partnership: fund},
	ReadFunnel: {
		reference.Advisor: ownDesk, reference.PhoneAdvisor: ownDesk, reference.Referent: ownDesk, reference.Evaluator: author,
		reference.ProviderRole: ownProvider, reference.Partnership: fund, reference.FundingRole: fund, reference.Analyst: fundOrAll,
	},
	ReadCapacity: {
		reference.Advisor: territory, reference.PhoneAdvisor: territory, reference.Referent: territory, reference.Evaluator: territory,
		reference.ProviderRole: ownProvider, reference.Partnership: fund, reference.FundingRole: fund, reference.Analyst: fundOrAll,
	},
}

func anywhere(reference.Account, Resource) bool { return true }

func fund(a reference.Account, on Resource) bool { return a.Fund == on.Fund }

// fundOrAll is for those who work for all funds, too.
func fundOrAll(a reference.Account, on Resource) bool { return a.Fund == "" || fund(a, on) }

// card is for the whole fund, but nobody outside a unit of the social service learns whom it knows.
func card(a reference.Account, on Resource) bool {
	desk, ok := reference.FindDesk(on.Desk)
	return ok && fund(a, on) && (desk.Kind != "unit" || ownDesk(a, on))
}

func ownDesk(a reference.Account, on Resource) bool { return slices.Contains(a.Desks, on.Desk) }

func territory(a reference.Account, on Resource) bool {
	return a.Fund == on.Fund && (on.Department == "" || a.Covers(on.Department))
}

func author(a reference.Account, on Resource) bool { return a.ID == on.Author }

func ownProvider(a reference.Account, on Resource) bool {
	return a.Provider != "" && a.Provider == on.Provider
}

func ownPool(a reference.Account, on Resource) bool { return a.Provider != "" && a.Provider == on.Pool }

func ownPoolOfDesk(a reference.Account, on Resource) bool { return slices.Contains(a.Desks, on.Pool) }
