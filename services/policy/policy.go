// Package policy says who may do what. It is pure: an actor, an action and what the action touches go in,
// a decision comes out, and what is not allowed is denied.
package policy

import (
	"slices"

	"example.org/passerelle/pkg/directory"
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

// The decisions, from no to yes. Elsewhere: the role may, but not here, and the caller is not to learn that it exists.
// Own: the role may, but nobody does this to what they made themselves.
const (
	Never Decision = iota
	Elsewhere
	Own
	Allowed
)

// Can decides: one grant of the actor that allows is enough. What no row of the table gives is denied.
func Can(actor directory.Account, action Action, on Resource) Decision {
	decision := Never
	for _, grant := range actor.Grants {
		for _, right := range given[action][grant.Role] {
			decision = max(decision, right.can(by{actor.ID, grant}, on))
		}
	}
	return decision
}

// May tells whether one of the roles may do such a thing at all, somewhere.
func May(actor directory.Account, action Action) bool {
	return slices.ContainsFunc(actor.Grants, func(g directory.Grant) bool { return len(given[action][g.Role]) > 0 })
}

// given is the table by action and role.
var given = func() map[Action]map[directory.Role][]reach {
	all := map[Action]map[directory.Role][]reach{}
	for _, row := range table {
		for _, action := range row.Actions {
			row.give(all, action)
		}
	}
	return all
}()

func (r Row) give(all map[Action]map[directory.Role][]reach, action Action) {
	if all[action] == nil {
		all[action] = map[directory.Role][]reach{}
	}
	for role, right := range r.Rights {
		if right.gives(action) {
			all[action][role] = append(all[action][role], right.where)
		}
	}
}
