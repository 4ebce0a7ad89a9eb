package policy_test

import (
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
)

// TestReachIsWhatCanSays draws accounts of one to three roles and resources near to them.
func TestReachIsWhatCanSays(t *testing.T) {
	name := func(t *rapid.T, what string) string {
		return rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, what)
	}
	some := func(t *rapid.T, what string) []string {
		return rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 2).Draw(t, what)
	}
	rapid.Check(t, func(t *rapid.T) {
		account := directory.Account{ID: name(t, "account")}
		for range rapid.IntRange(1, 3).Draw(t, "grants") {
			account.Grants = append(account.Grants, directory.Grant{
				Role: rapid.SampledFrom(directory.Roles).Draw(t, "role"), Fund: name(t, "fund"), Desks: some(t, "desks"),
				Territory: some(t, "territory"), Provider: name(t, "provider"), Pool: name(t, "pool"),
			})
		}
		on := policy.Resource{
			Fund: name(t, "of fund"), Department: name(t, "department"), Desk: name(t, "desk"), Unit: rapid.Bool().Draw(t, "unit"),
			Author: name(t, "author"), Provider: name(t, "of provider"), Pool: name(t, "of pool"),
		}
		for _, action := range actions() {
			if action == policy.ReviewFlag && on.Author == "" {
				continue // every flag has an author
			}
			if can := policy.Can(account, action, on) == policy.Allowed; can != policy.ReachOf(account, action).Holds(on) {
				t.Fatalf("%s: Can says %v of %+v for %+v", action, can, on, account)
			}
		}
	})
}
