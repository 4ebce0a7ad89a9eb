package policy_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
)

var update = flag.Bool("update", false, "write docs/rights.md anew")

const page = "../../docs/rights.md"

// heads are the names of the columns on the page, in the order of directory.Roles.
var heads = []string{"Adv", "Pho", "Eva", "Ref", "Prt", "Prv", "Equ", "Fun", "Ana", "Adm", "Pri", "Par"}

const head = `# Who may do what

This is the table that ` + "`services/policy`" + ` decides by, and nothing else grants anything: what stands in no row is denied. It is code; nobody edits it at run time.
` + "`go test ./services/policy -update`" + ` writes this page from the code, and the same test compares the two and asks the policy about each cell.

Adv = advisor of a desk (agency, unit), Pho = advisor of the phone platform, Eva = evaluator, Ref = referent of units or coordinator of the agencies of a department, Prt = partnership officer, Prv = provider, Equ = equipment manager,
Fun = funding officer, Ana = analyst, Adm = administrator, Pri = privacy officer, Par = partner organisation. d = own desk, o = own, u = own units, f = fund, – = 403. Where a role may do something elsewhere, the answer here is 404: who may not see a thing does not learn that it exists.
An account may hold several roles: one that allows is enough, and what one allows, another does not widen.

`

func TestThePageOfRightsIsTheTable(t *testing.T) {
	want := rendered()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil { //nolint:gosec // a page for everybody
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("docs/rights.md and the code differ; -update writes the page:\n%s", want)
	}
}

