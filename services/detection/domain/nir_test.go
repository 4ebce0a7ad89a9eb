package domain

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

func TestPublishedNumbersAreRead(t *testing.T) {
	t.Parallel()
	for _, number := range []string{
		"255081416802538", "284052A32102552", "284052B32102579", // the test numbers that CNAM publishes
		"2 60 07 34 172 005 10", "284052a32102552", "2.60.07.34.172.005-10",
	} {
		if _, fault := readNIR(number); fault != nil {
			t.Errorf("%s: %s", number, fault.Code)
		}
	}
}

func TestPlacesOfBirthAbroadAndIncompleteMonthsAreTaken(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"1500799352001", "1500792352001", "1500720352001", "2502034172005", "2504234172005", "2509934172005"} {
		if _, fault := readNIR(number + key(number)); fault != nil {
			t.Errorf("%s: %s", number, fault.Code)
		}
	}
	for _, number := range []string{"2500034172005", "2501334172005", "2501934172005", "2504334172005", "2504934172005", "3500734172005", "2500734172000"} {
		if _, fault := readNIR(number + key(number)); fault == nil {
			t.Errorf("%s was taken", number)
		}
	}
}

func TestOneWrongDigitOrTwoSwappedAreFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := fmt.Sprintf("%d%02d%02d%02d%03d%03d", rapid.IntRange(1, 2).Draw(t, "sex"), rapid.IntRange(0, 99).Draw(t, "year"),
			rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 95).Draw(t, "department"), rapid.IntRange(1, 999).Draw(t, "commune"), rapid.IntRange(1, 999).Draw(t, "order"))
		whole := []byte(number + key(number))
		if _, fault := readNIR(string(whole)); fault != nil {
			t.Fatalf("a right one is refused: %s", fault.Code)
		}
		i := rapid.IntRange(0, 12).Draw(t, "place")
		wrong := append([]byte(nil), whole...)
		if rapid.Bool().Draw(t, "swap") {
			wrong[i], wrong[i+1] = wrong[i+1], wrong[i]
		} else {
			wrong[i] = '0' + (wrong[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if string(wrong) == string(whole) {
			return
		}
		if _, fault := readNIR(string(wrong)); fault == nil {
			t.Fatal("a wrong one is taken")
		}
	})
}

