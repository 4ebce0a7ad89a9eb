package detection

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/detection/domain"
)

// judge says whether a number is taken.
type judge func(number string) bool

// ours asks the rule as an edge does, with a whole sheet, each number once.
func ours(number string) bool {
	if answer, asked := answers.Load(number); asked {
		return answer.(bool)
	}
	answer := taken(number)
	answers.Store(number, answer)
	return answer
}

var answers sync.Map

func taken(number string) bool {
	_, err := domain.FlagSenior{Directory: sample.Directory(), Person: &domain.NewPerson{NIR: number}, At: time.Date(2021, 11, 15, 9, 0, 0, 0, time.UTC)}.Decide(domain.Flag{})
	var faults refusal.Faults
	return errors.As(err, &faults) && !slices.ContainsFunc(faults, func(f refusal.Fault) bool { return f.Field == "person.nir" })
}

// difference is a rule of ours that a library does not have.
type difference struct {
	name    string
	library string // empty: both
	takes   bool   // what we say where it applies
	applies func(number string) bool
}

// differences explain each number on which we and a library disagree. They read the number on their own.
var differences = []difference{
	{"sex is 1 or 2: CNAM's rule takes no other", "", false, func(n string) bool { return !strings.Contains("12", n[:1]) }},
	{"month is 01-12, 20-42 or 50-99", "", false, func(n string) bool {
		m := n[3:5]
		return m == "00" || m > "12" && m < "20" || m > "42" && m < "50"
	}},
	{"order begins with 001", "", false, func(n string) bool { return n[10:13] == "000" }},
	{"98 is no key: keys go from 01 to 97", "french-ssn", false, func(n string) bool { return n[13:] == "98" }},
}

// readings are differences in how a number may be written.
var readings = []difference{
	{"hyphens are left out", "stdnum", true, func(n string) bool { return strings.Contains(n, "-") }},
}

// unexplained compares, counts each rule that was needed, and lists what no rule explains, and where a rule of
// ours that a library lacks is not kept.
func unexplained(numbers []string, library, says string, we judge, needed map[string]int) (list []string) {
	for i, number := range numbers {
		theirs, our := says[i] == '1', we(number)
		rule := explanation(number, library, theirs)
		switch {
		case rule == nil && our != theirs:
			list = append(list, fmt.Sprintf("%q: %s says %t, we say %t", number, library, theirs, our))
		case rule != nil && our != rule.takes:
			list = append(list, fmt.Sprintf("%q: we say %t, but: %s", number, our, rule.name))
		case rule != nil:
			needed[library+": "+rule.name]++
		}
	}
	return list
}

// explanation is the first rule by which we have to differ from what a library says.
func explanation(number, library string, theirs bool) *difference {
	plain := strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "", "\u00a0", "", "\u202f", "").Replace(number))
	fits := len(plain) == 15 && keyOf(plain[:13]) == plain[13:]
	for _, d := range differences {
		if theirs && len(plain) == 15 && d.of(library) && d.applies(plain) {
			return &d
		}
	}
	for _, d := range readings {
		if !theirs && fits && d.of(library) && d.applies(number) && explanation(plain, library, true) == nil {
			return &d
		}
	}
	return nil
}

func (d difference) of(library string) bool { return d.library == "" || d.library == library }

// libraries lets two libraries of others judge (npm, see testdata/nir). `tools/need.sh test` installs them.
func libraries(t *testing.T, numbers []string) map[string]string {
	t.Helper()
	if _, err := os.Stat("testdata/nir/node_modules"); err != nil {
		t.Fatal("the libraries to compare with are not there: tools/need.sh test installs them")
	}
	cmd := exec.CommandContext(t.Context(), "node", "judge.js")
	cmd.Dir, cmd.Stdin, cmd.Stderr = "testdata/nir", strings.NewReader(strings.Join(numbers, "\n")+"\n"), new(bytes.Buffer)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v: %s", err, cmd.Stderr)
	}
	says := map[string]string{}
	if err := json.Unmarshal(out, &says); err != nil || len(says) != 2 {
		t.Fatalf("%v: %d libraries", err, len(says))
	}
	for library, answers := range says {
		if len(answers) != len(numbers) {
			t.Fatalf("%s answers %d of %d", library, len(answers), len(numbers))
		}
	}
	return says
}

// TestTheNumberAgreesWithTwoLibraries of others on 20,000 numbers, but where a rule says why not.
func TestTheNumberAgreesWithTwoLibraries(t *testing.T) {
	t.Parallel()
	numbers := generated()
	says, needed, accepted := libraries(t, numbers), map[string]int{}, 0
	for library, answers := range says {
		for _, line := range unexplained(numbers, library, answers, ours, needed) {
			t.Error(line)
		}
		accepted += strings.Count(answers, "1")
	}
	for _, d := range slices.Concat(differences, readings) {
		for library := range says {
			if rule := library + ": " + d.name; d.of(library) && needed[rule] == 0 {
				t.Errorf("no number needed the rule %q", rule)
			} else if needed[rule] > 0 {
				t.Logf("%5d numbers differ: %s", needed[rule], rule)
			}
		}
	}
	if accepted < many/2 || accepted > 2*many*9/10 {
		t.Errorf("the libraries take %d of twice %d: too few or too many to tell them apart", accepted, many)
	}
	for name, planted := range mistakes {
		found := 0
		for library, answers := range says {
			found += len(unexplained(numbers, library, answers, planted, map[string]int{}))
		}
		if found == 0 {
			t.Errorf("a rule that %s was not found", name)
		}
	}
}

// mistakes are our rule with a mistake in it.
var mistakes = map[string]judge{
	"counts Corsica 2B as 2A": func(n string) bool {
		return ours(strings.Replace(n, "2B", "2A", 1))
	},
	"reads the key 98 as any": func(n string) bool { return ours(n) || len(n) == 15 && n[13:] == "98" },
	"takes month 13": func(n string) bool {
		if len(n) == 15 && n[3:5] == "13" {
			july := n[:3] + "07" + n[5:13]
			return keyOf(n[:13]) == n[13:] && ours(july+keyOf(july))
		}
		return ours(n)
	},
	"refuses who was born in Corsica before 1976": func(n string) bool { return ours(n) && (len(n) < 7 || n[5:7] != "20") },
	"refuses who was born in Algeria":             func(n string) bool { return ours(n) && (len(n) < 7 || n[5:7] < "91" || n[5:7] > "94") },
	"takes a number without its key":              func(n string) bool { return ours(n) || len(n) == 13 && ours(n+keyOf(n)) },
}

func TestProvisionalNumbersAreToldApart(t *testing.T) {
	t.Parallel()
	for number, code := range map[string]string{
		"7112312345678": "nir_provisional", "8 2 123 12345678": "nir_provisional", "2600734172005": "nir_key_missing",
		"360073417200510": "nir_format", "260133417200510": "nir_format", "260073417200511": "nir_key",
	} {
		_, err := domain.FlagSenior{Directory: sample.Directory(), Person: &domain.NewPerson{Person: events.Person{GivenName: "Testine"}, NIR: number}}.Decide(domain.Flag{})
		var faults refusal.Faults
		if !errors.As(err, &faults) || !slices.ContainsFunc(faults, func(f refusal.Fault) bool { return f.Field == "person.nir" && f.Code == code }) {
			t.Errorf("%s is not refused as %s", number, code)
		}
	}
}
