package projections

import (
	"context"
	"encoding/json"
	"fmt"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// everyProvider puts those of the demonstration, of which nothing more is known, beside the registered ones.
const everyProvider = `(
  select id, name, fund, department, null as insee, null as street, null as subject, null::bytea as box, null as fact,
    '[]'::jsonb as abilities, '[]'::jsonb as labels, '{}'::text[] as networks, false as relay
  from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as named(id, name, fund, department)
  where not exists (select from model.provider r where r.id = named.id)
  union all select id, name, fund, department, insee, street, subject, box, fact, abilities, labels, networks, relay from model.provider where not closed) p`

// allProviders is the statement of a page of the list.
func (s *Service) allProviders(asked rest.ListProvidersParams, after providerPlace, limit int) (statement string, args []any) {
	var ids, names, funds, departments []string
	for _, p := range s.Directory().Providers() {
		ids, names, funds, departments = append(ids, p.ID), append(names, p.Name), append(funds, p.Fund), append(departments, p.Department)
	}
	f := &filter{}
	from := f.put(everyProvider, ids, names, funds, departments)
	f.same("p.department", asked.Department)
	f.able(asked)
	f.labelled(asked.Label, asked.LabelVersion, reference.Day(s.Clock.Now()))
	f.and("(p.name, p.id) > (?, ?)", after.Name, after.ID)
	return `select ` + providerColumns + ` from ` + from + ` where ` + f.String() + ` order by p.name, p.id limit ` + f.arg(limit), f.args
}

// able adds what providers can do. Who is able in general is able in every family of skills.
func (f *filter) able(asked rest.ListProvidersParams) {
	if asked.Network != nil {
		f.and("exists (select from unnest(p.networks) tag where lower(tag) = lower(?))", *asked.Network)
	}
	if asked.Ability != nil || asked.Skill != nil {
		f.and(`exists (select from jsonb_array_elements(p.abilities) a
  where a->>'kind' = coalesce(?, a->>'kind') and coalesce(a->>'skill', ?::text, '') = coalesce(?, a->>'skill', ''))`, asked.Ability, asked.Skill, asked.Skill)
	}
	if asked.Relay != nil {
		f.and("p.relay = ?", *asked.Relay)
	}
}

// labelled adds a label that holds on a day.
func (f *filter) labelled(label, version *string, today string) {
	if label == nil && version == nil {
		return
	}
	f.and(`exists (select from jsonb_array_elements(p.labels) l where l->>'label' = coalesce(?, l->>'label') and l->>'version' = coalesce(?, l->>'version')
  and l->>'from' <= ?::text and coalesce(nullif(l->>'to', ''), '9999') >= ?::text)`, label, version, today, today)
}

// providerLines opens the contacts of a page. Their keys come in one query.
func (s *Service) providerLines(ctx context.Context, rows []providerRow) ([]rest.ListedProvider, error) {
	lines, subjects := make([]rest.ListedProvider, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		subjects[i] = the(r.Subject)
	}
	if err := s.Vault.Prefetch(ctx, subjects); err != nil {
		return nil, engine.Away(err)
	}
	for i, r := range rows {
		details := events.Shut[events.ProviderContact](the(r.Subject), r.Box)
		if err := s.Vault.Unseal(ctx, "provider:"+r.ID, the(r.Fact), &details); err != nil {
			return nil, err
		}
		contact, _ := details.Value()
		lines[i] = rest.ListedProvider{
			ID: r.ID, Name: r.Name, Fund: r.Fund, Department: r.Department, Insee: r.Insee, Street: r.Street, Phone: known(contact.Phone), ContactEmail: known(contact.Email),
			Networks: listOf(r.Networks), Relay: r.Relay, Abilities: []rest.Ability{}, Labels: []rest.ProviderLabel{},
		}
		if err := can(&lines[i], r); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// can reads what a provider is able to do and the labels it had.
func can(line *rest.ListedProvider, r providerRow) error {
	var abilities []events.Ability
	var labels []events.ProviderLabelled
	if err := json.Unmarshal(r.Abilities, &abilities); err != nil {
		return fmt.Errorf("abilities of provider %s: %w", r.ID, err)
	}
	if err := json.Unmarshal(r.Labels, &labels); err != nil {
		return fmt.Errorf("labels of provider %s: %w", r.ID, err)
	}
	for _, a := range abilities {
		line.Abilities = append(line.Abilities, rest.Ability{Kind: a.Kind, Skill: known(a.Skill), Since: known(a.Since)})
	}
	for _, l := range labels {
		line.Labels = append(line.Labels, rest.ProviderLabel{Label: l.Label, Version: l.Version, From: l.From, To: known(l.To)})
	}
	return nil
}
