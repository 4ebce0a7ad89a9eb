package demo

import (
	"context"
	"fmt"

	"example.org/passerelle/api/client"
)

// tellMoney tells what the fund of Languedoc-Roussillon has published of its money. The figures are its own; the
// organisations and how they share a sum are invented.
type tellMoney struct{}

func (tellMoney) lane(*Story) string { return "money" }

func (tellMoney) do(ctx context.Context, p *play, _ client.RequestEditorFn) error {
	t := &telling{ctx: ctx, as: p.as("funding-lr")}
	t.envelopes()
	t.first()
	t.second()
	t.centres()
	t.everyYear()
	t.toCome()
	return t.err
}

// telling is one request after the other, until one is refused. Each has its own key: the act may be played again.
type telling struct {
	ctx context.Context
	as  *client.ClientWithResponses
	n   int
	err error
}

func (t *telling) key() client.RequestEditorFn {
	t.n++
	return client.Key(fmt.Sprintf("demo-money-%d", t.n))
}

// Sums that the fund has published, in cents.
const (
	regional2019  = 164_589_96
	national2019  = 89_800_00
	projects2020  = 231_590_00
	equip500      = 238_590_00
	relays11      = 13_500_00
	actions2021   = 87_000_00
	tablets2021   = 20_800_00
	capPrevention = 1_251_415_00

	people2019, people2020 = 220, 200

	projectsCap, structuresCap, peopleCap = 151, 128, 3_001 // the least that is more than what is published
)

func (t *telling) envelopes() {
	for _, e := range []struct {
		name, source, from, to string
		cents                  int
	}{
		{"Enveloppe régionale 2019", "regional", "2019-01-01", "2019-12-31", regional2019},
		{"Enveloppe nationale 2019", "national", "2019-01-01", "2019-12-31", national2019},
		{"Enveloppe régionale 2020", "regional", "2020-01-01", "2020-12-31", projects2020 + equip500 + relays11},
		{"Enveloppe régionale 2021", "regional", "2021-01-01", "2021-12-31", actions2021 + tablets2021},
		{"Cap Prévention Seniors, depuis 2019", "ars_inter_scheme", "2019-01-01", "2021-12-31", capPrevention},
	} {
		if t.err == nil {
			_, t.err = t.as.CreateEnvelopeWithResponse(t.ctx, client.NewEnvelope{Name: e.name, Source: e.source, From: e.from, To: &e.to, AmountCents: e.cents}, t.key())
		}
	}
}

func (t *telling) call(c client.NewCall) string {
	if t.err != nil {
		return ""
	}
	made, err := t.as.CreateCallWithResponse(t.ctx, c, t.key())
	if t.err = err; err != nil {
		return ""
	}
	return made.JSON201.ID
}

func (t *telling) structure(name string, networks ...string) string {
	if t.err != nil {
		return ""
	}
	made, err := t.as.NoteStructureWithResponse(t.ctx, client.NewStructure{Name: name, Networks: networks}, t.key())
	if t.err = err; err != nil {
		return ""
	}
	return made.JSON201.ID
}

// projects shares people and a sum among so many projects, the rest to the first ones, and gives their identifiers.
func (t *telling) projects(call, kind string, n, people, cents int) (ids []string) {
	for i := range n {
		ids = append(ids, t.propose(call, t.structure(fmt.Sprintf("%s Exemple n° %d", kind, i+1)), i, n, people, cents))
	}
	return ids
}

// propose asks for the share of project i of n.
func (t *telling) propose(call, structure string, i, n, people, cents int) string {
	if t.err != nil {
		return ""
	}
	asked := share(cents, n, i)
	made, err := t.as.ProposeProjectWithResponse(t.ctx, call, client.NewProject{
		Structure: &structure, Name: fmt.Sprintf("Ateliers numériques Exemple %d", i+1), AskedCents: asked, CostCents: asked * 100 / 27, TargetPeople: ptr(share(people, n, i)),
	}, t.key())
	if t.err = err; err != nil {
		return ""
	}
	return made.JSON201.ID
}

func share(whole, n, i int) int {
	if i < whole%n {
		return whole/n + 1
	}
	return whole / n
}

func (t *telling) committee(date string, items ...client.AgendaItem) string {
	if t.err != nil {
		return ""
	}
	made, err := t.as.CreateCommitteeWithResponse(t.ctx, client.NewCommittee{Date: date, Agenda: items}, t.key())
	if t.err = err; err != nil {
		return ""
	}
	return made.JSON201.ID
}

func (t *telling) decide(committee, date string, lines ...client.NewLine) string {
	if t.err != nil {
		return ""
	}
	total := 0
	for _, line := range lines {
		total += line.AmountCents
	}
	decision := client.NewDecision{Date: date, TotalCents: total, Lines: lines}
	if committee != "" {
		decision.CommitteeID = &committee
	}
	made, err := t.as.CreateDecisionWithResponse(t.ctx, decision, t.key())
	if t.err = err; err != nil {
		return ""
	}
	return made.JSON201.ID
}

