package domain

import (
	"fmt"
	"slices"
	"strings"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

// scopes are the kinds of scopes that each role goes with.
var scopes = map[directory.Role][]string{
	directory.Advisor:       {directory.ScopeDesk},
	directory.PhoneAdvisor:  {directory.ScopeDesk},
	directory.Evaluator:     {directory.ScopeDepartment},
	directory.Referent:      {directory.ScopeDesk, directory.ScopeDepartment, directory.ScopeFund},
	directory.Partnership:   {directory.ScopeFund},
	directory.ProviderRole:  {directory.ScopeProvider},
	directory.Partner:       {directory.ScopeOrganisation},
	directory.EquipmentRole: {directory.ScopeFund, directory.ScopePool},
	directory.FundingRole:   {directory.ScopeFund},
	directory.Analyst:       {directory.ScopeFund, directory.ScopeNetwork},
	directory.Administrator: {directory.ScopeFund},
	directory.Privacy:       {directory.ScopeFund},
}

// ScopesOf are the kinds of scopes that a role goes with.
func ScopesOf(role directory.Role) []string { return slices.Clone(scopes[role]) }

// scopeFaults says what is wrong with a role in a scope.
func (f Fund) scopeFaults(role directory.Role, scope directory.Scope) refusal.Faults {
	kinds, ok := scopes[role]
	switch {
	case !ok:
		return refusal.Faults{{Field: "role", Code: "unknown_role", Detail: "There is no such role."}}
	case !slices.Contains(kinds, scope.Kind):
		return refusal.Faults{{Field: "scope.kind", Code: "wrong_scope",
			Detail: fmt.Sprintf("The role %s goes with %s.", role, strings.Join(kinds, " or "))}}
	}
	there, closed := f.scope(role, scope)
	switch {
	case !there:
		return refusal.Faults{{Field: "scope.id", Code: "unknown_scope", Detail: "The fund has no such place for this role. Look for it in the directory."}}
	case closed:
		return refusal.Faults{{Field: "scope.id", Code: "closed", Detail: "It is closed, and takes nobody new."}}
	}
	return nil
}

// scope tells whether the fund has such a place for the role, and whether that is closed.
func (f Fund) scope(role directory.Role, scope directory.Scope) (there, closed bool) {
	switch scope.Kind {
	case directory.ScopeNetwork:
		return scope.ID == "" && f.ID == "", false
	case directory.ScopeFund:
		return f.Known() && scope.ID == f.ID, false
	case directory.ScopeDepartment:
		return slices.Contains(f.Departments, scope.ID), false
	case directory.ScopeDesk:
		desk, ok := f.Desk(scope.ID)
		return ok && suits(role, desk), desk.Closed
	case directory.ScopeProvider:
		return f.organisation(scope.ID, directory.KindProvider)
	case directory.ScopeOrganisation:
		return f.organisation(scope.ID, KindPartner)
	case directory.ScopePool:
		return f.pool(scope.ID)
	}
	return false, false
}

// The kinds of organisations beside providers.
const (
	KindPartner = "partner"
	KindFunder  = "funder"
	KindOther   = "other"
)

// suits tells whether a role is one of such a desk: those who answer the phone of the platform see the whole fund.
func suits(role directory.Role, d directory.Desk) bool {
	return (role == directory.PhoneAdvisor) == (d.Kind == directory.KindPhone)
}

func (f Fund) organisation(id, kind string) (there, closed bool) {
	o, ok := f.Organisation(id)
	return ok && o.Kind == kind, o.Closed
}

// pool is one of equipment: it has the identifier of its provider, desk or fund.
func (f Fund) pool(id string) (there, closed bool) {
	if d, ok := f.Desk(id); ok && !d.Unit() {
		return true, d.Closed
	}
	if f.Known() && id == f.ID {
		return true, false
	}
	return f.organisation(id, directory.KindProvider)
}
