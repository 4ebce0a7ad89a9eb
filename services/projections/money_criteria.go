package projections

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// The label of which the criteria are, where nobody says another.
const (
	ownLabel   = "autonomie_numerique"
	ownVersion = "2019"
)

const criteriaCaveat = "Ne juge que ce qui a été noté des séances qui citent le projet."

var errNoLabel = refusal.Faults{{Field: "label", Code: "unknown_label", Detail: "There is no such version of a label. Look at the code lists.", Of: "version"}}

// GetProjectCriteria judges a project by the criteria of a label.
func (s *Service) GetProjectCriteria(ctx context.Context, r rest.GetProjectCriteriaRequestObject) (rest.GetProjectCriteriaResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadProject)
	if err != nil {
		return nil, err
	}
	label, ok := reference.Label(cmp.Or(the(r.Params.Label), ownLabel), cmp.Or(the(r.Params.Version), ownVersion))
	if !ok {
		return nil, errNoLabel
	}
	p, funding, err := s.moneyProject(ctx, a, r.ID)
	if err != nil {
		return nil, err
	}
	tallies, at, err := s.brought(ctx, a, []moneyProject{p})
	if err != nil {
		return nil, err
	}
	answer := rest.ProjectCriteria{
		Project: p.ID, Structure: p.StructureID, Name: p.Name, Label: label.Label, Version: label.Version, Sessions: len(tallies[p.ID].sessions),
		Criteria: judged(label, tallies[p.ID]), Positions: moneyPositions(at, funding), Caveat: criteriaCaveat,
	}
	for _, c := range answer.Criteria {
		answer.Met += oneIf(c.Met)
	}
	if answer.Held, err = s.labelled(ctx, p.StructureID, label); err != nil {
		return nil, err
	}
	if the(r.Params.Format) != "csv" {
		return rest.GetProjectCriteria200JSONResponse(answer), nil
	}
	file, err := criteriaFile(answer)
	return rest.GetProjectCriteria200TextCsvResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file))}, err
}

// labelled says whether a structure has a version of a label today.
func (s *Service) labelled(ctx context.Context, structure string, label reference.LabelVersion) (bool, error) {
	rows, err := all[struct{ Labels []byte }](ctx, s, `select labels from model.provider where id = $1`, structure)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	var labels []events.ProviderLabelled
	if err := json.Unmarshal(rows[0].Labels, &labels); err != nil {
		return false, fmt.Errorf("labels of provider %s: %w", structure, err)
	}
	today := reference.Day(s.Clock.Now())
	return slices.ContainsFunc(labels, func(l events.ProviderLabelled) bool {
		return l.Label == label.Label && l.Version == label.Version && l.From <= today && (l.To == "" || today <= l.To)
	}), nil
}

// judged asks of each criterion what was noted. One that is in the list and not known here is not met.
func judged(label reference.LabelVersion, t *projectTally) (list []rest.ProjectCriterion) {
	judges := map[string]func(*projectTally) rest.ProjectCriterion{
		"content": (*projectTally).content, "objective": (*projectTally).objective,
		"evaluation": func(t *projectTally) rest.ProjectCriterion { return t.papers("evaluation", true) },
		"impact":     func(t *projectTally) rest.ProjectCriterion { return t.papers("impact_sheet", true) },
	}
	for _, criterion := range label.Criteria {
		one := rest.ProjectCriterion{}
		if judge, ok := judges[criterion.Code]; ok {
			one = judge(t)
		}
		one.Code, one.Title = criterion.Code, criterion.Label
		one.Met = one.Of > 0 && one.N == one.Of
		if criterion.Code == "objective" {
			one.Met = one.Of > 0 && one.N*100 >= outcomeTarget*one.Of
		}
		if one.Missing == nil {
			one.Missing = []string{}
		}
		list = append(list, one)
	}
	return list
}

// content: all families of skills, and a plan for each session.
func (t *projectTally) content() rest.ProjectCriterion {
	plans := t.papers("content_plan", false)
	if plans.Of == 0 {
		return plans
	}
	covered, families := map[string]bool{}, map[string]bool{}
	for _, s := range t.sessions {
		for _, skill := range s.Skills {
			covered[cmp.Or(reference.FamilyOf(skill), skill)] = true
		}
	}
	for _, item := range reference.SkillItems() {
		families[item.Family] = true
	}
	one := rest.ProjectCriterion{N: plans.N, Of: plans.Of + len(families), Missing: plans.Missing}
	for _, family := range slices.Sorted(maps.Keys(families)) {
		if covered[family] {
			one.N++
		} else {
			one.Missing = append(one.Missing, family)
		}
	}
	return one
}

// papers counts the sessions that have a paper: those that are over, or all.
func (t *projectTally) papers(kind string, ended bool) (one rest.ProjectCriterion) {
	for _, s := range t.sessions {
		switch {
		case ended && !s.Ended:
		case slices.Contains(s.Papers, kind):
			one.Of++
			one.N++
		default:
			one.Of++
			one.Missing = append(one.Missing, s.Title)
		}
	}
	return one
}

// objective: of those who finished, who has all three facts.
func (t *projectTally) objective() rest.ProjectCriterion {
	return rest.ProjectCriterion{N: t.line.Objective.All, Of: t.line.Objective.Finished}
}

// criteriaFile is a line for each criterion.
func criteriaFile(p rest.ProjectCriteria) ([]byte, error) {
	var file bytes.Buffer
	table := csv.NewWriter(&file)
	table.Comma, table.UseCRLF = ';', true
	lines := [][]string{{"projet", "label", "version", "critere", "intitule", "rempli", "nombre", "sur", "manque"}}
	for _, c := range p.Criteria {
		met := map[bool]string{true: "oui", false: "non"}[c.Met]
		lines = append(lines, []string{p.Name, p.Label, p.Version, c.Code, c.Title, met, strconv.Itoa(c.N), strconv.Itoa(c.Of), strings.Join(c.Missing, ", ")})
	}
	for _, line := range lines {
		for i := range line {
			line[i] = imports.Cell(line[i])
		}
	}
	err := table.WriteAll(lines)
	return file.Bytes(), err
}