func rendered() string {
	var b strings.Builder
	b.WriteString(head + "| what | " + strings.Join(heads, " | ") + " |\n|---|" + strings.Repeat("---|", len(heads)) + "\n")
	for _, row := range policy.Table() {
		b.WriteString("| " + row.What + " |")
		for _, role := range directory.Roles {
			right, ok := row.Rights[role]
			if !ok {
				b.WriteString(" – |")
				continue
			}
			b.WriteString(" " + right.Text() + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## The actions of the rows\n\nThe operations of the REST surface ask for these. A row without one is for operations to come.\n\n")
	for _, row := range policy.Table() {
		if len(row.Actions) > 0 {
			fmt.Fprintf(&b, "- %s: `%s`\n", row.What, strings.Join(names(row.Actions), "`, `"))
		}
	}
	b.WriteString("\n## Where the code gives less than the words\n\nUntil there is an operation that needs more.\n\n")
	for _, row := range policy.Table() {
		for i, role := range directory.Roles {
			if right := row.Rights[role]; right.Now != "" {
				fmt.Fprintf(&b, "- %s, %s: %s\n", row.What, heads[i], right.Now)
			}
		}
	}
	return b.String()
}

func names(actions []policy.Action) (list []string) {
	for _, a := range actions {
		list = append(list, string(a))
	}
	return list
}

// line is a row as the page has it.
type line struct {
	what  string
	cells map[directory.Role]string
}

func linesOfThePage(t *testing.T) (lines []line) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(string(text), "\n") {
		cells := strings.Split(strings.Trim(l, "|"), "|")
		if len(cells) != 1+len(heads) || strings.Contains(l, "---") {
			continue
		}
		one := line{strings.TrimSpace(cells[0]), map[directory.Role]string{}}
		for i, role := range directory.Roles {
			one.cells[role] = strings.TrimSpace(cells[1+i])
		}
		lines = append(lines, one)
	}
	return lines[1:] // the first is the head
}

// somebody has one grant of a role, with a desk, a provider, a pool and a department of their own.
func somebody(role directory.Role) directory.Account {
	return directory.Account{ID: "me", Fund: "here", Grants: []directory.Grant{{
		Role: role, Fund: "here", Desks: []string{"mine"}, Territory: []string{"34"}, Provider: "my provider", Pool: "my pool",
	}}}
}

// mine is what such an account has every right on, and theirs is what it has none on.
var (
	mine   = policy.Resource{Fund: "here", Department: "34", Desk: "mine", Author: "me", Provider: "my provider", Pool: "my pool"}
	theirs = policy.Resource{Fund: "there", Department: "58", Desk: "theirs", Author: "other", Provider: "their provider", Pool: "their pool"}
)

// may is what the cells of an action's rows say on the page: a letter says where, a dash says never.
func expected(cells []string, on policy.Resource) policy.Decision {
	decision := policy.Never
	for _, cell := range cells {
		switch {
		case cell == "–":
		case cell == "yes", strings.HasPrefix(cell, "f") && on.Fund == "here", (strings.HasPrefix(cell, "d") || strings.HasPrefix(cell, "u")) && on.Desk == "mine":
			return policy.Allowed
		default:
			decision = policy.Elsewhere
		}
	}
	return decision
}

// TestEachCellOfThePageHolds reads the page, and asks about what is all mine, only of my desk, only of my fund, and not mine at all.
func TestEachCellOfThePageHolds(t *testing.T) {
	lines := linesOfThePage(t)
	if len(lines) != len(policy.Table()) || len(lines) < 20 {
		t.Fatalf("%d rows on the page", len(lines))
	}
	asked := 0
	for _, action := range actions() {
		for _, role := range directory.Roles {
			cells := cellsOf(action, role, lines)
			for name, on := range map[string]policy.Resource{
				"theirs": theirs, "in my fund": {Fund: "here", Department: "58", Desk: "other", Author: "other", Provider: "other", Pool: "other"},
				"at my desk": {Fund: "here", Department: "34", Desk: "mine", Author: "other", Provider: "other", Pool: "other"},
			} {
				asked++
				got, want := policy.Can(somebody(role), action, on), expected(cells, on)
				if spoken(action, role) {
					want = got // the words of the cell say where: see TestWhereWordsHold
				}
				if got != want {
					t.Errorf("%s, %s, %s: %v, the page says %v (%v)", role, action, name, got, want, cells)
				}
			}
			if dash := !slices.ContainsFunc(cells, func(c string) bool { return c != "–" }); dash && policy.May(somebody(role), action) {
				t.Errorf("%s may %s, and has a dash", role, action)
			}
		}
	}
	t.Logf("%d rows × %d roles, %d actions, %d questions", len(lines), len(heads), len(actions()), asked)
}

func actions() (list []policy.Action) {
	for _, row := range policy.Table() {
		for _, a := range row.Actions {
			if !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

func cellsOf(action policy.Action, role directory.Role, lines []line) (cells []string) {
	for i, row := range policy.Table() {
		if slices.Contains(row.Actions, action) {
			cells = append(cells, lines[i].cells[role])
		}
	}
	return cells
}

// spoken tells whether the words of a cell, not its letter alone, say where it holds.
func spoken(action policy.Action, role directory.Role) bool {
	return slices.ContainsFunc(policy.Table(), func(r policy.Row) bool {
		right, ok := r.Rights[role]
		return ok && slices.Contains(r.Actions, action) && right.Words != ""
	}) || action == policy.SearchPerson || action == policy.CreateFlag || action == policy.ReadCapacity
}

// TestWhereWordsHold is the cells that a letter does not explain.
func TestWhereWordsHold(t *testing.T) {
	in := func(change func(*policy.Resource)) policy.Resource {
		on := theirs
		on.Fund = "here"
		change(&on)
		return on
	}
	atMyDesk := in(func(r *policy.Resource) { r.Desk = "mine" })
	made := in(func(r *policy.Resource) { r.Author = "me" })
	inMyDepartment := in(func(r *policy.Resource) { r.Department = "34" })
	ofMyProvider := in(func(r *policy.Resource) { r.Provider = "my provider" })
	fromMyPool := in(func(r *policy.Resource) { r.Pool = "my pool" })
	inMyFund := in(func(*policy.Resource) {})
	ofAUnit := in(func(r *policy.Resource) { r.Unit = true })
	for _, c := range []struct {
		role   directory.Role
		action policy.Action
		on     policy.Resource
		want   policy.Decision
	}{
		{directory.PhoneAdvisor, policy.ReadFlag, atMyDesk, policy.Allowed}, {directory.PhoneAdvisor, policy.ReadFlag, inMyFund, policy.Elsewhere},
		{directory.PhoneAdvisor, policy.Refer, atMyDesk, policy.Allowed}, {directory.PhoneAdvisor, policy.Refer, inMyFund, policy.Elsewhere},
		{directory.Evaluator, policy.ReadReferral, made, policy.Allowed}, {directory.Evaluator, policy.ReadReferral, inMyDepartment, policy.Elsewhere},
		{directory.Evaluator, policy.Refer, made, policy.Never}, {directory.Evaluator, policy.ReadFlag, made, policy.Allowed},
		{directory.Evaluator, policy.CreateFlag, inMyDepartment, policy.Allowed}, {directory.Evaluator, policy.CreateFlag, inMyFund, policy.Elsewhere},
		{directory.Partner, policy.CreateFlag, inMyDepartment, policy.Allowed}, {directory.Partner, policy.ReadFlag, made, policy.Allowed},
		{directory.Partner, policy.ReadFlag, inMyDepartment, policy.Elsewhere}, {directory.Partner, policy.ReadPerson, made, policy.Never},
		{directory.Partner, policy.ReadReferral, made, policy.Never}, {directory.Partner, policy.SearchPerson, inMyFund, policy.Never},
		{directory.ProviderRole, policy.ReadFlag, ofMyProvider, policy.Never}, {directory.ProviderRole, policy.ReadReferral, ofMyProvider, policy.Allowed},
		{directory.ProviderRole, policy.AnswerRequest, inMyFund, policy.Elsewhere}, {directory.ProviderRole, policy.RegisterProvider, ofMyProvider, policy.Never},
		{directory.ProviderRole, policy.HandOver, fromMyPool, policy.Allowed}, {directory.ProviderRole, policy.HandOver, inMyFund, policy.Elsewhere},
		{directory.Advisor, policy.HandOver, in(func(r *policy.Resource) { r.Pool = "mine" }), policy.Allowed}, {directory.Advisor, policy.HandOver, atMyDesk, policy.Elsewhere},
		{directory.Partnership, policy.PlanSession, inMyFund, policy.Allowed}, {directory.Partnership, policy.AnswerRequest, theirs, policy.Elsewhere},
		{directory.Referent, policy.ReviewFlag, atMyDesk, policy.Allowed}, {directory.Referent, policy.ReviewFlag, in(func(r *policy.Resource) { r.Desk, r.Author = "mine", "me" }), policy.Own},
		{directory.Referent, policy.ReviewFlag, made, policy.Elsewhere}, {directory.Advisor, policy.ReviewFlag, atMyDesk, policy.Never},
		{directory.Advisor, policy.SearchPerson, inMyFund, policy.Allowed}, {directory.Advisor, policy.SearchPerson, ofAUnit, policy.Elsewhere},
		{directory.Privacy, policy.SearchPerson, ofAUnit, policy.Elsewhere}, {directory.Privacy, policy.ReadFlag, inMyFund, policy.Never},
		{directory.Privacy, policy.ExportPerson, ofAUnit, policy.Allowed}, {directory.Privacy, policy.ExportPerson, theirs, policy.Elsewhere},
		{directory.Advisor, policy.ErasePerson, atMyDesk, policy.Allowed}, {directory.Advisor, policy.ErasePerson, inMyFund, policy.Elsewhere},
		{directory.PhoneAdvisor, policy.ErasePerson, atMyDesk, policy.Never}, {directory.PhoneAdvisor, policy.ObjectPerson, atMyDesk, policy.Allowed},
		{directory.Referent, policy.ErasePerson, atMyDesk, policy.Never}, {directory.Referent, policy.ObjectPerson, atMyDesk, policy.Allowed},
		{directory.Advisor, policy.UndoErasure, atMyDesk, policy.Never}, {directory.Advisor, policy.ReadAccesses, atMyDesk, policy.Never},
		{directory.Administrator, policy.ReadFlag, inMyFund, policy.Never}, {directory.Administrator, policy.ExportPerson, inMyFund, policy.Never},
		{directory.ProviderRole, policy.ManageMembership, ofMyProvider, policy.Allowed}, {directory.ProviderRole, policy.ManageMembership, inMyFund, policy.Elsewhere},
		{directory.ProviderRole, policy.ManageDirectory, ofMyProvider, policy.Never}, {directory.Administrator, policy.ManageMembership, theirs, policy.Elsewhere},
		{directory.Advisor, policy.ReadCapacity, inMyDepartment, policy.Allowed}, {directory.Advisor, policy.ReadCapacity, inMyFund, policy.Elsewhere},
		{directory.Referent, policy.ReadFunnel, atMyDesk, policy.Allowed}, {directory.Referent, policy.ReadFunnel, inMyDepartment, policy.Elsewhere},
		{directory.Referent, policy.ReadObservatory, atMyDesk, policy.Allowed}, {directory.Referent, policy.ReadObservatory, inMyFund, policy.Elsewhere},
		{directory.Evaluator, policy.ReadObservatory, made, policy.Never}, {directory.ProviderRole, policy.ReadObservatory, ofMyProvider, policy.Never},
		{directory.Partner, policy.ReadObservatory, inMyFund, policy.Never}, {directory.Partner, policy.ReadPublished, theirs, policy.Allowed},
		{directory.Referent, policy.ProposeRecommendation, atMyDesk, policy.Allowed}, {directory.Referent, policy.ProposeRecommendation, inMyFund, policy.Elsewhere},
		{directory.Referent, policy.MoveRecommendation, atMyDesk, policy.Never}, {directory.Analyst, policy.MoveRecommendation, inMyFund, policy.Allowed},
		{directory.EquipmentRole, policy.ReadFunnel, inMyFund, policy.Never}, {directory.Partner, policy.ReadFunnel, made, policy.Never},
	} {
		if got := policy.Can(somebody(c.role), c.action, c.on); got != c.want {
			t.Errorf("%s, %s on %+v: %v, not %v", c.role, c.action, c.on, got, c.want)
		}
	}
}

// TestAllIsMine: who may do something at all may do it to what is theirs in every way.
func TestAllIsMine(t *testing.T) {
	for _, action := range actions() {
		for _, role := range directory.Roles {
			on := mine
			if action == policy.ReviewFlag {
				on.Author = "other"
			}
			if action == policy.HandOver || action == policy.ReadItem || action == policy.RegisterItem {
				if role == directory.Advisor {
					on.Pool = "mine"
				}
			}
			if me := somebody(role); policy.May(me, action) != (policy.Can(me, action, on) == policy.Allowed) {
				t.Errorf("%s, %s: May and Can differ", role, action)
			}
		}
	}
}

// TestNothingIsEverybodys: a resource of which nothing is known is nobody's.
func TestNothingIsEverybodys(t *testing.T) {
	for _, action := range actions() {
		for _, role := range directory.Roles {
			for _, a := range []directory.Account{somebody(role), {ID: "", Grants: []directory.Grant{{Role: role}}}} {
				if got := policy.Can(a, action, policy.Resource{}); got == policy.Allowed && action != policy.ReadSession && action != policy.ReadCommon && action != policy.ReadPublished {
					t.Errorf("%s, %s: %v", role, action, got)
				}
			}
		}
	}
}
