// Package policy says who may do what. It is pure: an actor, an action and what the action touches go in,
// a decision comes out, and what is not allowed is denied.
package policy

import (
	"slices"

	"example.org/passerelle/pkg/directory"
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
	ReadMembership   Action = "membership.read"
	ManageMembership Action = "membership.manage"
	ManageDirectory  Action = "directory.manage"
)

// Resource is what the action touches; a service fills in what it knows.
type Resource struct {
	Fund       string
	Department string
	Desk       string
	Unit       bool   // the desk is one of the social service
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

// Can decides: one grant of the actor that allows is enough. An unknown action is denied.
func Can(actor directory.Account, action Action, on Resource) Decision {
	decision := Never
	for _, grant := range actor.Grants {
		rule, ok := rules[action][grant.Role]
		switch {
		case !ok:
		case rule(by{actor.ID, grant}, on):
			return Allowed
		default:
			decision = Elsewhere
		}
	}
	return decision
}

// May tells whether the role may do such a thing at all, somewhere.
func May(actor directory.Account, action Action) bool {
	return slices.ContainsFunc(actor.Grants, func(g directory.Grant) bool { return rules[action][g.Role] != nil })
}

// by is one grant of who asks: what one allows, another does not widen.
type by struct {
	account string
	directory.Grant
}

type rule func(by, Resource) bool

var rules = map[Action]map[directory.Role]rule{
	CreateFlag: {
		directory.Advisor: ownDesk, directory.PhoneAdvisor: ownDesk, directory.Referent: ownDesk,
		directory.Evaluator: territory, directory.Partner: territory,
	},
	ReadFlag: {
		directory.Advisor: ownDesk, directory.PhoneAdvisor: ownDesk, directory.Referent: ownDesk,
		directory.Evaluator: author, directory.Partner: author,
	},
	ReviewFlag: {directory.Referent: ownDesk},
	SearchPerson: {
		directory.Advisor: card, directory.PhoneAdvisor: card, directory.Referent: card, directory.Evaluator: card, directory.Privacy: card,
	},
	Refer: {directory.Advisor: ownDesk, directory.PhoneAdvisor: ownDesk, directory.Referent: ownDesk},
	ReadReferral: {
		directory.Advisor: ownDesk, directory.PhoneAdvisor: ownDesk, directory.Referent: ownDesk,
		directory.Evaluator: author, directory.ProviderRole: ownProvider, directory.Partnership: fund,
	},
	PlanSession: {directory.ProviderRole: ownProvider, directory.Partnership: fund},
	ReadSession: {
		directory.Advisor: anywhere, directory.PhoneAdvisor: anywhere, directory.Referent: anywhere, directory.Evaluator: anywhere,
		directory.ProviderRole: anywhere, directory.Partnership: anywhere, directory.EquipmentRole: anywhere,
		directory.FundingRole: anywhere, directory.Analyst: anywhere,
	},
	ReadSeats:        {directory.ProviderRole: ownProvider, directory.Partnership: fund},
	AnswerRequest:    {directory.ProviderRole: ownProvider, directory.Partnership: fund},
	RegisterItem:     {directory.ProviderRole: ownPool, directory.EquipmentRole: fund, directory.Advisor: ownPoolOfDesk},
	ReadItem:         {directory.ProviderRole: ownPool, directory.EquipmentRole: fund, directory.Advisor: ownPoolOfDesk},
	RegisterProvider: {directory.Partnership: fund},
	ReadFunnel: {
		directory.Advisor: ownDesk, directory.PhoneAdvisor: ownDesk, directory.Referent: ownDesk, directory.Evaluator: author,
		directory.ProviderRole: ownProvider, directory.Partnership: fund, directory.FundingRole: fund, directory.Analyst: fundOrAll,
	},
	ReadCapacity: {
		directory.Advisor: territory, directory.PhoneAdvisor: territory, directory.Referent: territory, directory.Evaluator: territory,
		directory.ProviderRole: ownProvider, directory.Partnership: fund, directory.FundingRole: fund, directory.Analyst: fundOrAll,
	},
	ReadMembership:   {directory.Administrator: fund, directory.ProviderRole: ownProvider},
	ManageMembership: {directory.Administrator: fund, directory.ProviderRole: ownProvider},
	ManageDirectory:  {directory.Administrator: fund},
}

func anywhere(by, Resource) bool { return true }

func fund(a by, on Resource) bool { return a.Fund == on.Fund }

// fundOrAll is for those who work for all funds, too.
func fundOrAll(a by, on Resource) bool { return a.Fund == "" || fund(a, on) }

// card is for the whole fund, but nobody outside a unit of the social service learns whom it knows.
func card(a by, on Resource) bool {
	return fund(a, on) && on.Desk != "" && (!on.Unit || ownDesk(a, on))
}

func ownDesk(a by, on Resource) bool { return slices.Contains(a.Desks, on.Desk) }

func territory(a by, on Resource) bool {
	return a.Fund == on.Fund && (on.Department == "" || a.Covers(on.Department))
}

func author(a by, on Resource) bool { return a.account == on.Author }

func ownProvider(a by, on Resource) bool { return a.Provider != "" && a.Provider == on.Provider }

func ownPool(a by, on Resource) bool { return a.Pool != "" && a.Pool == on.Pool }

func ownPoolOfDesk(a by, on Resource) bool { return slices.Contains(a.Desks, on.Pool) }