func line(label, source, nature string, cents int) client.NewLine {
	one := client.NewLine{Label: label, Nature: &nature, AmountCents: cents}
	if source != "" {
		one.Source = &source
	}
	return one
}

func lines(ids []string, source string, cents int) (list []client.NewLine) {
	for i, id := range ids {
		one := line(fmt.Sprintf("Ateliers numériques Exemple %d", i+1), source, "action", share(cents, len(ids), i))
		one.ProjectID = &id
		list = append(list, one)
	}
	return list
}

func agenda(kind string, labels ...string) (items []client.AgendaItem) {
	for _, label := range labels {
		items = append(items, client.AgendaItem{Kind: kind, Label: label})
	}
	return items
}

// first: the call of 2019, of two sources.
func (t *telling) first() {
	call := t.call(client.NewCall{Name: "Inclusion numérique 2019", Opens: "2019-09-01", Closes: "2019-10-31", Sources: []string{"regional", "national"}, TargetPeople: ptr(people2019)})
	ids := t.projects(call, "Porteur de projet 2019", 14, people2019, regional2019+national2019)
	committee := t.committee("2019-11-21", agenda("decision", "Appel à projets inclusion numérique 2019")...)
	t.decide(committee, "2019-11-21", append(lines(ids, "regional", regional2019), lines(ids, "national", national2019)...)...)
	committee = t.committee("2020-09-15", agenda("decision", "Partenariat avec WeTechCare")...)
	t.decide(committee, "2020-09-15", line("Partenariat avec WeTechCare (montant non publié)", "", "partnership", 0))
}

// second: the committee of December 2020, with its three decisions.
func (t *telling) second() {
	call := t.call(client.NewCall{Name: "Inclusion numérique 2020", Opens: "2020-09-01", Closes: "2020-11-15", Sources: []string{"regional"}, TargetPeople: ptr(people2020)})
	ids := t.projects(call, "Porteur de projet 2020", 13, people2020, projects2020)
	committee := t.committee("2020-12-03", agenda("decision", "13 porteurs de projets supplémentaires", "Équiper et accompagner 500 retraités", "Équiper 11 relais des webinaires")...)
	t.decide(committee, "2020-12-03", lines(ids, "regional", projects2020)...)
	equip := line("Équiper 500 retraités et les accompagner 6 heures", "regional", "accompaniment", equip500)
	equip.TargetPeople = ptr(500)
	t.decide(committee, "2020-12-03", equip)
	t.decide(committee, "2020-12-03", line("Équiper 11 structures, relais des webinaires", "regional", "equipment", relays11))
}

// centres: the social centres in 2021, of which seven ask for tablets: six up to the cap, and one for eight.
func (t *telling) centres() {
	call := t.call(client.NewCall{Name: "Centres sociaux 2021", Opens: "2021-01-04", Closes: "2021-03-31", Sources: []string{"regional"}})
	committee := t.committee("2021-05-06", agenda("decision", "Appel à projets des centres sociaux")...)
	decision := t.decide(committee, "2021-05-06",
		line("Actions collectives de prévention", "regional", "action", actions2021), line("Achat de matériel", "regional", "equipment", tablets2021))
	for n := range 13 {
		structure, tablets := t.structure(fmt.Sprintf("Centre social Exemple n° %d", n+1), "FCSF"), 9
		if n == 6 {
			tablets = 8
		}
		if n < 7 && t.err == nil {
			_, t.err = t.as.SubsidiseTabletsWithResponse(t.ctx, client.NewSubsidy{Call: call, Structure: structure, Tablets: tablets, Decision: decision}, t.key())
		}
	}
}

// everyYear: Cap Prévention Seniors, a call of each year since 2019. Published are the sums of the three years together: more than 150
// projects for 128 structures and more than 3,000 people; how they share them, and when it was decided, is invented.
func (t *telling) everyYear() {
	var structures []string
	for n := range structuresCap {
		structures = append(structures, t.structure(fmt.Sprintf("Association Exemple n° %d", n+1)))
	}
	done := 0
	for i, year := range []string{"2019", "2020", "2021"} {
		n := share(projectsCap, 3, i)
		call := t.call(client.NewCall{
			Name: "Cap Prévention Seniors " + year, Opens: year + "-01-02", Closes: year + "-12-31", Sources: []string{"ars", "inter_scheme"}, TargetPeople: ptr(share(peopleCap, 3, i)),
		})
		var ids []string
		for k := range n {
			ids = append(ids, t.propose(call, structures[(done+k)%structuresCap], k, n, share(peopleCap, 3, i), share(capPrevention, 3, i)))
		}
		done += n
		t.decide("", year+"-12-31", lines(ids, "ars_inter_scheme", share(capPrevention, 3, i))...)
	}
}

// toCome: what is on an agenda and no decision.
func (t *telling) toCome() {
	t.committee("2021-11-21", agenda("presentation", "11 nouveaux relais des offres de prévention à distance")...)
}
