package policy_test

import (
	"testing"

	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
)

func TestWhoMayDoWhat(t *testing.T) {
	here := policy.Resource{Fund: "carsat-lr", Department: "34", Desk: "montpellier", Author: "advisor-34", Provider: "provider-a", Pool: "provider-a"}
	for _, c := range []struct {
		account string
		action  policy.Action
		want    policy.Decision
	}{
		{"advisor-34", policy.CreateFlag, policy.Allowed},
		{"advisor-34", policy.ReadFlag, policy.Allowed},
		{"advisor-34b", policy.ReadFlag, policy.Elsewhere}, // another agency of the same department
		{"advisor-30", policy.Refer, policy.Elsewhere},
		{"phone-lr", policy.ReadFlag, policy.Elsewhere},
		{"evaluator-34", policy.CreateFlag, policy.Allowed},
		{"evaluator-34", policy.ReadFlag, policy.Elsewhere}, // not its own
		{"evaluator-34", policy.Refer, policy.Never},
		{"referent-34", policy.ReviewFlag, policy.Allowed},
		{"referent-58", policy.ReviewFlag, policy.Elsewhere},
		{"advisor-34", policy.ReviewFlag, policy.Never},
		{"provider-a", policy.AnswerRequest, policy.Allowed},
		{"provider-b", policy.AnswerRequest, policy.Elsewhere},
		{"provider-a", policy.ReadFlag, policy.Never},
		{"partnership-lr", policy.PlanSession, policy.Allowed},
		{"partnership-bfc", policy.PlanSession, policy.Elsewhere},
		{"partnership-lr", policy.RegisterProvider, policy.Allowed},
		{"partnership-bfc", policy.RegisterProvider, policy.Elsewhere},
		{"provider-a", policy.RegisterProvider, policy.Never},
		{"admin-lr", policy.RegisterProvider, policy.Never},
		{"equipment-lr", policy.RegisterItem, policy.Allowed},
		{"provider-b", policy.RegisterItem, policy.Elsewhere},
		{"network", policy.ReadFlag, policy.Never},
		{"admin-lr", policy.ReadFlag, policy.Never},
		{"advisor-30", policy.SearchPerson, policy.Allowed},
		{"advisor-58", policy.SearchPerson, policy.Elsewhere},
		{"privacy-lr", policy.SearchPerson, policy.Allowed},
		{"partner-34", policy.SearchPerson, policy.Never},
		{"advisor-34", policy.ReadFunnel, policy.Allowed},
		{"advisor-34b", policy.ReadFunnel, policy.Elsewhere},
		{"provider-a", policy.ReadFunnel, policy.Allowed},
		{"analyst-bfc", policy.ReadFunnel, policy.Elsewhere},
		{"network", policy.ReadFunnel, policy.Allowed},
		{"admin-lr", policy.ReadFunnel, policy.Never},
		{"advisor-34b", policy.ReadCapacity, policy.Allowed}, // the department, not the desk
		{"advisor-30", policy.ReadCapacity, policy.Elsewhere},
		{"provider-b", policy.ReadCapacity, policy.Elsewhere},
		{"network", policy.ReadCapacity, policy.Allowed},
		{"privacy-lr", policy.ReadAccesses, policy.Allowed},
		{"privacy-bfc", policy.ReadAccesses, policy.Elsewhere},
		{"admin-lr", policy.ReadAccesses, policy.Never},
		{"advisor-34", "coffee.make", policy.Never},
	} {
		actor, ok := sample.Find(c.account)
		if !ok {
			t.Fatalf("no account %s", c.account)
		}
		if got := policy.Can(actor, c.action, here); got != c.want {
			t.Errorf("%s, %s: %v, want %v", c.account, c.action, got, c.want)
		}
		if policy.May(actor, c.action) != (c.want != policy.Never) {
			t.Errorf("%s: May(%s) contradicts Can", c.account, c.action)
		}
	}
}

func TestNobodyOutsideAUnitLearnsWhomItKnows(t *testing.T) {
	unit := policy.Resource{Fund: "carsat-bfc", Desk: "nievre", Unit: true}
	for account, want := range map[string]policy.Decision{
		"advisor-58": policy.Allowed, "referent-58": policy.Allowed, "advisor-21": policy.Elsewhere, "privacy-bfc": policy.Elsewhere, "advisor-34": policy.Elsewhere,
	} {
		actor, _ := sample.Find(account)
		if got := policy.Can(actor, policy.SearchPerson, unit); got != want {
			t.Errorf("%s: %v, want %v", account, got, want)
		}
	}
}