func TestANumberIsComparedAndLeavesAHintOnly(t *testing.T) {
	t.Parallel()
	const number = "260073417200510"
	for name, c := range map[string]struct {
		sex, born string
		want      bool
	}{
		"declared the same":       {"F", "1960-07-14", false},
		"another sex":             {"M", "1960-07-14", true},
		"another year":            {"F", "1961-07-14", true},
		"another month":           {"F", "1960-08-14", true},
		"only the year":           {"F", "1960", false},
		"nothing declared":        {"", "", false},
		"only the month is known": {"", "1960-07", false},
	} {
		got := hints(t, flag(func(f *FlagSenior) { f.Person.NIR, f.Person.Sex, f.Person.BirthDate = number, c.sex, c.born }))
		if (len(got) == 1 && got[0] == "nir_mismatch") != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The number is in no fact and in no error, wherever it was typed.
func TestTheNumberIsKeptInNoForm(t *testing.T) {
	t.Parallel()
	fields := map[string]func(*FlagSenior, string){
		"nir":         func(c *FlagSenior, n string) { c.Person.NIR = n },
		"description": func(c *FlagSenior, n string) { c.Sheet.Answers.Description = "numéro " + n },
		"given name":  func(c *FlagSenior, n string) { c.Person.GivenName = n },
		"family name": func(c *FlagSenior, n string) { c.Person.FamilyName = "Exemplaire " + n },
		"birth name":  func(c *FlagSenior, n string) { c.Person.BirthName = n },
		"street":      func(c *FlagSenior, n string) { c.Person.Address.Street = n + " rue" },
		"email":       func(c *FlagSenior, n string) { c.Person.Email = n + "@example.org" },
		"helper":      func(c *FlagSenior, n string) { c.Sheet.Helper = &events.Helper{Name: n} },
		"helper call": func(c *FlagSenior, n string) { c.Sheet.Helper = &events.Helper{Phone: n} },
		"force":       func(c *FlagSenior, n string) { c.Sheet.ForceReason = n },
		"context":     func(c *FlagSenior, n string) { c.Sheet.Context = []string{n} },
	}
	for field, put := range fields {
		for _, number := range []string{"260073417200510", "260073417200511", "2600734172005", "2 60 07 34 172 005 10", "284052A32102552"} {
			if kept := keeps(flag(func(c *FlagSenior) { put(c, number) }), FlagSenior.Decide); kept != "" {
				t.Errorf("%s: %s", field, kept)
			}
		}
	}
}

func TestAKeptNumberIsFound(t *testing.T) {
	t.Parallel()
	keeping := func(c FlagSenior, f Flag) ([]events.Detection, error) {
		c.Person.BirthName = c.Person.NIR
		c.Person.NIR = ""
		c.Sheet.Answers.Description = ""
		return []events.Detection{events.PersonRegistered{Details: events.Clear("p1", c.Person.Person)}}, nil
	}
	if keeps(flag(func(c *FlagSenior) { c.Person.NIR = "260073417200510" }), keeping) == "" {
		t.Fatal("the planted fault was not found")
	}
}

// keeps says where ten digits of a number are still to be read after the decision.
func keeps(c FlagSenior, decide func(FlagSenior, Flag) ([]events.Detection, error)) string {
	facts, err := decide(c, Flag{})
	var text strings.Builder
	var faults refusal.Faults
	if errors.As(err, &faults) {
		data, _ := json.Marshal(faults)
		text.Write(data)
	}
	for _, f := range facts {
		_, _ = events.Encode(f, func(d events.Details) error {
			return d.Seal(func(plain []byte) ([]byte, error) { text.Write(plain); return plain, nil })
		})
	}
	digits := spaces.Replace(text.String())
	for _, part := range []string{"2600734172", "284052A321"} {
		if strings.Contains(digits, part) {
			return "kept in " + text.String()
		}
	}
	return ""
}

func TestThePositionOfANumberInATextIsTold(t *testing.T) {
	t.Parallel()
	_, err := flag(func(c *FlagSenior) { c.Sheet.Answers.Description = "né à Béziers, 2600734172005" }).Decide(Flag{})
	var faults refusal.Faults
	if !errors.As(err, &faults) || !strings.Contains(faults[0].Detail, "at character 15.") {
		t.Fatalf("%v %+v", err, faults)
	}
}

func TestPhonesAndOrdinaryNumbersAreNoSocialSecurityNumbers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"+33465710000", "04 65 71 00 00", "en 1958, 34000 Montpellier", "dossier 12345678", "2021-11-15 et 2021-12-06"} {
		if _, err := flag(func(c *FlagSenior) { c.Sheet.Answers.Description = text }).Decide(Flag{}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAWholeNumberIsFoundInAnyText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"260073417200510", "2 60 07 34 172 005 10", "2.60.07.34.172.005-10", "260 073 417 200 510", "26 00 73 41 72 00 51 0", "2\u00a060\u202f07 34 172 005 10",
		"Son n°260073417200510, dit-elle", "04 65 71 00 00 puis 2 60 07 34 172 005 10", "2 60 07 34 172 005 10 04 65 71 00 00", "nir260073417200510fin",
		"284052a32102552", "2 84 05 2A 321 025 52", "2\u200b60\u200b07\u200b34\u200b172\u200b005\u200b10", "2600734172005/10", "2 60 07 34 172 005",
	} {
		if fault := NIRNotHere("message", text); fault == nil || fault.Code != "nir_not_here" || fault.Field != "message" || strings.Contains(fault.Detail, "2600") {
			t.Errorf("%q: %+v", text, fault)
		}
	}
	if fault := NIRNotHere("person.nir", "260073417200510"); fault != nil {
		t.Error("where it belongs it is refused")
	}
	if fault := NIRNotHere("title", "né à Béziers, 260073417200510"); fault == nil || !strings.Contains(fault.Detail, "at character 15.") {
		t.Errorf("the place: %+v", fault)
	}
}

func TestOtherNumbersAreNoneOfASocialSecurityNumber(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"260073417200511", "1260073417200510", "2600734172005101", "2600734172005", "+33465710000", "04 65 71 00 00, 03 53 01 00 00, 01 99 00 12 34",
		"2021-11-15 2021-12-06 2022-01-10", "2026-11-22T18:04:59.123456789+01:00", "1763834699000", "1763834699123456", "358240051111110", "9782070360024",
		"SIRET 123 456 789 00012", "FR76 3000 6000 0112 3456 7890 189", "12, 14, 16, 18, 20, 22, 24, 26", "2 60 07 34 172", strings.Repeat("Exemple ", 50),
	} {
		if fault := NIRNotHere("message", text); fault != nil {
			t.Errorf("%q: %+v", text, fault)
		}
	}
}

// An identifier must never be taken for a number: whoever sends it could do nothing about it.
func TestIdentifiersAreNoSocialSecurityNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`).Draw(t, "id")
		if fault := NIRNotHere("flag_id", id); fault != nil {
			t.Fatalf("%s: %+v", id, fault)
		}
	})
	if fault := NIRNotHere("flag_id", "a2600734-1720-0510-8a00-0123456789ab"); fault != nil {
		t.Errorf("%+v", fault)
	}
}
