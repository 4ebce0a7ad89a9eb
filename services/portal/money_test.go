package portal

import (
	"testing"

	"example.org/passerelle/services/reference"
)

func TestAnAmountIsReadAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int{
		"254 389,96": 254_389_96, "254\u202f389,96\u00a0€": 254_389_96, " 254389,96 € ": 254_389_96, "254389.96": 254_389_96, "0": 0, "0,05": 5, "12,5": 12_50, "3 000": 3_000_00, "1": 1_00,
		"999999999999": 999_999_999_999_00,
	} {
		if got, ok := centsOf(typed); !ok || got != want {
			t.Errorf("%q is %d %v, not %d", typed, got, ok, want)
		}
	}
	for _, typed := range []string{
		"", "€", "cent euros", "-5", "+5", "1e3", "1,234", "12,", ",5", "25 43,00", "254 38996", "1.000,50", "1,000.50", "1 000 00", "٣", "1 €2", "0x10", "99999999999999999999",
		"1\t000", "12,5,5", "1\n000",
	} {
		if got, ok := centsOf(typed); ok {
			t.Errorf("%q is no amount, and was read as %d", typed, got)
		}
	}
}

// TestAnAmountThatIsShownCanBeTypedBack: what an input is filled with is read as the same cents.
func TestAnAmountThatIsShownCanBeTypedBack(t *testing.T) {
	t.Parallel()
	for cents := 0; cents <= mostCents; cents = cents*3 + 7 {
		for _, text := range []string{reference.Euros(cents), amountWritten(cents)} {
			if got, ok := centsOf(text); !ok || got != cents {
				t.Errorf("%q is %d %v, not %d", text, got, ok, cents)
			}
		}
	}
}

func TestWhatIsNoAmountIsRefusedByName(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"deux cents": "Montant demandé\u00a0: écrivez un montant en euros, par exemple 254\u00a0389,96", "": "Montant demandé\u00a0: écrivez un montant en euros, par exemple 254\u00a0389,96",
		"0": "Montant demandé\u00a0: écrivez un montant en euros, par exemple 254\u00a0389,96", "1 000 000 000,01": "Montant demandé\u00a0: ce montant est trop grand", "1 000 000 000,00": "",
	} {
		f := form{values: map[string][]string{"demande": {typed}}}
		f.dueCents("demande", "Montant demandé")
		if got := f.fault("demande"); got != want || len(f.faults) > 1 {
			t.Errorf("%q: %q, not %q", typed, got, want)
		}
	}
}

// TestADecisionSaysEveryFaultAtOnce: each line by its number, and how far the lines are from the total.
func TestADecisionSaysEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	values := func(pairs ...string) map[string][]string {
		v := map[string][]string{"date-jour": {"6"}, "date-mois": {"5"}, "date-annee": {"2021"}}
		for i := 0; i < len(pairs); i += 2 {
			v[pairs[i]] = []string{pairs[i+1]}
		}
		return v
	}
	for _, c := range []struct {
		typed map[string][]string
		want  []string
	}{
		{values("total", "107 800", "ligne-1-libelle", "Actions", "ligne-1-montant", "87 000", "ligne-3-libelle", "Matériel", "ligne-3-montant", "20 800,00"), nil},
		{values("total", "107 800", "ligne-1-libelle", "Actions", "ligne-1-montant", "87 000", "ligne-3-libelle", "Matériel", "ligne-3-montant", "20 801"),
			[]string{"Total\u00a0: les lignes font 107\u202f801,00\u00a0€, le total dit 107\u202f800,00\u00a0€\u00a0: il y a 1,00\u00a0€ de trop"}},
		{values("total", "107 800", "ligne-1-libelle", "Actions", "ligne-1-montant", "107 799,99"),
			[]string{"Total\u00a0: les lignes font 107\u202f799,99\u00a0€, le total dit 107\u202f800,00\u00a0€\u00a0: il manque 0,01\u00a0€"}},
		{values("total", "beaucoup", "ligne-2-montant", "rien", "ligne-4-projet", "one"), []string{
			"Total" + amountExample, "Ligne 2, libellé\u00a0: à renseigner", "Ligne 2, montant" + amountExample, "Ligne 4, libellé\u00a0: à renseigner", "Ligne 4, montant" + amountExample,
		}},
		{values("total", "1"), []string{"Ligne 1\u00a0: une décision a au moins une ligne"}},
	} {
		p := newDecision{moneyForm: moneyForm{form: form{values: c.typed}}}
		body, places := p.read()
		var got []string
		for _, one := range p.faults {
			got = append(got, one.Text)
		}
		if len(got) != len(c.want) || len(body.Lines) != len(places) {
			t.Errorf("%q, not %q", got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q, not %q", got[i], c.want[i])
			}
		}
	}
}
